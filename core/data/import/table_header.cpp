#include "core/data/import/table_header.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "core/base/parse_number.h"

namespace hourglass {
namespace {

char lower_of(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool counts_from_0(const TableFields& fields) {
  if (fields.size() < 2) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i] != std::to_string(i)) return false;
  }
  return true;
}

bool is_whole_number(std::string_view field, const TableLayout& layout) {
  double value = 0;
  return parse_table_number(field, layout, value) && value == std::floor(value);
}

// pandas makes titles different by ".1", ".2" and so on behind the second, the third of the same.
// Sets `made_up` for titles that were changed so.
bool are_mangled(const TableFields& fields, std::vector<bool>& made_up) {
  std::map<std::string_view, std::size_t> times;
  made_up.assign(fields.size(), false);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::string_view field = fields[i];
    const std::size_t dot = field.rfind('.');
    std::size_t number = 0;
    const auto base = dot == field.npos ? times.end() : times.find(field.substr(0, dot));
    if (base != times.end() && parse_number(field.substr(dot + 1), number) &&
        number == base->second) {
      ++base->second;
      made_up[i] = true;
    } else if (!times.emplace(field, 1).second) {
      return false;
    }
  }
  return std::ranges::count(made_up, true) >= 2;
}

// "0.1" is a number as well: it is a title if the column below has whole numbers, as the first of
// its kind had.
bool are_mangled_titles(const std::vector<TableFields>& records, const TableLayout& layout) {
  const TableFields& first = records[0];
  std::vector<bool> made_up;
  if (records.size() < 2 || !are_mangled(first, made_up)) return false;
  for (std::size_t row = 1; row < records.size(); ++row) {
    if (records[row].size() != first.size()) continue;
    for (std::size_t i = 0; i < first.size(); ++i) {
      if (!made_up[i] || !is_table_number(first[i], layout)) continue;
      if (!is_whole_number(records[row][i], layout)) return false;
    }
  }
  // Titles of words are as pandas has them, too, and no data were lost.
  return is_table_number(first[0], layout) || is_table_number(first.back(), layout);
}

bool is_word_above_numbers(const std::vector<TableFields>& records, const TableLayout& layout) {
  const TableFields& first = records[0];
  if (records.size() < 3) return false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (is_table_number(first[i], layout) || is_missing_value(first[i])) continue;
    const bool numbers_below = std::all_of(
        records.begin() + 1, records.end(),
        [&](const TableFields& row) { return i < row.size() && is_table_number(row[i], layout); });
    if (numbers_below) return true;
  }
  return false;
}

// Wavelengths or times: 400, 410, 420 and so on, each larger than all that is below.
bool are_steps_above(const std::vector<TableFields>& records, const TableLayout& layout) {
  constexpr std::size_t kLeastSteps = 8;
  const TableFields& first = records[0];
  if (first.size() < kLeastSteps || records.size() < 4) return false;
  double before = 0, step = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    double title = 0, value = 0;
    if (!parse_table_number(first[i], layout, title)) return false;
    if (i == 1) step = title - before;
    if (i > 0 && (step <= 0 || std::abs(title - before - step) > 1e-6 * step)) return false;
    before = title;
    for (std::size_t row = 1; row < records.size(); ++row) {
      if (i >= records[row].size()) return false;
      if (parse_table_number(records[row][i], layout, value) && value >= title) return false;
    }
  }
  return true;
}

}  // namespace

bool is_same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower_of, lower_of);
}

bool is_table_number(std::string_view field, const TableLayout& layout) {
  double value = 0;
  return parse_table_number(field, layout, value);
}

FirstLine first_line_of(const std::vector<TableFields>& records, const TableLayout& layout) {
  const TableFields& first = records[0];
  if (counts_from_0(first)) return FirstLine::kTitles;
  if (are_mangled_titles(records, layout)) return FirstLine::kMangledTitles;
  const bool has_numbers = std::ranges::any_of(
      first, [&](std::string_view field) { return is_table_number(field, layout); });
  const bool has_label = std::ranges::any_of(first, [](std::string_view field) {
    return is_same_word(field, "label") || is_same_word(field, "class");
  });
  const bool is_titles = !has_numbers || has_label || is_word_above_numbers(records, layout) ||
                         are_steps_above(records, layout);
  return is_titles ? FirstLine::kTitles : FirstLine::kData;
}

}  // namespace hourglass
