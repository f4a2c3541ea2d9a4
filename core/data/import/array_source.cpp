#include "core/data/import/array_source.h"

#include <limits>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/import/array_choice.h"
#include "core/data/import/array_dataset.h"
#include "core/data/import/sentences.h"
#include "core/data/import/zip_files.h"
#include "core/formats/gzip.h"
#include "core/formats/npy.h"

namespace hourglass {
namespace {

// The name of the array in a file of NPY: "x_train" of "x_train.npy.gz".
std::string array_name(const std::string& path) {
  std::string name = path;
  for (const char* ending : {".gz", ".npy"}) {
    if (name.ends_with(ending)) name.resize(name.size() - std::string_view(ending).size());
  }
  return name;
}

// Whether the files lie in an archive, whatever its name, and not in a folder or alone.
bool is_from_archive(const ImportRequest& request) {
  const std::string ending = ending_of(request.files.name());
  const std::string& first = request.files.entries()[request.first(FileKind::kNpy)].path;
  return ending == ".npz" || ending == ".zip" ||
         (ending == ".npy" && file_name_of(request.files.name()) != first);
}

struct FoundArrays {
  std::vector<NamedArray> arrays;
  std::vector<std::string> unusable;  // names of those that are no numbers
};

FoundArrays list_arrays(const ImportRequest& request) {
  FoundArrays found;
  Sentence why;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (request.kinds[i] != FileKind::kNpy) continue;
    std::vector<std::uint8_t> head = request.files.head(i, kMaxNpyHead);
    if (is_gzip(head)) head = request.content(i);
    NamedArray array{.place = i, .name = array_name(request.files.entries()[i].path)};
    const NpyHeader header = read_npy_header(head, request.files.title(i));
    for (const std::uint64_t size : header.shape) {
      constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
      array.shape.push_back(static_cast<Index>(std::min(size, kMost)));
    }
    array.is_whole = header.type.find_first_of("iu") != std::string::npos;
    const bool is_number =
        header.type.find_first_of("OUSVcMm") == std::string::npos && !header.shape.empty();
    if (is_number) {
      found.arrays.push_back(std::move(array));
      continue;
    }
    why = sentence(
        "array.no_numbers",
        {request.files.title(i), printable(header.type.substr(0, 40)), tuple_text(array.shape)});
    found.unusable.push_back(array.name);
  }
  if (found.arrays.empty()) throw Refusal(why);
  return found;
}

ArrayPart read_part(const ImportRequest& request, const ArrayPair& pair,
                    std::vector<Sentence>& notes) {
  const auto read = [&](const NamedArray& array) {
    NpyArray read = read_npy(request.content(array.place), request.files.title(array.place));
    if (read.another_follows) {
      notes.push_back(sentence("array.another_follows", {request.files.title(array.place)}));
    }
    return read;
  };
  ArrayPart part;
  part.name = request.files.title(pair.samples.place);
  part.samples = read(pair.samples);
  if (pair.labels) {
    part.labels_name = request.files.title(pair.labels->place);
    part.labels = read(*pair.labels);
  }
  return part;
}

// Archives of arrays among other files, by their names; one alone is looked into anyway.
std::vector<std::size_t> archives_of(const ImportRequest& request) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    const bool is_archive =
        request.kinds[i] == FileKind::kZip && ending_of(request.files.entries()[i].path) == ".npz";
    if (is_archive) found.push_back(i);
  }
  return found;
}

Imported import_archive(const ImportRequest& request) {
  const std::vector<std::size_t> archives = archives_of(request);
  if (archives.size() > 1) {
    throw Refusal(sentence("array.several_archives", {request.files.name(), archives.size(),
                                                      request.files.entries()[archives[0]].path}));
  }
  const auto inside = files_in_zip(request.content(archives[0]), request.files.title(archives[0]));
  Imported imported = import_data(*inside, request.set, request.options, request.known_words);
  const auto others = static_cast<std::int64_t>(request.files.size()) - 1;
  if (others > 0) {
    imported.report.left_out += others;
    imported.report.notes.push_back(
        sentence("files.beside", {request.files.entries()[archives[0]].path}));
  }
  return imported;
}

}  // namespace

bool takes_arrays(const ImportRequest& request) {
  return request.count(FileKind::kNpy) > 0 || !archives_of(request).empty();
}

Imported import_arrays(const ImportRequest& request) {
  if (request.count(FileKind::kNpy) == 0) return import_archive(request);
  Imported result;
  ImportReport& report = result.report;
  const bool is_archive = is_from_archive(request);
  report.kind = is_archive ? "NPZ" : "NPY";
  FoundArrays found = list_arrays(request);
  for (const NamedArray& array : found.arrays) report.arrays.push_back(array.name);
  const ArrayChoice choice =
      choose_arrays(found.arrays, request.files.name(), request.options, report.notes);

  std::vector<std::string> left_out = choice.left_out;
  left_out.insert(left_out.end(), found.unusable.begin(), found.unusable.end());
  if (!left_out.empty()) {
    std::string names;
    for (const std::string& name : left_out) names += (names.empty() ? "'" : ", '") + name + "'";
    report.notes.push_back(sentence("array.left_out", {names}));
    report.left_out += std::ssize(left_out);
  }

  ArraySet set;
  set.train = read_part(request, choice.train, report.notes);
  if (choice.test) set.test = read_part(request, *choice.test, report.notes);
  for (const ArrayPair* pair : {&choice.train, choice.test ? &*choice.test : nullptr}) {
    if (!pair || !pair->labels) continue;
    const std::string& path = request.files.entries()[pair->labels->place].path;
    const Sentence from("'" + (is_archive ? pair->labels->name : file_name_of(path)) + "'");
    set.labels_from =
        set.labels_from.text.empty() ? from : sentence("list.and", {set.labels_from, from});
  }
  dataset_from_arrays(std::move(set), request, result);
  return result;
}

}  // namespace hourglass
