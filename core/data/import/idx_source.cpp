#include "core/data/import/idx_source.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/data/import/array_dataset.h"
#include "core/data/import/emnist.h"
#include "core/data/import/idx_sets.h"
#include "core/data/import/name_words.h"
#include "core/data/import/sentences.h"
#include "core/data/sources/mnist.h"
#include "core/formats/idx.h"

namespace hourglass {
namespace {

std::string file_name(const ImportRequest& request, std::size_t file) {
  return file_name_of(request.files.entries()[file].path);
}

// The set that data.array names, or the only one.
const IdxSet& chosen_set(const ImportRequest& request, const IdxSets& found) {
  const std::string& wanted = request.options.array;
  if (request.options.whole && found.sets.size() == 1) return found.sets[0];
  std::string names;
  for (const IdxSet& set : found.sets) {
    const std::string name = file_name(request, set.train.images);
    if (wanted == set.name || wanted == name || wanted + ".gz" == name) return set;
    names += (names.empty() ? "'" : ", '") + set.name + "'";
  }
  if (wanted == "auto" && found.sets.size() == 1) return found.sets[0];
  if (wanted == "auto") throw Refusal(sentence("idx.several", {request.files.name(), names}));
  throw Refusal(sentence("idx.no_set", {request.files.name(), names, wanted}));
}

ArrayPart read_pair(const ImportRequest& request, const IdxPair& pair) {
  ArrayPart part;
  part.name = request.files.title(pair.images);
  part.samples = read_idx(request.content(pair.images), part.name);
  if (part.samples.shape.size() < 2 && !request.options.whole) {
    throw Refusal(sentence("idx.one_dimension", {part.name}));
  }
  if (pair.labels && request.options.label != "none" && !request.options.whole) {
    part.labels_name = request.files.title(*pair.labels);
    part.labels = read_idx(request.content(*pair.labels), part.labels_name);
  }
  return part;
}

// A file of the classes' names beside the set: the one with its words, or the only one.
ClassNames names_beside(const ImportRequest& request, const IdxSet& set) {
  std::vector<std::size_t> files;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (request.kinds[i] != FileKind::kText) continue;
    const auto words = words_of_name(request.files.entries()[i].path);
    if (std::ranges::find(words, "mapping") == words.end()) continue;
    const bool has_all = std::ranges::all_of(set.words, [&](const std::string& word) {
      return std::ranges::find(words, word) != words.end();
    });
    if (has_all) {
      files.insert(files.begin(), i);
    } else {
      files.push_back(i);
    }
  }
  if (files.empty()) return {};
  return class_names_of_mapping(request.content(files[0]));
}

// What EMNIST has of its own, if it is that.
void treat_as_emnist(const ImportRequest& request, const IdxSet& found, ArraySet& set,
                     std::vector<Sentence>& notes) {
  const bool is_called_so =
      std::ranges::any_of(words_of_name(request.files.entries()[found.train.images].path),
                          [](const std::string& word) { return word == "emnist"; });
  // Floats are what this program has written, upright.
  const auto& trained = request.options.trained;
  const bool was_trained_so =
      trained && trained->reading.is_transposed && set.train.samples.is_bytes;
  if (!is_called_so && !was_trained_so &&
      !(set.train.labels && looks_like_emnist(set.train.samples, *set.train.labels))) {
    return;
  }
  set.is_transposed = true;
  if (set.train.labels) {
    set.class_names = names_beside(request, found);
    if (set.class_names.empty()) {
      set.class_names = emnist_class_names(found.words, *set.train.labels);
    }
  }
  if (request.options.transpose != Guess::kNo) {
    notes.push_back(sentence(is_called_so     ? "idx.emnist"
                             : was_trained_so ? "idx.emnist_trained"
                                              : "idx.emnist_guessed",
                             {set.train.name}));
  }
}

void say_left_out(const ImportRequest& request, const IdxSets& found, const IdxSet& chosen,
                  ImportReport& report) {
  std::string names;
  for (const std::size_t file : found.left_out) {
    names += (names.empty() ? "'" : ", '") + file_name(request, file) + "'";
  }
  for (const IdxSet& set : found.sets) {
    report.arrays.push_back(set.name);
    if (&set == &chosen) continue;
    names += (names.empty() ? "'" : ", '") + set.name + "'";
  }
  if (!names.empty()) report.notes.push_back(sentence("files.left_out", {names}));
  report.left_out += std::ssize(found.left_out);
}

}  // namespace

bool takes_idx(const ImportRequest& request) { return request.count(FileKind::kIdx) > 0; }

Imported import_idx(const ImportRequest& request) {
  const IdxSets found = find_idx_sets(request);
  const IdxSet& chosen = chosen_set(request, found);
  const std::string& label = request.options.label;
  if (label != "auto" && label != "none" && !request.options.whole) {
    throw Refusal(sentence("idx.bad_label", {label, request.files.name()}));
  }
  Imported result;
  result.report.kind = "IDX";
  say_left_out(request, found, chosen, result.report);
  ArraySet set;
  set.train = read_pair(request, chosen.train);
  if (chosen.test) set.test = read_pair(request, *chosen.test);
  set.labels_from = sentence(chosen.test ? "labels.files" : "labels.file");
  treat_as_emnist(request, chosen, set, result.report.notes);
  const std::vector<std::string> known = known_class_names(request.set);
  for (std::size_t i = 0; i < known.size() && set.class_names.size() <= i; ++i) {
    set.class_names.emplace(static_cast<std::int64_t>(i), known[i]);
  }
  dataset_from_arrays(std::move(set), request, result);
  return result;
}

}  // namespace hourglass
