// Texts: a file with one a line or row, or files of their own.
#pragma once

#include "core/data/import/import.h"

namespace hourglass {

bool takes_documents(const ImportRequest& request);
Imported import_documents(const ImportRequest& request);

}  // namespace hourglass
