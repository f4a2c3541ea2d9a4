#include "core/data/import/image_layout.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

ImageLayout layout(const std::vector<std::string>& paths, const std::string& label = "auto") {
  std::vector<ImagePath> images;
  for (std::size_t i = 0; i < paths.size(); ++i) images.push_back({i, paths[i]});
  return image_layout(std::move(images), "set", label);
}

// "file:class file:class".
std::string text_of(const std::vector<ImageLayout::Place>& places) {
  std::string text;
  for (const auto& place : places) {
    text += (text.empty() ? "" : " ") + std::to_string(place.file) + ":" + place.class_name;
  }
  return text;
}

bool has_note(const ImageLayout& layout, const std::string& part) {
  return std::ranges::any_of(layout.notes,
                             [&](const std::string& note) { return contains(note, part); });
}

TEST_CASE("image layout: files before folders, each by name, as a listing of the disk has it") {
  CHECK(text_of(layout({"b/2.png", "a-1/1.png", "a/10.png", "a/9.png"}).train) ==
        "2:a 3:a 1:a-1 0:b");
  CHECK(text_of(layout({"2.png", "10.png", "1.png"}).train) == "2: 1: 0:");
}

TEST_CASE("image layout: the usual names of splits, and what becomes of a third part") {
  const ImageLayout mnist = layout({"training/0/a.png", "training/1/b.png", "testing/0/c.png"});
  CHECK(text_of(mnist.train) == "0:0 1:1");
  CHECK(text_of(mnist.test) == "2:0");
  CHECK(mnist.split_by == "as the folders training and testing have it");
  CHECK(mnist.notes.empty());

  const ImageLayout valid = layout({"Train/0/a.png", "valid/0/c.png"});
  CHECK(text_of(valid.test) == "1:0");
  CHECK(valid.split_by == "as the folders Train and valid have it");

  const ImageLayout three =
      layout({"train/0/a.png", "test/0/b.png", "validation/0/c.png", "validation/1/d.png"});
  CHECK(text_of(three.train) == "0:0");
  CHECK(text_of(three.test) == "1:0");
  CHECK(three.left_out == 2);
  CHECK(has_note(three, "2 images in 'validation' are left out: 'test' is what is held out"));

  const ImageLayout words =
      layout({"x/seg_train/seg_train/sea/1.png", "x/seg_train/seg_train/ice/1.png",
              "x/seg_test/seg_test/sea/2.png", "x/seg_pred/3.png", "x/cover.png"});
  CHECK(text_of(words.train) == "1:ice 0:sea");
  CHECK(text_of(words.test) == "2:sea");
  CHECK(words.left_out == 2);
  CHECK(has_note(words, "2 images in 'seg_pred' are left out: they lie beside"));
}

TEST_CASE("image layout: a test folder without classes is understood") {
  const std::vector<std::string> paths = {"train/0/a.png", "train/1/b.png", "test/c.png"};
  const ImageLayout kaggle = layout(paths);
  CHECK(text_of(kaggle.train) == "0:0 1:1");
  CHECK(kaggle.test.empty());
  CHECK(kaggle.split_by.text.empty());
  CHECK(kaggle.left_out == 1);
  CHECK(has_note(kaggle, "1 image in 'test' is left out: they have no classes"));
  const ImageLayout none = layout(paths, "none");
  CHECK(text_of(none.train) == "0: 1:");
  CHECK(text_of(none.test) == "2:");
  CHECK(none.left_out == 0);
  // With a validation folder that has them, that one is held out.
  const ImageLayout both = layout({"train/0/a.png", "test/c.png", "val/0/d.png"});
  CHECK(text_of(both.test) == "2:0");
  CHECK(both.split_by == "as the folders train and val have it");
  // The other way round there are no classes at all.
  const ImageLayout reverse = layout({"train/a.png", "test/0/b.png"});
  CHECK_FALSE(reverse.has_classes);
  CHECK(text_of(reverse.test) == "1:");
  CHECK(has_note(reverse, "are no classes"));
}

TEST_CASE("image layout: a class that is called train is one; a lone split is looked through") {
  CHECK(text_of(layout({"bus/1.png", "car/2.png", "train/3.png"}).train) == "0:bus 1:car 2:train");
  CHECK(text_of(layout({"train/a/1.png", "train/b/2.png"}).train) == "0:a 1:b");
  CHECK(text_of(layout({"set/inner/a/1.png", "set/inner/b/2.png"}).train) == "0:a 1:b");
  CHECK(text_of(layout({"only/1.png", "only/2.png"}).train) == "0:only 1:only");
}

TEST_CASE("image layout: deeper folders, and images beside folders") {
  const std::vector<std::string> deep = {"latin/a/1.png", "latin/b/2.png", "greek/a/3.png"};
  CHECK(text_of(layout(deep).train) == "2:greek 0:latin 1:latin");
  CHECK(has_note(layout(deep), "data.label=last"));
  CHECK(text_of(layout(deep, "last").train) == "2:a 0:a 1:b");
  CHECK(text_of(layout(deep, "none").train) == "2: 0: 1:");
  std::vector<std::string> many = {"overview.png"};
  for (int i = 0; i < 20; ++i) many.push_back("a/" + std::to_string(i) + ".png");
  const ImageLayout one_beside = layout(many);
  CHECK(one_beside.train.size() == 20);
  CHECK(one_beside.left_out == 1);
  CHECK(has_note(one_beside, "'overview.png'"));
  CHECK(contains(error_of([] { layout({"1.png", "a/2.png"}); }),
                 "images in itself and in its subfolder 'a'"));
  CHECK(contains(error_of([] { layout({"1.png"}, "kind"); }), "auto or first"));
}

TEST_CASE("image layout: names in a sentence") {
  CHECK(some_of({"a"}) == "'a'");
  CHECK(some_of({"a", "b"}) == "'a' and 'b'");
  CHECK(some_of({"a", "b", "c"}) == "'a', 'b' and 'c'");
  CHECK(some_of({"a", "b", "c", "d", "e"}) == "'a', 'b', 'c' and 2 more");
}

}  // namespace
}  // namespace hourglass
