// What a table's columns hold, as far as its first rows tell.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/data/import/table_header.h"

namespace hourglass {

// How many fields of a column are what.
struct ColumnKind {
  std::size_t numbers = 0, words = 0, missing = 0;
  // Numbers in the first field, if all fields are numbers between blanks, as of an image; or 0.
  std::size_t pixels = 0;
  std::size_t nearly = 0;  // of the words: numbers in a dress that is not read, "1,234", "5%", "$3"
  bool begins_with_word = false;

  // Numbers that cannot be read are no words: they are to be refused where they stand.
  bool is_word() const {
    return nearly < words && (words > numbers || (words == numbers && begins_with_word));
  }
};

// Of the first `count` columns of these rows.
std::vector<ColumnKind> kinds_of_columns(const std::vector<TableFields>& rows, std::size_t count,
                                         const TableLayout& layout);

// Whether the column has 0, 1, 2 or 1, 2, 3 and so on; `from_anywhere`: or 7, 8, 9.
bool counts_rows(const std::vector<TableFields>& rows, std::size_t column,
                 const TableLayout& layout, bool from_anywhere = false);

// "id", and what programs call a column of row numbers that had no name.
bool is_row_number_title(const std::string& title);

}  // namespace hourglass
