#include "native/platform/data_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/data/sources/csv.h"
#include "core/data/sources/mnist.h"
#include "core/data/sources/npy_dataset.h"
#include "core/data/sources/png_folder.h"

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

// The ending of a file's name in small letters, .gz left out.
std::string ending_of(const fs::path& path) {
  fs::path plain = path;
  if (plain.extension() == ".gz") plain.replace_extension();
  std::string ending = plain.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending;
}

Dataset load_folder(const fs::path& folder, const std::string& name,
                    const session::Settings& settings) {
  const bool has_idx = std::any_of(kFiles.begin(), kFiles.end(), [&](const char* file) {
    return !find_file(folder, file).empty();
  });
  if (has_idx) return load_idx_folder(folder, name);
  if (!has_png_files(folder)) {
    throw Error("The folder '" + folder.string() +
                "' holds neither PNG images (no other kind is read) nor " + kFiles[0] + ", " +
                kFiles[1] + ", " + kFiles[2] + " and " + kFiles[3] +
                " (each plain or with .gz), which would be MNIST's layout.");
  }
  return load_png_folder(folder, name,
                         {.side = static_cast<int>(settings.integer("data.image_side")),
                          .colour = settings.flag("data.colour")});
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

Dataset load_data_path(const fs::path& path, const session::Settings& settings) {
  std::error_code error;
  const std::string name = to_utf8(fs::weakly_canonical(path, error).filename().string());
  if (fs::is_directory(path, error)) return load_folder(path, name, settings);
  if (!fs::exists(path, error)) throw Error("There is no file or folder '" + path.string() + "'.");
  const std::string ending = ending_of(path);
  if (ending == ".npy") return load_npy_dataset(path, name);
  if (ending == ".csv" || ending == ".tsv") {
    return dataset_from_csv(read_file(path), path.string(), name, settings.text("data.label"));
  }
  throw Error("'" + path.string() + "' cannot be used as data: its name ends in " +
              (ending.empty() ? "none of the endings that are known" : "'" + ending + "'") +
              ", and data are " + kDataPathKinds + " (.csv and .npy also with .gz).");
}

session::Command answer_data_wanted(const std::string& name) {
  try {
    session::ProvideData data;
    data.name = name;
    session::Bytes* const places[] = {&data.train_images, &data.train_labels, &data.test_images,
                                      &data.test_labels};
    for (std::size_t i = 0; i < kFiles.size(); ++i) {
      const fs::path path = find_file(data_folder() / name, kFiles[i]);
      if (path.empty()) {
        throw Error("The file '" + std::string(kFiles[i]) + "' of the data set '" + name +
                    "' is not in '" + (data_folder() / name).string() +
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
