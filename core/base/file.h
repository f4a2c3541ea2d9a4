// Whole files in, whole files out.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <span>
#include <vector>

namespace hourglass {

// The bytes of `path`. Throws Error if it cannot be read or holds more than `most_bytes`.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path,
                                    std::uint64_t most_bytes = std::uint64_t{4} << 30);

// Replaces a file piece by piece: what is written goes beside it, and finish() flushes that to the
// disk and renames it, so that a crash or a full disk leaves either the old file or the new one,
// never half of one. Two that write the same file at the same time, in whatever process, take
// turns: the second waits. Every function throws Error if it cannot.
class FileWriter {
 public:
  explicit FileWriter(std::filesystem::path path);
  ~FileWriter();  // without finish(), the file is as it was
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(std::span<const std::uint8_t> bytes);
  void finish();

 private:
  [[noreturn]] void fail() const;

  std::filesystem::path path_, unfinished_;
  std::FILE* file_ = nullptr;
};

// The name beside `path` under which it is written: a process that is killed leaves it behind.
std::filesystem::path unfinished_name(const std::filesystem::path& path);

// Replaces `path` by `bytes`, as FileWriter does it. Throws Error.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

}  // namespace hourglass
