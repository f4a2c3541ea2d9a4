// A data set imported from files that a test makes.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/data/import/import.h"

namespace hourglass {

inline Imported import_of(std::vector<NamedBytes> files, const ImportOptions& options = {},
                          const std::string& name = "mine") {
  return import_data(*files_in_memory(name, std::move(files)), name, options);
}

}  // namespace hourglass
