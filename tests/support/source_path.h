// Files of the project that tests read.
#pragma once

#include <string>

namespace hourglass {

// The path of what stands `below` the project's folder: source_path("/assets/presets").
std::string source_path(const std::string& below);

}  // namespace hourglass
