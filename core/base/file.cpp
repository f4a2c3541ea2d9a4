#include "core/base/file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

#include "core/base/error.h"

namespace hourglass {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePointer = std::unique_ptr<std::FILE, CloseFile>;

[[noreturn]] void fail(const char* what, const std::filesystem::path& path) {
  throw Error(std::string("Cannot ") + what + " '" + path.string() + "': " + std::strerror(errno) +
              ".");
}

}  // namespace

std::vector<std::uint8_t> read_file(const std::filesystem::path& path, std::uint64_t most_bytes) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    throw Error("Cannot read '" + path.string() + "': it is a folder, and a file is needed.");
  }
  const FilePointer file(std::fopen(path.string().c_str(), "rb"));
  if (!file) fail("read", path);
  // Read in pieces rather than by the size that the file system tells: that is 0 for pipes.
  std::vector<std::uint8_t> bytes;
  const auto told = std::filesystem::file_size(path, error);
  if (!error && told <= most_bytes) bytes.reserve(static_cast<std::size_t>(told) + 1);
  constexpr std::size_t kPiece = 1 << 20;
  for (;;) {
    const std::size_t start = bytes.size();
    const std::size_t room = bytes.capacity() > start ? bytes.capacity() - start : kPiece;
    bytes.resize(start + room);
    const std::size_t got = std::fread(bytes.data() + start, 1, room, file.get());
    bytes.resize(start + got);
    if (bytes.size() > most_bytes) {
      throw Error("Cannot read '" + path.string() + "': it holds more than the " +
                  std::to_string(most_bytes) + " bytes that are allowed.");
    }
    if (got < room) break;
  }
  if (std::ferror(file.get())) fail("read", path);
  return bytes;
}

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  std::filesystem::path unfinished = path;
  unfinished += ".unfinished";
  FilePointer file(std::fopen(unfinished.string().c_str(), "wb"));
  if (!file) fail("write", path);
  // No bytes may mean no memory, which fwrite must not be given.
  bool good = bytes.empty() ||
              std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  good = good && std::fflush(file.get()) == 0;
#if __has_include(<unistd.h>)
  good = good && fsync(fileno(file.get())) == 0;
#endif
  good = std::fclose(file.release()) == 0 && good;
  std::error_code error;
  if (!good) {
    const int reason = errno;
    std::filesystem::remove(unfinished, error);
    errno = reason;
    fail("write", path);
  }
  std::filesystem::rename(unfinished, path, error);
  if (error) {
    errno = error.value();
    fail("write", path);
  }
}

}  // namespace hourglass
