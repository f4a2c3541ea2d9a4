// How the images of a person's own lie in folders: which are trained on and which are held out, and
// what their classes are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/import_options.h"

namespace hourglass {

// One image: its place among the files, and its path below what was given.
struct ImagePath {
  std::size_t file = 0;
  std::string_view path;
};

struct ImageLayout {
  struct Place {
    std::size_t file = 0;
    std::string class_name;  // "" without classes
  };
  // In the order of their paths, files before folders; `test` is empty if no folder says which
  // images are held out.
  std::vector<Place> train, test;
  bool has_classes = false;
  Sentence split_by;  // "as the folders train and test have it"; "" without `test`
  std::int64_t left_out = 0;
  std::vector<Sentence> notes;  // sentences: what was left out, and what could be said instead
};

// Folders that are called train (or training) beside test (testing) or val (valid, validation) are
// the split, also as words of a longer name; what lies beside them is left out. Below that, the
// first folder is the class of an image; a folder that holds all the others is looked through.
// `label`, the setting data.label, is "auto" or "first", "last" (the innermost folder is the class)
// or "none". `name` is what messages call the whole. Throws Error if images lie beside folders of
// classes, unless they are few, or if `label` is another word.
ImageLayout image_layout(std::vector<ImagePath> images, const std::string& name,
                         const std::string& label);

// "'a', 'b', 'c' and 7 more".
Sentence some_of(const std::vector<std::string>& names);

}  // namespace hourglass
