#include "core/data/import/image_layout.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/data/import/sentences.h"

namespace hourglass {
namespace {

using Images = std::vector<ImagePath>;

std::ptrdiff_t folders_above(std::string_view path) { return std::ranges::count(path, '/'); }

std::string_view first_folder(std::string_view path) { return path.substr(0, path.find('/')); }

std::string_view innermost_folder(std::string_view path) {
  path = path.substr(0, path.rfind('/'));
  return path.substr(path.rfind('/') + 1);
}

// Files of a folder before its subfolders, each by their names, as a listing of the disk has it.
bool comes_before(const ImagePath& a, const ImagePath& b) {
  std::string_view x = a.path, y = b.path;
  while (true) {
    const std::size_t i = x.find('/'), j = y.find('/');
    const bool x_is_file = i == std::string_view::npos, y_is_file = j == std::string_view::npos;
    if (x_is_file != y_is_file) return x_is_file;
    if (const auto order = x.substr(0, i) <=> y.substr(0, j); order != 0) return order < 0;
    if (x_is_file) return false;
    x.remove_prefix(i + 1);
    y.remove_prefix(j + 1);
  }
}

void remove_first_folder(Images& images) {
  for (ImagePath& image : images) {
    image.path.remove_prefix(first_folder(image.path).size() + 1);
  }
}

// Takes a folder off that holds all images, as long as there are folders below it.
void look_through_common_folder(Images& images) {
  const auto is_in_first = [&](const ImagePath& image) {
    return folders_above(image.path) >= 1 &&
           first_folder(image.path) == first_folder(images[0].path);
  };
  const auto is_deeper = [](const ImagePath& image) { return folders_above(image.path) >= 2; };
  while (std::ranges::any_of(images, is_deeper) && std::ranges::all_of(images, is_in_first)) {
    remove_first_folder(images);
  }
}

enum class Role { kNone, kTrain, kTest, kValidation };

Role role_of_word(const std::string& word) {
  static constexpr std::pair<std::string_view, Role> kWords[] = {
      {"train", Role::kTrain},    {"training", Role::kTrain},       {"test", Role::kTest},
      {"testing", Role::kTest},   {"val", Role::kValidation},       {"valid", Role::kValidation},
      {"dev", Role::kValidation}, {"validation", Role::kValidation}};
  const auto found = std::ranges::find(kWords, word, &std::pair<std::string_view, Role>::first);
  return found == std::end(kWords) ? Role::kNone : found->second;
}

// What a folder's name says: all of it, or one of its words ("seg_train", "Test Set").
Role role_of(std::string_view name, bool by_words) {
  std::string word;
  for (std::size_t i = 0; i <= name.size(); ++i) {
    const char c = i < name.size() ? name[i] : ' ';
    const bool ends = by_words ? !std::isalpha(static_cast<unsigned char>(c)) : i == name.size();
    if (!ends) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (const Role role = role_of_word(word); role != Role::kNone) {
      return role;
    } else {
      word.clear();
    }
  }
  return Role::kNone;
}

// The images of each role, and the names of its folders.
struct Part {
  Images images;
  std::vector<std::string> folders;
  std::vector<std::string> classes;  // one an image; empty without classes
};

using Parts = std::array<Part, 4>;

// The parts of a split; nothing if the folders are none.
std::optional<Parts> split_parts(const Images& images, bool by_words) {
  Parts parts;
  std::map<std::string_view, Images> folders;
  for (const ImagePath& image : images) {
    if (folders_above(image.path) == 0) {
      parts[0].images.push_back(image);
    } else {
      folders[first_folder(image.path)].push_back(image);
    }
  }
  for (auto& [name, inside] : folders) {
    Part& part = parts[static_cast<std::size_t>(role_of(name, by_words))];
    part.folders.emplace_back(name);
    if (&part != &parts[0]) {
      remove_first_folder(inside);
      look_through_common_folder(inside);
    }
    part.images.insert(part.images.end(), inside.begin(), inside.end());
  }
  const auto has = [&](Role role) { return !parts[static_cast<std::size_t>(role)].images.empty(); };
  if (!has(Role::kTrain) || (!has(Role::kTest) && !has(Role::kValidation))) return std::nullopt;
  return parts;
}

Sentence joined_names(const std::vector<std::string>& names) {
  Sentence joined;
  for (const std::string& name : names) {
    joined = joined.text.empty() ? Sentence(name) : sentence("list.and", {joined, name});
  }
  return joined;
}

void leave_out(const Part& part, const Sentence& why, ImageLayout& layout) {
  if (part.images.empty()) return;
  layout.left_out += std::ssize(part.images);
  const std::size_t count = part.images.size();
  layout.notes.push_back(part.folders.empty()
                             ? sentence("images.left_out", {count, why})
                             : sentence("images.left_out_of", {count, some_of(part.folders), why}));
}

// The classes of a part's images by their folders. `folder` is what messages call the part.
void find_classes(Part& part, const std::string& folder, const std::string& label,
                  ImageLayout& layout) {
  if (label == "none") return;
  Images beside, inside;
  for (const ImagePath& image : part.images) {
    (folders_above(image.path) == 0 ? beside : inside).push_back(image);
  }
  if (inside.empty()) return;
  constexpr std::size_t kFew = 10;  // one in so many is no reason to refuse all
  if (beside.size() * kFew > part.images.size()) {
    throw Refusal(
        sentence("images.mixed_folder", {folder, std::string(first_folder(inside[0].path))}));
  }
  if (!beside.empty()) {
    layout.left_out += std::ssize(beside);
    layout.notes.push_back(
        sentence("images.beside_classes", {beside.size(), folder, std::string(beside[0].path)}));
  }
  part.images = std::move(inside);
  bool is_deep = false;
  for (const ImagePath& image : part.images) {
    is_deep = is_deep || folders_above(image.path) > 1;
    part.classes.emplace_back(label == "last" ? innermost_folder(image.path)
                                              : first_folder(image.path));
  }
  if (is_deep && label != "last") {
    const Sentence note = sentence("images.deep");
    if (std::ranges::find(layout.notes, note) == layout.notes.end()) layout.notes.push_back(note);
  }
}

std::vector<ImageLayout::Place> places_of(const Part& part) {
  std::vector<ImageLayout::Place> places;
  places.reserve(part.images.size());
  for (std::size_t i = 0; i < part.images.size(); ++i) {
    places.push_back({part.images[i].file, part.classes.empty() ? "" : part.classes[i]});
  }
  return places;
}

// Which of the two other parts is held out beside `train`: the one of the test if it has classes
// where the training images have them. The others, and what has no role, are left out.
void use_split(Parts& parts, const std::string& name, const std::string& label,
               ImageLayout& layout) {
  auto& [none, train, test, validation] = parts;
  for (Part* part : {&train, &test, &validation}) {
    find_classes(*part, name + (part->folders.empty() ? "" : "/" + part->folders[0]), label,
                 layout);
  }
  layout.has_classes = !train.classes.empty();
  const auto fits = [&](const Part& part) {
    return !part.images.empty() && (!layout.has_classes || !part.classes.empty());
  };
  const Part* held_out = fits(test) ? &test : fits(validation) ? &validation : nullptr;
  leave_out(none,
            sentence("images.why_beside",
                     {joined_names(train.folders),
                      joined_names((test.images.empty() ? validation : test).folders)}),
            layout);
  for (const Part* part : {&test, &validation}) {
    if (part == held_out || part->images.empty()) continue;
    leave_out(*part,
              fits(*part) ? sentence("images.why_held_out", {some_of(held_out->folders)})
                          : sentence("images.why_no_classes", {some_of(train.folders)}),
              layout);
  }
  if (!layout.has_classes && held_out && !held_out->classes.empty()) {
    layout.notes.push_back(sentence("images.folders_no_classes", {some_of(held_out->folders)}));
  }
  layout.train = places_of(train);
  if (!held_out) return;
  layout.test = places_of(*held_out);
  if (!layout.has_classes) {
    for (ImageLayout::Place& place : layout.test) place.class_name.clear();
  }
  layout.split_by =
      sentence("split.folders", {joined_names(train.folders), joined_names(held_out->folders)});
}

}  // namespace

Sentence some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i) {
    const bool is_last = i > 0 && i + 1 == names.size();
    text += (i == 0 ? "'" : is_last ? " and '" : ", '") + names[i] + "'";
  }
  if (names.size() <= kNamed) return text;
  return sentence("list.more", {text, names.size() - kNamed});
}

ImageLayout image_layout(std::vector<ImagePath> images, const std::string& name,
                         const std::string& label) {
  if (label != "auto" && label != "first" && label != "last" && label != "none") {
    throw Refusal(sentence("images.bad_label", {label}));
  }
  ImageLayout layout;
  if (!std::ranges::is_sorted(images, comes_before)) std::ranges::sort(images, comes_before);
  look_through_common_folder(images);
  for (const bool by_words : {false, true}) {
    if (auto parts = split_parts(images, by_words)) {
      use_split(*parts, name, label, layout);
      return layout;
    }
  }
  Part all{std::move(images), {}, {}};
  find_classes(all, name, label, layout);
  layout.has_classes = !all.classes.empty();
  layout.train = places_of(all);
  return layout;
}

}  // namespace hourglass
