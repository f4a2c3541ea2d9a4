#include "core/data/import/table_sample.h"

#include <algorithm>

namespace hourglass {
namespace {

// So many numbers in a field are the pixels of an image.
constexpr std::size_t kLeastPixels = 16;

// How many numbers a field is that is nothing but numbers with blanks between them; else 0.
std::size_t numbers_in(std::string_view field) {
  std::size_t count = 0;
  while (!field.empty()) {
    const std::size_t end = std::min(field.find_first_of(" \n\r\t"), field.size());
    if (end > 0) {
      if (!is_table_number(field.substr(0, end), {})) return 0;
      ++count;
    }
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return count;
}

// "1,234", "5%", "$3", "-1.234,5": nothing but digits and what stands about them.
bool is_nearly_number(std::string_view field) {
  const bool has_digit = field.find_first_of("0123456789") != field.npos;
  const bool has_dress = field.find_first_of(",%$") != field.npos;
  return has_digit && has_dress && field.find_first_not_of("0123456789+-.,%$ ") == field.npos;
}

}  // namespace

std::vector<ColumnKind> kinds_of_columns(const std::vector<TableFields>& rows, std::size_t count,
                                         const TableLayout& layout) {
  std::vector<ColumnKind> kinds(count);
  for (const TableFields& row : rows) {
    for (std::size_t i = 0; i < std::min(row.size(), count); ++i) {
      ColumnKind& kind = kinds[i];
      if (is_table_number(row[i], layout)) {
        ++kind.numbers;
      } else if (is_missing_value(row[i])) {
        ++kind.missing;
      } else {
        const std::size_t pixels = row[i].size() < 2 * kLeastPixels - 1 ? 0 : numbers_in(row[i]);
        if (kind.words == 0) kind.pixels = pixels;
        if (pixels < kLeastPixels) kind.pixels = 0;
        kind.begins_with_word = kind.begins_with_word || kind.numbers == 0;
        kind.nearly += is_nearly_number(row[i]) ? 1 : 0;
        ++kind.words;
      }
    }
  }
  for (ColumnKind& kind : kinds) {
    if (kind.numbers > 0) kind.pixels = 0;
  }
  return kinds;
}

bool counts_rows(const std::vector<TableFields>& rows, std::size_t column,
                 const TableLayout& layout, bool from_anywhere) {
  double first = 0, value = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (column >= rows[row].size() || !parse_table_number(rows[row][column], layout, value)) {
      return false;
    }
    if (row == 0) first = value;
    if (value != first + static_cast<double>(row)) return false;
  }
  return from_anywhere || first == 0 || first == 1;
}

bool is_row_number_title(const std::string& title) {
  constexpr std::string_view kTitles[] = {"", "id", "index", "idx", "rownames", "row_names"};
  for (const std::string_view known : kTitles) {
    if (is_same_word(title, known)) return true;
  }
  return title.starts_with("Unnamed: ");
}

}  // namespace hourglass
