// Where the real data sets are, for tests that need them.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

namespace hourglass {

// The folder of data set `name` below HOURGLASS_DATA_DIR. If it is not there, prints a line
// "SKIPPED: ..." for `test` and returns nothing; the test then returns.
inline std::optional<std::filesystem::path> real_data(const char* name, const char* test) {
  const char* folder = std::getenv("HOURGLASS_DATA_DIR");
  if (folder == nullptr || *folder == '\0') {
    std::printf("SKIPPED: %s: HOURGLASS_DATA_DIR is not set.\n", test);
    return std::nullopt;
  }
  const std::filesystem::path path = std::filesystem::path(folder) / name;
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    std::printf("SKIPPED: %s: there is no folder %s.\n", test, path.string().c_str());
    return std::nullopt;
  }
  return path;
}

}  // namespace hourglass
