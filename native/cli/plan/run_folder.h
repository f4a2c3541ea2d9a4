// The folder that a run has for itself.
#pragma once

#include <filesystem>
#include <string>

namespace hourglass {

// Makes the folder of a run and keeps other runs out of it while it lives. The lock (flock) is on
// the folder itself: no file is left behind, and it goes with the process, however that ends. A
// file system that knows no locks is used without.
class RunFolder {
 public:
  // The folder that --out names, or that of the run which goes on; made if it is not there. Throws
  // Error if it cannot be made or written to, or if another run is writing to it.
  static RunFolder of(const std::filesystem::path& path);
  // A new folder called `path`, or `path`-2, `path`-3, ... if that is there: of runs that start at
  // the same moment each has its own. Throws Error if none can be made.
  static RunFolder fresh(const std::filesystem::path& path);

  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;
  ~RunFolder();  // a folder that this made and that has nothing in it goes away

  const std::filesystem::path& path() const { return path_; }

  // Removes what a run that was killed while it wrote has left here.
  void remove_unfinished() const;

 private:
  RunFolder(std::filesystem::path path, bool made);
  void lock();

  std::filesystem::path path_;
  bool made_ = false;
  int folder_ = -1;
};

}  // namespace hourglass
