#include "core/data/import/table_words.h"

#include <algorithm>
#include <cmath>

#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/data/import/sentences.h"
#include "core/data/split.h"

namespace hourglass {
namespace {

constexpr std::size_t kRowsOfNames = 20;

Sentence kinds_text(const TextColumn& column) {
  const std::size_t count = column.texts().size();
  return count == TextColumn::kMaxTexts ? sentence("words.many")
         : count == 1 ? sentence("words.one", {to_utf8(column.texts()[0].substr(0, 40))})
                      : sentence("words.some", {count});
}

bool may_be_classes(const TextColumn& column) {
  const std::size_t kinds = column.texts().size();
  const bool are_names = kinds == column.rows().size() && kinds >= kRowsOfNames;
  return kinds <= kMaxClasses && !are_names;
}

// Whether all words speak of a part of the data, and both parts are there.
bool is_split(const TextColumn& column, const std::string& title) {
  constexpr std::string_view kTitles[] = {"usage", "split", "set", "subset", "partition"};
  if (std::ranges::none_of(kTitles, [&](std::string_view t) { return is_same_word(title, t); })) {
    return false;
  }
  bool has_train = false, has_other = false;
  for (const std::string& text : column.texts()) {
    const SplitWord word = split_word(text);
    if (word == SplitWord::kNone) return false;
    has_train = has_train || word == SplitWord::kTrain;
    has_other = has_other || word == SplitWord::kHeldOut;
  }
  return has_train && has_other;
}

// "6.0000" as "6"; what is no whole number stays.
std::string plain_whole(const std::string& text) {
  double value = 0;
  if (text.find('.') == text.npos || !parse_number(text, value)) return text;
  if (value != std::floor(value) || !(std::abs(value) < 1e15)) return text;
  return std::to_string(static_cast<std::int64_t>(value));
}

}  // namespace

SplitWord split_word(std::string_view word) {
  constexpr std::string_view kTrain[] = {"train", "training", "tra"};
  constexpr std::string_view kOther[] = {"test",       "testing", "tes",        "val",
                                         "valid",      "dev",     "validation", "eval",
                                         "publictest", "heldout", "held-out",   "privatetest"};
  const auto is_it = [&](std::string_view known) { return is_same_word(word, known); };
  if (std::ranges::any_of(kTrain, is_it)) return SplitWord::kTrain;
  return std::ranges::any_of(kOther, is_it) ? SplitWord::kHeldOut : SplitWord::kNone;
}

WordColumns choose_word_columns(TableValues& values, const TableColumns& columns, bool may_guess,
                                std::vector<Sentence>& notes) {
  const std::vector<std::size_t> places = columns.with_use(ColumnUse::kText);
  const std::vector<TextColumn>& texts = values.texts();
  WordColumns chosen;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (columns.label() == places[i]) {
      chosen.label = i;
    } else if (!chosen.split && columns.has_titles() &&
               is_split(texts[i], columns.titles()[places[i]])) {
      chosen.split = i;
    }
  }
  if (!chosen.label && may_guess) {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const bool is_free = i != chosen.split && may_be_classes(texts[i]);
      // Of columns with one word in all rows none is the label where another could be.
      const auto rank = [&](std::size_t at) {
        const std::size_t kinds = texts[at].texts().size();
        return kinds == 1 ? kMaxClasses + 1 : kinds;
      };
      if (is_free && (!chosen.label || rank(i) < rank(*chosen.label))) chosen.label = i;
    }
  }
  if (chosen.label && !columns.label()) {
    notes.push_back(sentence("table.label_words", {columns.title(places[*chosen.label])}));
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i == chosen.label || i == chosen.split) continue;
    if (may_be_classes(texts[i])) {
      notes.push_back(
          sentence("table.words_maybe_labels",
                   {columns.title(places[i]), kinds_text(texts[i]), columns.key(places[i])}));
    } else {
      notes.push_back(
          sentence("table.words_skipped", {columns.title(places[i]), kinds_text(texts[i])}));
    }
  }
  return chosen;
}

std::vector<std::int32_t> labels_of_column(const TextColumn& column, const std::string& what,
                                           std::vector<std::string>& class_names) {
  std::vector<std::string> kinds = column.texts();
  const bool are_numbers = std::ranges::all_of(kinds, [](const std::string& text) {
    std::int64_t whole = 0;
    return parse_number(plain_whole(text), whole);
  });
  if (are_numbers) std::ranges::transform(kinds, kinds.begin(), plain_whole);
  const std::vector<std::int32_t> of_kinds = labels_from_texts(kinds, what, class_names);
  std::vector<std::int32_t> labels;
  labels.reserve(column.rows().size());
  for (const std::uint32_t kind : column.rows()) labels.push_back(of_kinds[kind]);
  return labels;
}

}  // namespace hourglass
