// What becomes of a table's missing values.
#pragma once

#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/import_options.h"
#include "core/data/import/table_columns.h"
#include "core/formats/table_values.h"

namespace hourglass {

// Which features stay once those are left out that have no value at all, and, if the options say
// so, those with a missing one. Adds what a person should know to `notes`. Throws Error if values
// are missing and the options do not say what is to be done, and if nothing would be left.
std::vector<bool> features_to_keep(const TableValues& values, const TableColumns& columns,
                                   const ImportOptions& options, const std::string& name,
                                   std::vector<Sentence>& notes);

// Which rows have a number for every feature that stays.
std::vector<bool> complete_rows(const TableValues& values, const std::vector<bool>& kept_features);

// The median of each feature's numbers over these rows.
std::vector<float> medians_of(const TableValues& values, const std::vector<std::uint32_t>& rows);

}  // namespace hourglass
