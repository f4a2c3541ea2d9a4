// Tables of numbers in text files.
#pragma once

#include "core/data/import/import.h"

namespace hourglass {

bool takes_tables(const ImportRequest& request);
// A folder of .csv and .tsv files in which no other text is but what explains them (README.txt).
bool takes_table_folder(const ImportRequest& request);
Imported import_tables(const ImportRequest& request);

}  // namespace hourglass
