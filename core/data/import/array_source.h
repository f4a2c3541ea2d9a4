// NumPy's arrays.
#pragma once

#include "core/data/import/import.h"

namespace hourglass {

bool takes_arrays(const ImportRequest& request);
Imported import_arrays(const ImportRequest& request);

}  // namespace hourglass
