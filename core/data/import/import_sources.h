// The kinds of data that the import knows, one row each: a new kind is a new row.
#pragma once

#include <span>

#include "core/data/import/import.h"

namespace hourglass {

struct ImportSource {
  // Whether these files are data of this kind.
  bool (*takes)(const ImportRequest& request);
  // Makes a data set of them. Throws Error with a sentence that says what would work.
  Imported (*import)(const ImportRequest& request);
};

// In the order in which they are asked.
std::span<const ImportSource> import_sources();

}  // namespace hourglass
