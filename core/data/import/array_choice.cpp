#include "core/data/import/array_choice.h"

#include <algorithm>
#include <map>

#include "core/base/error.h"
#include "core/data/import/array_labels.h"
#include "core/data/import/sentences.h"

namespace hourglass {
namespace {

// Numbers in a line, a row or a column.
bool is_line(const std::vector<Index>& shape) {
  return shape.size() == 1 || (shape.size() == 2 && (shape[0] == 1 || shape[1] == 1));
}

// An array with what its name says.
struct Candidate {
  NamedArray array;
  NamedSplit split = NamedSplit::kNone;
  std::vector<std::string> key{};   // its words but those of the split
  std::vector<std::string> stem{};  // the key without words for samples and labels
  bool is_called_labels = false, is_called_samples = false;

  bool could_be_samples() const {
    const auto& shape = array.shape;
    return shape.size() >= 2 && !is_line(shape) && !(is_called_labels && shape.size() == 2);
  }
};

Candidate candidate_of(const NamedArray& array) {
  Candidate found{.array = array};
  for (const std::string& word : words_of_name(array.name)) {
    const NamedSplit split = split_of_word(word);
    if (split != NamedSplit::kNone) found.split = split;
    found.is_called_labels = found.is_called_labels || is_label_word(word);
    found.is_called_samples = found.is_called_samples || is_sample_word(word);
    if (split == NamedSplit::kNone) found.key.push_back(word);
    if (split == NamedSplit::kNone && !is_label_word(word) && !is_sample_word(word)) {
      found.stem.push_back(word);
    }
  }
  return found;
}

std::string list_text(const std::vector<Candidate>& all) {
  std::string text;
  for (const Candidate& each : all) {
    text += (text.empty() ? "'" : ", '") + each.array.name + "' " + tuple_text(each.array.shape);
  }
  return text;
}

class Chooser {
 public:
  Chooser(const std::vector<NamedArray>& arrays, const std::string& what,
          const ImportOptions& options, std::vector<Sentence>& notes)
      : what_(what), options_(options), notes_(notes) {
    for (const NamedArray& array : arrays) all_.push_back(candidate_of(array));
  }

  ArrayChoice choose() {
    const std::vector<Candidate> samples = chosen_samples();
    ArrayChoice choice;
    std::vector<const Candidate*> order;
    for (const NamedSplit split :
         {NamedSplit::kTrain, NamedSplit::kNone, NamedSplit::kTest, NamedSplit::kValidation}) {
      for (const Candidate& each : samples) {
        if (each.split == split) order.push_back(&each);
      }
    }
    choice.train = pair_of(*order[0]);
    if (order.size() > 1) choice.test = pair_of(*order[1]);
    for (const Candidate& each : all_) {
      if (std::ranges::find(used_, each.array.name) == used_.end()) {
        choice.left_out.push_back(each.array.name);
      }
    }
    return choice;
  }

 private:
  [[noreturn]] void refuse(std::string_view key) const {
    throw Refusal(sentence(key, {what_, list_text(all_)}));
  }
  // The same, of an array that a person has named.
  [[noreturn]] void refuse(std::string_view key, const std::string& name) const {
    throw Refusal(sentence(key, {what_, list_text(all_), name}));
  }

  // All of one key, each of another split.
  std::vector<Candidate> chosen_samples() const {
    std::map<std::vector<std::string>, std::vector<Candidate>> groups;
    const bool is_only_one = options_.whole && all_.size() == 1;
    if (options_.array != "auto" && !is_only_one) {
      const auto wanted = std::ranges::find_if(all_, [&](const Candidate& each) {
        return each.array.name == options_.array || each.array.name + ".npy" == options_.array;
      });
      if (wanted == all_.end()) refuse("array.not_there", options_.array);
      if (wanted->split == NamedSplit::kNone) return {*wanted};
      for (const Candidate& each : all_) {
        if (each.key == wanted->key && each.could_be_samples()) groups[each.key].push_back(each);
      }
      if (groups.empty()) return {*wanted};
    }
    if (groups.empty()) {
      for (const Candidate& each : all_) {
        if (each.could_be_samples()) groups[each.key].push_back(each);
      }
    }
    if (groups.size() > 1) {
      keep(groups, [](const Candidate& each) { return each.is_called_samples; });
    }
    if (groups.size() > 1) {
      keep(groups, [](const Candidate& each) { return each.array.shape.size() >= 3; });
    }
    if (groups.empty()) {
      // One alone says in its own words what is wrong with it.
      if (all_.size() == 1) return all_;
      if (options_.whole) {
        std::vector<Candidate> lines = all_;
        std::erase_if(lines, [](const Candidate& each) { return each.is_called_labels; });
        if (lines.size() == 1) return lines;
      }
      refuse("array.no_samples");
    }
    if (groups.size() > 1) refuse("array.several_samples");
    std::vector<Candidate> chosen;
    for (const Candidate& each : groups.begin()->second) {
      const bool is_new = std::ranges::none_of(
          chosen, [&](const Candidate& other) { return other.split == each.split; });
      if (is_new) chosen.push_back(each);
    }
    return chosen;
  }

  // Of several groups those of which `is_right` says so, if there are any.
  template <typename IsRight>
  static void keep(std::map<std::vector<std::string>, std::vector<Candidate>>& groups,
                   const IsRight& is_right) {
    auto kept = groups;
    std::erase_if(kept, [&](const auto& group) { return !is_right(group.second[0]); });
    if (!kept.empty()) groups = std::move(kept);
  }

  ArrayPair pair_of(const Candidate& samples) {
    ArrayPair pair{samples.array, std::nullopt};
    used_.push_back(samples.array.name);
    const Candidate* const labels = labels_of(samples);
    if (labels) {
      pair.labels = labels->array;
      used_.push_back(labels->array.name);
    }
    return pair;
  }

  const Candidate* labels_of(const Candidate& samples) {
    const bool wants_none = options_.label == "none";
    if (wants_none || (options_.whole && options_.label != "auto")) return nullptr;
    const auto& shape = samples.array.shape;
    const auto fits = [&](const Candidate& each) {
      return each.array.name != samples.array.name && each.split == samples.split &&
             (can_be_labels(each.array.shape, shape.front()) ||
              can_be_labels(each.array.shape, shape.back()));
    };
    if (options_.label != "auto") {
      const Candidate wanted = candidate_of({.place = 0, .name = options_.label});
      for (const Candidate& each : all_) {
        if (each.array.name == options_.label || (each.key == wanted.key && fits(each))) {
          return &each;
        }
      }
      refuse("array.no_labels", options_.label);
    }
    std::vector<const Candidate*> called, unnamed;
    for (const Candidate& each : all_) {
      if (each.array.name == samples.array.name || each.split != samples.split) continue;
      // Labels of this name are meant, also where their number is wrong, which is then said.
      const bool is_beside =
          each.is_called_labels && each.stem == samples.stem && each.array.shape.size() == 1;
      if (each.is_called_labels && (fits(each) || is_beside)) called.push_back(&each);
      if (!each.is_called_labels && each.array.is_whole && is_line(each.array.shape) &&
          fits(each)) {
        unnamed.push_back(&each);
      }
    }
    const auto same_stem = [&](const Candidate* each) { return each->stem == samples.stem; };
    std::ranges::stable_partition(called, same_stem);
    if (!called.empty()) {
      if (called.size() > 1 && same_stem(called[0]) == same_stem(called[1])) {
        notes_.push_back(
            sentence("array.labels_not", {called[0]->array.name, called[1]->array.name}));
      }
      return called[0];
    }
    if (unnamed.size() != 1) return nullptr;
    notes_.push_back(sentence("array.labels_of", {unnamed[0]->array.name, samples.array.name}));
    return unnamed[0];
  }

  const std::string& what_;
  const ImportOptions& options_;
  std::vector<Sentence>& notes_;
  std::vector<Candidate> all_;
  std::vector<std::string> used_;
};

}  // namespace

ArrayChoice choose_arrays(const std::vector<NamedArray>& arrays, const std::string& what,
                          const ImportOptions& options, std::vector<Sentence>& notes) {
  return Chooser(arrays, what, options, notes).choose();
}

}  // namespace hourglass
