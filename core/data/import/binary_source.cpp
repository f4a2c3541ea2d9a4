#include "core/data/import/binary_source.h"

#include <algorithm>
#include <map>
#include <utility>

#include "core/base/error.h"
#include "core/data/import/array_dataset.h"
#include "core/data/import/name_words.h"
#include "core/data/import/sentences.h"
#include "core/formats/gzip.h"

namespace hourglass {
namespace {

constexpr std::uint64_t kCifarPixels = 3 * 32 * 32, kStlPixels = 3 * 96 * 96;

struct BinaryFile {
  std::size_t file = 0;
  std::uint64_t bytes = 0;  // unpacked
  NamedSplit split = NamedSplit::kNone;
  bool is_unlabelled = false;  // STL-10's many images without labels
};

struct BinaryFiles {
  std::vector<BinaryFile> cifar10, cifar100, stl_images, stl_labels;
};

BinaryFile look_at_binary(const ImportRequest& request, std::size_t file) {
  BinaryFile found{.file = file, .bytes = request.files.entries()[file].bytes};
  if (is_gzip(request.files.head(file, 2))) found.bytes = request.content(file).size();
  const auto words = words_of_name(request.files.entries()[file].path);
  found.split = split_of_words(words);
  found.is_unlabelled = std::ranges::find(words, "unlabeled") != words.end() ||
                        std::ranges::find(words, "unlabelled") != words.end();
  return found;
}

BinaryFiles sort_files(const ImportRequest& request) {
  BinaryFiles found;
  std::vector<BinaryFile> others;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (request.kinds[i] != FileKind::kBinaryBatch) continue;
    const BinaryFile file = look_at_binary(request, i);
    if (file.bytes == 0) continue;
    if (file.bytes % kStlPixels == 0) {
      found.stl_images.push_back(file);
    } else if (file.bytes % (kCifarPixels + 1) == 0) {
      found.cifar10.push_back(file);
    } else if (file.bytes % (kCifarPixels + 2) == 0) {
      found.cifar100.push_back(file);
    } else {
      others.push_back(file);
    }
  }
  if (!found.stl_images.empty()) {
    found.stl_labels = others;
    return found;
  }
  if (!others.empty() || (found.cifar10.empty() && found.cifar100.empty())) {
    const BinaryFile file =
        others.empty() ? look_at_binary(request, request.first(FileKind::kBinaryBatch)) : others[0];
    throw Refusal(sentence("binary.bytes", {request.files.title(file.file), file.bytes}));
  }
  return found;
}

ClassNames names_in(const ImportRequest& request, std::string_view file, std::int64_t first) {
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (request.kinds[i] == FileKind::kText &&
        file_name_of(request.files.entries()[i].path) == file) {
      return class_names_of_lines(request.content(i), first);
    }
  }
  return {};
}

// The records of several files, one behind the other: `label_at` is the label's place among the
// `label_bytes` in front of the pixels.
ArrayPart read_records(const ImportRequest& request, const std::vector<BinaryFile>& files,
                       std::size_t label_bytes, std::size_t label_at, std::uint8_t most_label) {
  const std::size_t record = label_bytes + kCifarPixels;
  ArrayPart part;
  part.name = request.files.title(files[0].file);
  part.labels_name = part.name;
  NumericArray& samples = part.samples;
  NumericArray labels;
  samples.is_bytes = labels.is_bytes = true;
  for (const BinaryFile& file : files) {
    const auto bytes = request.content(file.file);
    const std::size_t count = bytes.size() / record;
    samples.bytes.reserve(samples.bytes.size() + count * kCifarPixels);
    for (std::size_t i = 0; i < count; ++i) {
      const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(i * record);
      const std::uint8_t label = at[static_cast<std::ptrdiff_t>(label_at)];
      if (label > most_label) {
        throw Refusal(
            sentence("binary.label", {request.files.title(file.file), label, i + 1, most_label}));
      }
      labels.bytes.push_back(label);
      samples.bytes.insert(samples.bytes.end(), at + static_cast<std::ptrdiff_t>(label_bytes),
                           at + static_cast<std::ptrdiff_t>(record));
    }
  }
  const auto count = static_cast<Index>(labels.bytes.size());
  samples.shape = {count, 3, 32, 32};
  labels.shape = {count};
  if (request.options.label != "none") part.labels = std::move(labels);
  return part;
}

ArraySet read_cifar(const ImportRequest& request, const std::vector<BinaryFile>& files,
                    bool is_hundred, ImportReport& report) {
  const std::string& wanted = request.options.label;
  const bool coarse = is_hundred && wanted == "coarse";
  if (wanted != "auto" && wanted != "none" && !coarse && !(is_hundred && wanted == "fine")) {
    throw Refusal(sentence(
        "binary.bad_label",
        {wanted, request.files.name(), is_hundred ? "auto, fine, coarse, none" : "auto, none"}));
  }
  std::vector<BinaryFile> train, test;
  for (const BinaryFile& file : files) {
    (file.split == NamedSplit::kTest ? test : train).push_back(file);
  }
  if (train.empty()) std::swap(train, test);
  report.kind = is_hundred ? "CIFAR-100" : "CIFAR-10";
  const std::size_t label_bytes = is_hundred ? 2 : 1;
  const std::uint8_t most = !is_hundred ? 9 : coarse ? 19 : 99;
  const std::size_t label_at = is_hundred && !coarse ? 1 : 0;
  ArraySet set;
  set.train = read_records(request, train, label_bytes, label_at, most);
  if (!test.empty()) set.test = read_records(request, test, label_bytes, label_at, most);
  const char* const names_file = !is_hundred ? "batches.meta.txt"
                                 : coarse    ? "coarse_label_names.txt"
                                             : "fine_label_names.txt";
  set.class_names = names_in(request, names_file, 0);
  set.labels_from = sentence(!is_hundred ? "labels.records"
                             : coarse    ? "labels.coarse"
                                         : "labels.fine");
  if (set.class_names.empty() && wanted != "none") {
    report.notes.push_back(sentence("binary.no_names", {names_file, set.train.name}));
  }
  if (is_hundred) report.columns = {"fine", "coarse"};
  return set;
}

ArrayPart read_stl_part(const ImportRequest& request, const BinaryFiles& found,
                        const BinaryFile& images) {
  ArrayPart part;
  part.name = request.files.title(images.file);
  part.samples.is_bytes = true;
  part.samples.bytes = request.content(images.file);
  const auto count = static_cast<Index>(part.samples.bytes.size() / kStlPixels);
  part.samples.shape = {count, 3, 96, 96};
  if (images.is_unlabelled || request.options.label == "none") return part;
  for (const BinaryFile& file : found.stl_labels) {
    if (file.split != images.split || part.labels) continue;
    part.labels_name = request.files.title(file.file);
    NumericArray labels;
    labels.is_bytes = true;
    labels.bytes = request.content(file.file);
    labels.shape = {static_cast<Index>(labels.bytes.size())};
    part.labels = std::move(labels);
  }
  return part;
}

ArraySet read_stl(const ImportRequest& request, const BinaryFiles& found, ImportReport& report) {
  report.kind = "STL-10";
  std::map<NamedSplit, BinaryFile> images;
  std::vector<BinaryFile> unlabelled;
  for (const BinaryFile& file : found.stl_images) {
    if (file.is_unlabelled) {
      unlabelled.push_back(file);
    } else {
      images.emplace(file.split, file);
    }
  }
  const std::string& wanted = request.options.array;
  if (wanted != "auto" && (wanted != "unlabeled" || unlabelled.empty())) {
    throw Refusal(sentence(
        "binary.no_images",
        {request.files.name(), wanted, unlabelled.empty() ? "auto" : "auto or unlabeled"}));
  }
  const bool wants_unlabelled = wanted == "unlabeled" || images.empty();
  if (wants_unlabelled && !unlabelled.empty()) {
    images = {{NamedSplit::kTrain, unlabelled[0]}};
  } else if (!unlabelled.empty()) {
    const std::uint64_t count = unlabelled[0].bytes / kStlPixels;
    report.left_out += static_cast<std::int64_t>(count);
    report.notes.push_back(
        sentence("binary.unlabelled", {count, request.files.title(unlabelled[0].file)}));
  }
  if (!unlabelled.empty()) report.arrays = {"auto", "unlabeled"};
  ArraySet set;
  set.is_transposed = true;
  std::vector<BinaryFile> order;
  for (const NamedSplit split : {NamedSplit::kTrain, NamedSplit::kNone, NamedSplit::kTest}) {
    if (images.contains(split)) order.push_back(images.at(split));
  }
  set.train = read_stl_part(request, found, order.at(0));
  if (order.size() > 1) set.test = read_stl_part(request, found, order[1]);
  set.class_names = set.train.labels ? names_in(request, "class_names.txt", 1) : ClassNames{};
  set.labels_from = sentence("labels.files");
  return set;
}

}  // namespace

bool takes_binary(const ImportRequest& request) {
  return request.count(FileKind::kBinaryBatch) > 0;
}

Imported import_binary(const ImportRequest& request) {
  const BinaryFiles found = sort_files(request);
  Imported result;
  ArraySet set;
  if (!found.stl_images.empty()) {
    set = read_stl(request, found, result.report);
  } else if (!found.cifar10.empty() && !found.cifar100.empty()) {
    throw Refusal(sentence("binary.both", {request.files.name()}));
  } else {
    const bool is_hundred = found.cifar10.empty();
    set =
        read_cifar(request, is_hundred ? found.cifar100 : found.cifar10, is_hundred, result.report);
  }
  dataset_from_arrays(std::move(set), request, result);
  return result;
}

}  // namespace hourglass
