#include "native/cli/plan/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
  throw Error("The results cannot be written to '" + path.string() + "': " + why +
              "; --out names another folder.");
}

bool is_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// Whether a run writes a file of that name.
bool is_of_a_run(std::string name) {
  for (const char* known :
       {"model.safetensors", "history.csv", "reconstructions.png", "latent.png"}) {
    if (name == known) return true;
  }
  for (const auto& [start, end] : {std::pair<std::string, std::string>{"model-", ".safetensors"},
                                   {"reconstructions-", ".png"}}) {
    if (name.size() > start.size() + end.size() && name.starts_with(start) && name.ends_with(end) &&
        is_digits(name.substr(start.size(), name.size() - start.size() - end.size()))) {
      return true;
    }
  }
  return false;
}

}  // namespace

RunFolder::RunFolder(fs::path path, bool made) : path_(std::move(path)), made_(made) {}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : path_(std::move(other.path_)),
      made_(std::exchange(other.made_, false)),
      folder_(std::exchange(other.folder_, -1)) {}

RunFolder::~RunFolder() {
  // Nothing but an empty folder: whatever else has that name by now is not ours.
  if (made_) rmdir(path_.c_str());
  if (folder_ >= 0) close(folder_);
}

RunFolder RunFolder::of(const fs::path& path) {
  std::error_code error, unknown;
  const bool made = fs::create_directories(path, error);
  if (!fs::is_directory(path, unknown)) {
    const bool is_file = fs::exists(path, unknown) && !unknown;
    refuse(path, is_file ? "it is a file, and a folder is needed" : error.message());
  }
  RunFolder folder(path, made);
  folder.lock();
  return folder;
}

RunFolder RunFolder::fresh(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  fs::path next = path;
  // Of all who make a folder of one name at the same moment, one has made it.
  for (int i = 2; !fs::create_directory(next, error); ++i) {
    if (error) refuse(next, error.message());
    next = path;
    next += "-" + std::to_string(i);
  }
  RunFolder folder(next, /*made=*/true);
  folder.lock();
  return folder;
}

void RunFolder::lock() {
  if (access(path_.c_str(), W_OK | X_OK) != 0) refuse(path_, std::strerror(errno));
  folder_ = open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_ < 0 || flock(folder_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  throw Error("Another run is writing its results to '" + path_.string() +
              "'; wait until it has ended, or name another folder with --out.");
}

void RunFolder::remove_unfinished() const {
  std::error_code error;
  std::vector<fs::path> left;
  for (fs::directory_iterator entry(path_, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    fs::path plain = entry->path();
    plain.replace_extension();
    if (unfinished_name(plain) == entry->path() && is_of_a_run(plain.filename().string())) {
      left.push_back(entry->path());
    }
  }
  for (const fs::path& path : left) fs::remove(path, error);
}

}  // namespace hourglass
