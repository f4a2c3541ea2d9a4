// IDX files, in which MNIST and its kin are published.
#pragma once

#include "core/data/import/import.h"

namespace hourglass {

bool takes_idx(const ImportRequest& request);
Imported import_idx(const ImportRequest& request);

}  // namespace hourglass
