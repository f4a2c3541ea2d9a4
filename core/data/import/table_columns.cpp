#include "core/data/import/table_columns.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/data/import/sentences.h"
#include "core/data/split.h"

namespace hourglass {
namespace {

// All features, a label and a column of row numbers.
constexpr std::size_t kMostColumns = static_cast<std::size_t>(kMaxFeatures) + 2;
// So many rows, and no more fields than that, tell what the columns are.
constexpr std::size_t kRowsThatTell = 100, kFieldsThatTell = 200'000;
// From so many rows on, a first column that counts them is taken for their numbers.
constexpr std::size_t kRowsToCount = 10;
std::string without_blanks_around(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

TableColumns::TableColumns(std::string_view text, const TableLayout& layout,
                           const std::string& name, const ImportOptions& options,
                           const TableExpectation& expected)
    : expected_(expected), text_(text), scanner_(text, layout, name) {
  read_sample(name);
  find_header(layout, options, name);
  name_columns();
  left_out_.resize(count());
  row_numbers_.resize(count());
  const std::vector<ColumnKind> kinds = kinds_of_columns(sample_, count(), layout);
  if (expected.features > 0) {
    const auto numbers = static_cast<std::size_t>(
        std::ranges::count_if(kinds, [](const ColumnKind& kind) { return !kind.is_word(); }));
    all_data_ = numbers == expected.features;
    has_one_more_ = numbers == expected.features + 1;
  }
  if (!all_data_) {
    leave_out_named(options, name);
    leave_out_row_numbers(options, layout);
  }
  find_label(options, name);
  use_columns(kinds, options);
  if (options.trained) take_columns_of_model(*options.trained, name);
  check_features(name, options);
}

void TableColumns::read_sample(const std::string& name) {
  scanner_.keep_fields();
  TableFields fields;
  std::size_t taken = 0;
  while (sample_.size() < 3 || (sample_.size() < kRowsThatTell && taken < kFieldsThatTell)) {
    // What comes later is judged, with its line, by whoever reads it.
    try {
      if (!scanner_.next(fields, kMostColumns)) break;
    } catch (const Error&) {
      if (sample_.size() < 2) throw;
      break;
    }
    taken += fields.size();
    sample_.push_back(fields);
  }
  if (sample_.empty()) throw Refusal(sentence("kind.empty", {name}));
}

void TableColumns::find_header(const TableLayout& layout, const ImportOptions& options,
                               const std::string& name) {
  FirstLine first = first_line_of(sample_, layout);
  const auto& names = sample_[0];
  // A title that a person has named is one.
  if (first == FirstLine::kData && options.label != "first" && options.label != "last" &&
      std::ranges::any_of(names, [&](std::string_view field) {
        return to_utf8(field) == options.label && !is_table_number(field, layout);
      })) {
    first = FirstLine::kTitles;
  }
  if (options.header == Guess::kNo) first = FirstLine::kData;
  if (options.header == Guess::kYes) first = std::max(first, FirstLine::kTitles);
  has_header_ = first != FirstLine::kData;
  if (has_header_) {
    header_ = sample_[0];
    sample_.erase(sample_.begin());
    if (sample_.empty()) {
      throw Refusal(sentence("table.header_alone", {name}));
    }
  }
  plan_.pattern = has_header_ ? "header" : "first line of data";
  match_header(layout, name);
  if (first == FirstLine::kMangledTitles) {
    notes_.push_back(sentence("table.mangled_titles", {name, std::string(header_[1].substr(0, 20)),
                                                       std::string(header_[2].substr(0, 20))}));
    titles_.clear();
  }
}

// How many columns there are, and their titles.
void TableColumns::match_header(const TableLayout& layout, const std::string& name) {
  std::size_t count = sample_[0].size();
  // A separator at each line's end is no field.
  const auto ends_empty = [&](const TableFields& row) {
    return row.size() == count && row.back().empty();
  };
  if (count > 1 && (!has_header_ || header_.size() < count || header_.back().empty()) &&
      std::ranges::all_of(sample_, ends_empty)) {
    --count;
    if (header_.size() > count) header_.pop_back();
  } else if (header_.size() == count + 1 && header_.back().empty()) {
    header_.pop_back();
  }
  // R writes the names of rows without a title of their own.
  if (has_header_ && header_.size() + 1 == count && sample_.size() > 1) {
    const bool are_words = std::ranges::none_of(
        sample_, [&](const TableFields& row) { return is_table_number(row[0], layout); });
    if (are_words || counts_rows(sample_, 0, layout))
      header_.insert(header_.begin(), std::string_view());
  }
  plan_.columns.assign(count, ColumnUse::kValue);
  if (has_header_ && header_.size() != count) {
    TableScanner records(text_, layout, name);
    TableFields fields;
    records.next(fields, kMostColumns);
    records.next(fields, kMostColumns);
    throw Refusal(sentence("table.fields",
                           {records.place(), count, header_.size(), layout.separator_name()}));
  }
  for (const std::string_view field : header_)
    titles_.push_back(without_blanks_around(to_utf8(field)));
  // Titles behind a '#', as NumPy writes them.
  if (has_header_ || layout.title_line.empty()) return;
  TableLayout of_titles;
  of_titles.separator = layout.separator;
  TableScanner line(layout.title_line, of_titles, name);
  TableFields fields;
  if (!line.next(fields, kMostColumns) || fields.size() != count) return;
  if (std::ranges::any_of(fields,
                          [&](std::string_view field) { return is_table_number(field, layout); })) {
    return;
  }
  for (const std::string_view field : fields)
    titles_.push_back(without_blanks_around(to_utf8(field)));
}

void TableColumns::name_columns() {
  for (std::size_t i = 0; i < count(); ++i) {
    const std::string number = std::to_string(i + 1);
    const bool has_title = has_titles() && !titles_[i].empty();
    plan_.titles.push_back(title(i));
    plan_.keys.push_back(has_title ? titles_[i] : number);
  }
}

Sentence TableColumns::title(std::size_t column) const {
  const bool has_title = has_titles() && !titles_[column].empty();
  return has_title ? sentence("column.named", {titles_[column].substr(0, 60)})
                   : sentence("column.number", {column + 1});
}

std::optional<std::size_t> TableColumns::column_called(const std::string& key) const {
  const auto exact = std::ranges::find(plan_.keys, key);
  if (exact != plan_.keys.end()) return static_cast<std::size_t>(exact - plan_.keys.begin());
  for (std::size_t i = 0; i < count(); ++i) {
    if (is_same_word(plan_.keys[i], key)) return i;
  }
  std::size_t number = 0;
  if (parse_number(key, number) && number >= 1 && number <= count()) return number - 1;
  return {};
}

std::string TableColumns::known_columns() const {
  std::string known;
  for (std::size_t i = 0; i < count() && known.size() < 200; ++i) {
    if (has_titles() && titles_[i].empty()) continue;
    known += (known.empty() ? "" : ", ") + plan_.keys[i].substr(0, 60);
  }
  return known;
}

void TableColumns::leave_out_named(const ImportOptions& options, const std::string& name) {
  if (options.leave_out == "none") return;
  std::string_view rest = options.leave_out;
  // A title may have commas of its own.
  if (const auto whole = column_called(options.leave_out)) {
    left_out_[*whole] = true;
    return;
  }
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string key = without_blanks_around(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (key.empty()) continue;
    if (const auto column = column_called(key)) {
      left_out_[*column] = true;
    } else if (expected_.features == 0) {
      throw Refusal(sentence("table.no_column_left_out", {name, key, known_columns()}));
    }
  }
}

void TableColumns::leave_out_row_numbers(const ImportOptions& options, const TableLayout& layout) {
  for (std::size_t i = 0; i < titles_.size(); ++i) {
    const bool is_kept = options.leave_out == "none" || options.label == plan_.keys[i];
    if (left_out_[i] || is_kept || !is_row_number_title(titles_[i])) continue;
    row_numbers_[i] = true;
    notes_.push_back(sentence(
        titles_[i].empty() ? "table.row_numbers_untitled" : "table.row_numbers", {title(i)}));
  }
  const bool is_first_free = !row_numbers_[0] && !left_out_[0] && count() > 1;
  const bool is_label = options.label == "first" || options.label == plan_.keys[0];
  if (is_first_free && !is_label && !expected_.counting_is_data && options.leave_out != "none" &&
      sample_.size() >= (has_one_more_ ? 1 : kRowsToCount) &&
      counts_rows(sample_, 0, layout, has_one_more_)) {
    counting_ = 0;
  }
}

namespace {

// Whole numbers of one digit or two, as classes are numbered.
bool has_small_numbers(const std::vector<TableFields>& rows, std::size_t column) {
  return std::ranges::all_of(rows, [&](const TableFields& row) {
    if (column >= row.size() || row[column].empty() || row[column].size() > 2) return false;
    return std::ranges::all_of(row[column], [](char c) { return c >= '0' && c <= '9'; });
  });
}

}  // namespace

void TableColumns::find_label(const ImportOptions& options, const std::string& name) {
  const std::string& wanted = options.label;
  if (wanted == "none") return;
  if (wanted == "auto") {
    for (std::size_t i = 0; i < titles_.size() && !label_; ++i) {
      if (is_same_word(titles_[i], "label") || is_same_word(titles_[i], "class")) label_ = i;
    }
    for (std::size_t i = 0; i < titles_.size() && !label_; ++i) {
      if (!is_same_word(titles_[i], "target") || !has_small_numbers(sample_, i)) continue;
      label_ = i;
      notes_.push_back(sentence("table.label_by_title", {title(i)}));
    }
    return;
  }
  if (const auto exact = std::ranges::find(plan_.keys, wanted);
      exact != plan_.keys.end() && has_titles()) {
    label_ = static_cast<std::size_t>(exact - plan_.keys.begin());
    return;
  }
  if (wanted == "first" || wanted == "last") {
    if (all_data_) return;
    for (std::size_t i = 0; i < count(); ++i) {
      const std::size_t column = wanted == "first" ? i : count() - 1 - i;
      if (row_numbers_[column]) continue;
      label_ = column;
      return;
    }
  }
  label_ = column_called(wanted);
  if (label_ || expected_.features > 0) return;
  if (!has_titles()) {
    throw Refusal(sentence("table.label_without_header", {name, wanted, count()}));
  }
  throw Refusal(sentence("table.no_label_column", {name, wanted, known_columns()}));
}

void TableColumns::use_columns(const std::vector<ColumnKind>& kinds, const ImportOptions& options) {
  std::optional<std::size_t> pixels;
  for (std::size_t i = 0; i < count(); ++i) {
    ColumnUse& use = plan_.columns[i];
    const bool is_word = kinds[i].is_word();
    if (i == label_) {
      use = ColumnUse::kText;
    } else if (left_out_[i]) {
      use = is_word ? ColumnUse::kSkip : ColumnUse::kNumber;
    } else if (row_numbers_[i]) {
      use = ColumnUse::kSkip;
    } else if (i == counting_) {
      use = ColumnUse::kNumber;
    } else if (kinds[i].pixels > 0 && !pixels) {
      pixels = i;
      plan_.pixels = kinds[i].pixels;
    } else if (is_word) {
      use = ColumnUse::kText;
    }
  }
  if (pixels) use_pixel_column(*pixels, options);
}

// The field of pixels is all that is trained on. A number beside it is the label if its title says
// so, or if there is no other.
void TableColumns::use_pixel_column(std::size_t column, const ImportOptions& options) {
  constexpr std::string_view kLabels[] = {"emotion", "target", "digit", "y"};
  plan_.columns[column] = ColumnUse::kPixels;
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < count(); ++i) {
    if (plan_.columns[i] == ColumnUse::kValue || i == counting_) others.push_back(i);
  }
  for (const std::size_t other : others) plan_.columns[other] = ColumnUse::kSkip;
  counting_.reset();
  for (const std::size_t other : others) {
    const bool says_so = has_titles() && std::ranges::any_of(kLabels, [&](std::string_view known) {
                           return is_same_word(titles_[other], known);
                         });
    if (options.label == "auto" && !label_ && (says_so || others.size() == 1)) {
      label_ = other;
      plan_.columns[other] = ColumnUse::kText;
    }
  }
  for (const std::size_t other : others) {
    if (other == label_) continue;
    notes_.push_back(sentence("table.beside_pixels", {title(other), title(column)}));
  }
}

void TableColumns::check_features(const std::string& name, const ImportOptions& options) const {
  std::size_t features = 0;
  for (const ColumnUse use : plan_.columns) {
    features += use == ColumnUse::kValue ? 1 : use == ColumnUse::kPixels ? plan_.pixels : 0;
  }
  if (features > static_cast<std::size_t>(kMaxFeatures)) {
    throw Refusal(sentence("table.too_many_columns", {name, features, kMaxFeatures}));
  }
  if (features > 0) return;
  const std::string_view begin = sample_[0][0];
  if (count() == 1 && begin.find_first_of("|:/") != begin.npos) {
    throw Refusal(
        sentence("table.odd_separator", {name, std::string(1, begin[begin.find_first_of("|:/")])}));
  }
  const std::vector<std::size_t> words = with_use(ColumnUse::kText);
  if (!words.empty()) {
    const bool is_asked_for = label_ && options.label != "auto";
    if (is_asked_for) throw Refusal(sentence("table.words_made_labels", {name, title(words[0])}));
    throw Refusal(
        sentence(words.size() == 1 ? "table.words_taken" : "table.words_alone",
                 {name, title(words[0]), std::string(sample_[0][words[0]].substr(0, 40))}));
  }
  if (std::ranges::count(left_out_, true) > 0) {
    throw Refusal(sentence("table.all_left_out", {name}));
  }
  throw Refusal(sentence("table.no_named_column", {name}));
}

TableScanner TableColumns::rows(std::string_view text, const TableLayout& layout,
                                const std::string& name) const {
  TableScanner records(text, layout, name);
  TableFields fields;
  if (has_header_) records.next(fields, kMostColumns);
  return records;
}

std::vector<std::size_t> TableColumns::with_use(ColumnUse use) const {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < count(); ++i) {
    if (plan_.columns[i] == use) columns.push_back(i);
  }
  return columns;
}

std::vector<std::string> TableColumns::feature_titles() const {
  std::vector<std::string> titles;
  if (!has_titles() || plan_.pixels > 0) return titles;
  for (const std::size_t column : with_use(ColumnUse::kValue)) titles.push_back(titles_[column]);
  return titles;
}

}  // namespace hourglass
