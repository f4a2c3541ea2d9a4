#include "core/text/document_columns.h"

#include <algorithm>
#include <set>
#include <span>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"

namespace hourglass {
namespace {

using Records = std::vector<std::vector<std::string_view>>;

// A Chinese word, which no blank ends, has two characters of three bytes.
constexpr double kWideWordBytes = 6;
// Texts have so many words, and so many times more than anything beside them.
constexpr double kTextWords = 3, kTimesMore = 2;
// What stands above texts or is a label has no more words than that.
constexpr double kWordsOfTitle = 3;

bool is_any_of(std::string_view field, std::span<const std::string_view> names) {
  std::string lower(field);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return std::ranges::find(names, lower) != names.end();
}

// Titles of texts and of labels that say it less surely: tables of numbers may have them, too.
bool may_be_text_title(std::string_view title) {
  static constexpr std::string_view kNames[] = {
      "texts",   "documents", "review",   "reviews", "review_text", "sentence", "comment",
      "message", "tweet",     "abstract", "article", "description", "question", "email"};
  return is_text_column(title) || is_any_of(title, kNames);
}

bool may_be_label_title(std::string_view title) {
  static constexpr std::string_view kNames[] = {"sentiment", "target", "polarity", "label_text",
                                                "subject",   "genre",  "intent",   "tag"};
  return is_label_column(title) || is_any_of(title, kNames);
}

double words_of(std::string_view field) {
  double words = 0, wide = 0;
  bool in_word = false;
  for (const char c : field) {
    const bool is_wide = static_cast<unsigned char>(c) >= 0x80;
    wide += is_wide;
    const bool is_letter = !is_wide && c > ' ';
    words += is_letter && !in_word;
    in_word = is_letter;
  }
  return words + wide / kWideWordBytes;
}

// Mean words of a column's fields, without the first record if that is titles.
double mean_words(const Records& records, std::size_t column, std::size_t first) {
  double sum = 0;
  for (std::size_t i = first; i < records.size(); ++i) sum += words_of(records[i][column]);
  return sum / static_cast<double>(std::max<std::size_t>(1, records.size() - first));
}

// The column with by far the most words, if there is one.
std::optional<std::size_t> wordy_column(const Records& records, std::size_t first) {
  std::size_t best = 0;
  double most = -1, second = 0;
  for (std::size_t column = 0; column < records[0].size(); ++column) {
    const double words = mean_words(records, column, first);
    if (words > most) {
      second = std::max(second, most);
      most = words;
      best = column;
    } else {
      second = std::max(second, words);
    }
  }
  if (most < kTextWords || most < kTimesMore * second) return std::nullopt;
  return best;
}

std::size_t different_below(const Records& records, std::size_t column, std::size_t first) {
  std::set<std::string_view> kinds;
  for (std::size_t i = first; i < records.size(); ++i) kinds.insert(records[i][column]);
  return kinds.size();
}

// Single words above texts, of which none comes again below.
bool stands_above_texts(const Records& records) {
  constexpr double kTimesShorter = 3;
  if (records.size() < 3) return false;
  const auto text = wordy_column(records, 1);
  if (!text || words_of(records[0][*text]) * kTimesShorter > mean_words(records, *text, 1)) {
    return false;
  }
  for (std::size_t column = 0; column < records[0].size(); ++column) {
    const std::string_view title = records[0][column];
    double number = 0;
    if (title.empty() || words_of(title) > kWordsOfTitle || parse_number(title, number)) {
      return false;
    }
    for (std::size_t i = 1; i < records.size(); ++i) {
      if (records[i][column] == title) return false;
    }
  }
  return records[0].size() > 1;
}

// A column of few words that come again.
std::optional<std::size_t> repeating_column(const Records& records, std::size_t text,
                                            std::size_t first) {
  std::optional<std::size_t> best;
  std::size_t fewest = 0;
  const std::size_t rows = records.size() - first;
  for (std::size_t column = 0; column < records[0].size(); ++column) {
    if (column == text || mean_words(records, column, first) > kWordsOfTitle) continue;
    const std::size_t kinds = different_below(records, column, first);
    if (kinds < 2 || 2 * kinds > rows || (best && kinds >= fewest)) continue;
    best = column;
    fewest = kinds;
  }
  return best;
}

std::string column_text(const DocumentColumns& columns, std::size_t column) {
  return columns.has_header ? "column '" + columns.keys[column].substr(0, 60) + "'"
                            : "column " + std::to_string(column + 1);
}

std::size_t wished_column(const DocumentColumns& columns, const std::string& wish,
                          const std::string& name) {
  if (wish == "first") return columns.text == 0 && columns.count > 1 ? 1 : 0;
  if (wish == "last") {
    return columns.text + 1 == columns.count && columns.count > 1 ? columns.count - 2
                                                                  : columns.count - 1;
  }
  const auto found = std::ranges::find(columns.keys, wish);
  std::size_t number = 0;
  std::size_t column = static_cast<std::size_t>(found - columns.keys.begin());
  if (found == columns.keys.end()) {
    const bool is_number = parse_number(wish, number) && number >= 1 && number <= columns.count;
    if (!is_number) {
      std::string known;
      for (const std::string& key : columns.keys) known += (known.empty() ? "" : ", ") + key;
      throw Error("'" + name + "' has no column '" + wish + "' for data.label; there " +
                  (columns.count == 1 ? "is " : "are ") + known.substr(0, 200) + ".");
    }
    column = number - 1;
  }
  if (column == columns.text) {
    throw Error("data.label=" + wish + " is the column with the texts of '" + name +
                "'; the labels are another one, or none.");
  }
  return column;
}

}  // namespace

bool is_text_column(std::string_view title) {
  static constexpr std::string_view kNames[] = {"text", "document", "body", "content"};
  return is_any_of(title, kNames);
}

bool is_label_column(std::string_view title) {
  static constexpr std::string_view kNames[] = {"label", "labels",   "topic",     "topics",
                                                "class", "category", "categories"};
  return is_any_of(title, kNames);
}

DocumentColumns columns_of_documents(const Records& records, const DocumentWish& wish,
                                     const std::string& name) {
  const std::vector<std::string_view>& first = records[0];
  DocumentColumns columns;
  columns.count = first.size();
  const auto named = std::ranges::find_if(first, is_text_column);
  const bool says_text = named != first.end() && (columns.count > 1 || records.size() > 1);
  columns.has_header = wish.header.value_or(says_text || stands_above_texts(records));
  const std::size_t begin = columns.has_header && records.size() > 1 ? 1 : 0;
  for (std::size_t i = 0; i < columns.count; ++i) {
    const bool has_title = columns.has_header && !first[i].empty();
    columns.keys.push_back(has_title ? to_utf8(first[i]) : std::to_string(i + 1));
  }

  const auto wordy = wordy_column(records, begin);
  const auto likely = std::ranges::find_if(first, may_be_text_title);
  const bool is_known = columns.has_header && named != first.end();
  if (is_known) {
    columns.text = static_cast<std::size_t>(named - first.begin());
  } else if (columns.has_header && likely != first.end() && !wordy) {
    columns.text = static_cast<std::size_t>(likely - first.begin());
  } else if (wordy) {
    columns.text = *wordy;
  } else if (columns.count > 2) {
    throw Error("'" + name + "' has " + std::to_string(columns.count) +
                " columns, and none is called text; a table of documents has the columns "
                "label and text, or names them in its first line.");
  } else {
    columns.text = columns.count - 1;
  }

  bool is_guess = false;
  if (wish.label == "auto") {
    for (const auto is_label : {is_label_column, may_be_label_title}) {
      for (std::size_t i = 0; i < columns.count && columns.has_header && !columns.label; ++i) {
        if (i != columns.text && is_label(first[i])) columns.label = i;
      }
    }
    is_guess = !columns.label;
    if (!columns.label && columns.count == 2 && !is_known) columns.label = 1 - columns.text;
    if (!columns.label) columns.label = repeating_column(records, columns.text, begin);
  } else if (wish.label != "none") {
    columns.label = wished_column(columns, wish.label, name);
  }
  if (columns.count < 2) return columns;
  const bool is_plain = columns.count == 2 && columns.text == 1 && !columns.has_header;
  const bool says_all = is_known && columns.count == 2 && !is_guess;
  if (is_plain || says_all) return columns;
  columns.notes.push_back(
      "The texts of '" + name + "' are in " + column_text(columns, columns.text) +
      (columns.label ? " and their labels in " + column_text(columns, *columns.label)
                     : ", and there are no labels") +
      "; data.label says another column, or none" +
      (columns.has_header ? ", and data.header=no that the first line is no titles." : "."));
  return columns;
}

}  // namespace hourglass
