#include "native/data_files.h"

#include <array>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/data/gzip.h"
#include "core/data/mnist.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 4> kFiles = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                               "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

// The file with or without .gz; empty if there is neither.
fs::path find_file(const fs::path& folder, const char* name) {
  for (const char* ending : {"", ".gz"}) {
    const fs::path path = folder / (std::string(name) + ending);
    std::error_code error;
    if (fs::is_regular_file(path, error)) return path;
  }
  return {};
}

}  // namespace

fs::path data_folder() {
  const char* const named = std::getenv("HOURGLASS_DATA_DIR");
  return named && *named ? fs::path(named) : fs::path("data");
}

bool has_data(const std::string& name) {
  for (const char* file : kFiles) {
    if (find_file(data_folder() / name, file).empty()) return false;
  }
  return true;
}

Dataset load_data(const std::string& name) { return load_idx_folder(data_folder() / name, name); }

session::Command answer_data_wanted(const std::string& name) {
  try {
    session::ProvideData data;
    data.name = name;
    session::Bytes* const places[] = {&data.train_images, &data.train_labels, &data.test_images,
                                      &data.test_labels};
    for (std::size_t i = 0; i < kFiles.size(); ++i) {
      const fs::path path = find_file(data_folder() / name, kFiles[i]);
      if (path.empty()) {
        throw Error("The data set '" + name + "' is not in '" + data_folder().string() +
                    "': run ./dev data to download it, or use Strokes, which needs no files.");
      }
      *places[i] = read_file(path);
    }
    return {.id = 0, .body = std::move(data)};
  } catch (const Error& error) {
    return {.id = 0, .body = session::DataFailed{name, error.what()}};
  }
}

}  // namespace hourglass
