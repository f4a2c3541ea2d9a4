#include "core/data/import/mat_source.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/data/import/array_choice.h"
#include "core/data/import/array_dataset.h"
#include "core/data/import/emnist.h"
#include "core/data/import/sentences.h"
#include "core/formats/mat.h"

namespace hourglass {
namespace {

// Labels as MATLAB has them, one a row: rows and columns of two dimensions are exchanged.
void turn_labels(NumericArray& array) {
  if (array.shape.size() != 2) return;
  const auto outer = static_cast<std::size_t>(array.shape[0]);
  const auto inner = static_cast<std::size_t>(array.shape[1]);
  const auto turned = [&](const auto& from) {
    auto to = from;
    if (from.empty()) return to;
    for (std::size_t i = 0; i < outer; ++i) {
      for (std::size_t j = 0; j < inner; ++j) to[j * outer + i] = from[i * inner + j];
    }
    return to;
  };
  array.bytes = turned(array.bytes);
  array.values = turned(array.values);
  std::swap(array.shape[0], array.shape[1]);
}

std::string stem_of(const std::string& path) {
  const std::string name = file_name_of(path);
  return name.substr(0, name.rfind('.'));
}

ArrayPart part_of(const ImportRequest& request, const ArrayPair& pair,
                  std::vector<MatArray>& arrays) {
  const std::string where = request.files.name() + ": ";
  ArrayPart part;
  part.name = where + pair.samples.name;
  part.samples = std::move(arrays[pair.samples.place]);
  if (pair.labels) {
    part.labels_name = where + pair.labels->name;
    part.labels = std::move(arrays[pair.labels->place]);
    turn_labels(*part.labels);
  }
  return part;
}

}  // namespace

bool takes_mat(const ImportRequest& request) { return request.count(FileKind::kMat5) > 0; }

Imported import_mat(const ImportRequest& request) {
  Imported result;
  ImportReport& report = result.report;
  report.kind = "MAT";
  std::vector<MatArray> arrays;
  std::vector<std::string> left_out;
  const bool are_several = request.count(FileKind::kMat5) > 1;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (request.kinds[i] != FileKind::kMat5) continue;
    MatFile file = read_mat(request.content(i), request.files.title(i));
    // Arrays of several files are told apart by the files' names, which may say the split, too.
    const std::string prefix = are_several ? stem_of(request.files.entries()[i].path) + "." : "";
    for (MatArray& array : file.arrays) {
      array.name = prefix + array.name;
      arrays.push_back(std::move(array));
    }
    left_out.insert(left_out.end(), file.left_out.begin(), file.left_out.end());
  }
  if (arrays.empty()) {
    std::string names;
    for (const std::string& each : left_out) names += (names.empty() ? "" : ", ") + each;
    if (names.empty()) throw Refusal(sentence("array.none", {request.files.name()}));
    throw Refusal(sentence("array.none_but", {request.files.name(), names}));
  }
  std::vector<NamedArray> named;
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const auto& shape = arrays[i].shape;
    named.push_back({.place = i,
                     .name = arrays[i].name,
                     .shape = {shape.rbegin(), shape.rend()},
                     .is_whole = true});
    report.arrays.push_back(arrays[i].name);
  }
  const ArrayChoice choice =
      choose_arrays(named, request.files.name(), request.options, report.notes);
  for (const std::string& name : choice.left_out) left_out.push_back("'" + name + "'");
  if (!left_out.empty()) {
    std::string names;
    for (const std::string& each : left_out) names += (names.empty() ? "" : ", ") + each;
    report.notes.push_back(sentence("array.left_out", {names}));
    report.left_out += std::ssize(left_out);
  }

  ArraySet set;
  set.is_column_major = true;
  set.train = part_of(request, choice.train, arrays);
  if (choice.test) set.test = part_of(request, *choice.test, arrays);
  for (const ArrayPair* pair : {&choice.train, choice.test ? &*choice.test : nullptr}) {
    if (!pair || !pair->labels) continue;
    const Sentence from("'" + pair->labels->name + "'");
    set.labels_from =
        set.labels_from.text.empty() ? from : sentence("list.and", {set.labels_from, from});
  }
  // EMNIST's rows are images column by column anyway, as MATLAB's are.
  const std::vector<std::string> words = words_of_name(request.files.name());
  if (set.train.labels && std::ranges::find(words, "emnist") != words.end()) {
    set.class_names = emnist_class_names(words, *set.train.labels);
  }
  dataset_from_arrays(std::move(set), request, result);
  return result;
}

}  // namespace hourglass
