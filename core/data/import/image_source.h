// Images, one a file.
#pragma once

#include "core/data/import/import.h"

namespace hourglass {

bool takes_images(const ImportRequest& request);
Imported import_images(const ImportRequest& request);

}  // namespace hourglass
