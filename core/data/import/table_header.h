// Whether a table's first line has the columns' titles.
#pragma once

#include <string_view>
#include <vector>

#include "core/formats/table_text.h"

namespace hourglass {

using TableFields = std::vector<std::string_view>;

// Whether the two are the same but for small and capital letters.
bool is_same_word(std::string_view a, std::string_view b);

// Whether a field is a number.
bool is_table_number(std::string_view field, const TableLayout& layout);

// What is seen of a table's first line and of those below it.
//   titles   no field is a number; one is `label` or `class`; the fields count from 0; or one is a
//            word above numbers alone; or they go up in equal steps above numbers that are all
//            smaller, as wavelengths do
//   mangled  a line of data that pandas took for titles: "0,0.1,0.2,5,0.3" were 0, 0, 0, 5, 0
enum class FirstLine { kData, kTitles, kMangledTitles };
FirstLine first_line_of(const std::vector<TableFields>& records, const TableLayout& layout);

}  // namespace hourglass
