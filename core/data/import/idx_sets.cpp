#include "core/data/import/idx_sets.h"

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/data/import/name_words.h"
#include "core/data/import/sentences.h"
#include "core/formats/byte_reader.h"
#include "core/formats/gzip.h"

namespace hourglass {
namespace {

struct IdxFile {
  std::size_t file = 0;
  std::vector<std::string> words{};  // that tell sets apart
  NamedSplit split = NamedSplit::kNone;
  std::uint32_t count = 0;
  bool is_labels = false;
};

bool is_word_of_format(const std::string& word) {
  static constexpr const char* kWords[] = {"idx",  "idx1",  "idx2", "idx3",  "idx4",  "ubyte",
                                           "byte", "short", "int",  "float", "double"};
  return std::ranges::find(kWords, word) != std::end(kWords);
}

IdxFile look_at_file(const ImportRequest& request, std::size_t file) {
  constexpr std::size_t kHeader = 12;
  constexpr std::uint8_t kInt = 0x0C;
  constexpr std::uint32_t kQmnistColumns = 8;
  IdxFile found{.file = file};
  std::vector<std::uint8_t> head = request.files.head(file, kHeader);
  if (is_gzip(head)) head = request.content(file);
  head.resize(std::max(head.size(), kHeader));
  const int dimensions = head[3];
  found.count = read_big_endian<std::uint32_t>(head.data() + 4);
  const auto columns = read_big_endian<std::uint32_t>(head.data() + 8);
  bool is_called_labels = false;
  for (const std::string& word : words_of_name(request.files.entries()[file].path)) {
    const NamedSplit split = split_of_word(word);
    if (split != NamedSplit::kNone) found.split = split;
    is_called_labels = is_called_labels || is_label_word(word);
    const bool tells_apart = split == NamedSplit::kNone && !is_label_word(word) &&
                             !is_sample_word(word) && !is_word_of_format(word);
    if (tells_apart) found.words.push_back(word);
  }
  // A file alone is what a person wants to give to a model.
  const bool is_one_sample = request.options.whole && request.files.size() == 1;
  found.is_labels =
      (dimensions == 1 && !is_one_sample) ||
      (dimensions == 2 &&
       (columns == 1 || (head[2] == kInt && columns == kQmnistColumns) || is_called_labels));
  return found;
}

// The sets as they are found: images and labels by split.
struct Found {
  std::vector<std::string> words;
  std::map<NamedSplit, IdxFile> images, labels;
};

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "-") + word;
  return text;
}

// Gives labels that have no images of their own name to the only images of their number.
void adopt(std::map<std::string, Found>& sets, IdxFile& labels,
           std::vector<std::size_t>& left_out) {
  std::vector<std::pair<Found*, NamedSplit>> fitting;
  for (auto& [name, set] : sets) {
    for (const auto& [split, images] : set.images) {
      const bool same_split =
          labels.split == NamedSplit::kNone || split == NamedSplit::kNone || split == labels.split;
      if (same_split && images.count == labels.count && !set.labels.contains(split)) {
        fitting.emplace_back(&set, split);
      }
    }
  }
  if (fitting.size() == 1) {
    fitting[0].first->labels.emplace(fitting[0].second, labels);
  } else {
    left_out.push_back(labels.file);
  }
}

IdxPair pair_of(const Found& found, NamedSplit split) {
  const auto labels = found.labels.find(split);
  return {found.images.at(split).file,
          labels == found.labels.end() ? std::nullopt : std::optional(labels->second.file)};
}

IdxSet set_of(const ImportRequest& request, const Found& found,
              std::vector<std::size_t>& left_out) {
  IdxSet set;
  set.words = found.words;
  // In the order in which they are wanted for training, then for holding out.
  std::vector<NamedSplit> splits;
  for (const NamedSplit split :
       {NamedSplit::kTrain, NamedSplit::kNone, NamedSplit::kTest, NamedSplit::kValidation}) {
    if (found.images.contains(split)) splits.push_back(split);
  }
  set.train = pair_of(found, splits[0]);
  if (splits.size() > 1) set.test = pair_of(found, splits[1]);
  for (std::size_t i = 2; i < splits.size(); ++i) {
    const IdxPair more = pair_of(found, splits[i]);
    left_out.push_back(more.images);
    if (more.labels) left_out.push_back(*more.labels);
  }
  set.name = joined_words(set.words);
  if (set.name.empty()) set.name = file_name_of(request.files.entries()[set.train.images].path);
  return set;
}

}  // namespace

IdxSets find_idx_sets(const ImportRequest& request) {
  std::map<std::string, Found> sets;
  std::vector<IdxFile> labels;
  IdxSets result;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (request.kinds[i] != FileKind::kIdx) continue;
    IdxFile file = look_at_file(request, i);
    if (file.is_labels) {
      labels.push_back(std::move(file));
      continue;
    }
    Found& set = sets[joined_words(file.words)];
    set.words = file.words;
    // The same file both plain and compressed: the plain one, which comes first, is enough.
    if (!set.images.emplace(file.split, file).second) result.left_out.push_back(i);
  }
  if (sets.empty()) {
    throw Refusal(
        sentence("idx.labels_alone", {request.files.title(request.first(FileKind::kIdx))}));
  }
  std::vector<IdxFile> orphans;
  for (IdxFile& file : labels) {
    const auto set = sets.find(joined_words(file.words));
    if (set == sets.end() || !set->second.images.contains(file.split)) {
      orphans.push_back(std::move(file));
    } else if (!set->second.labels.emplace(file.split, file).second) {
      result.left_out.push_back(file.file);
    }
  }
  for (IdxFile& file : orphans) adopt(sets, file, result.left_out);
  for (const auto& [name, found] : sets) {
    result.sets.push_back(set_of(request, found, result.left_out));
  }
  return result;
}

}  // namespace hourglass
