// MATLAB's files as data.
#pragma once

#include "core/data/import/import.h"

namespace hourglass {

bool takes_mat(const ImportRequest& request);
// Arrays of samples with their labels, found as those of an NPZ archive are.
Imported import_mat(const ImportRequest& request);

}  // namespace hourglass
