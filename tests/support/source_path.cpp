#include "tests/support/source_path.h"

namespace hourglass {

// Here alone: what is compiled with the folder's name is compiled anew in every other folder.
std::string source_path(const std::string& below) { return HOURGLASS_SOURCE_DIR + below; }

}  // namespace hourglass
