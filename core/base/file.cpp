#include "core/base/file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#if __has_include(<unistd.h>)
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#define HOURGLASS_POSIX_FILES
#endif

#include "core/base/error.h"
#include "core/base/page_advice.h"

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

#ifdef HOURGLASS_POSIX_FILES
// Waits until nobody else writes to `file`. The lock goes with whoever holds it, however that ends.
// Some file systems have none: as without.
void lock(int file) {
#ifdef F_OFD_SETLKW
  struct flock whole = {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  while (fcntl(file, F_OFD_SETLKW, &whole) != 0 && errno == EINTR) continue;
#else
  (void)file;
#endif
}
#endif

// Opens `path`, empty, for this writer alone; null with errno if that fails.
std::FILE* open_alone(const std::filesystem::path& path) {
#ifdef HOURGLASS_POSIX_FILES
  for (;;) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return nullptr;
    lock(file);
    struct stat held, named;
    const bool is_there = fstat(file, &held) == 0 && stat(path.c_str(), &named) == 0 &&
                          held.st_dev == named.st_dev && held.st_ino == named.st_ino;
    if (is_there && ftruncate(file, 0) == 0) {
      if (std::FILE* const stream = fdopen(file, "wb")) return stream;
    }
    const int reason = errno;
    // While it is locked: another writer that comes after must not lose its own.
    if (is_there) unlink(path.c_str());
    close(file);
    errno = reason;
    if (is_there) return nullptr;
    // Whoever held it has finished, and it has its real name now.
  }
#else
  return std::fopen(path.string().c_str(), "wb");
#endif
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
  expect_to_fill(bytes.data(), bytes.capacity());
  // What resize() has written is still in cache when it is read over.
  constexpr std::size_t kPiece = 1 << 20;
  for (;;) {
    const std::size_t start = bytes.size();
    const std::size_t left = bytes.capacity() - start;
    const std::size_t room = left > 0 ? std::min(left, kPiece) : kPiece;
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

std::filesystem::path unfinished_name(const std::filesystem::path& path) {
  std::filesystem::path unfinished = path;
  unfinished += ".unfinished";
  return unfinished;
}

FileWriter::FileWriter(std::filesystem::path path)
    : path_(std::move(path)), unfinished_(unfinished_name(path_)), file_(open_alone(unfinished_)) {
  if (!file_) fail();
}

FileWriter::~FileWriter() {
  if (!file_) return;
  std::error_code error;
  std::filesystem::remove(unfinished_, error);
  std::fclose(file_);
}

void FileWriter::fail() const { hourglass::fail("write", path_); }

void FileWriter::write(std::span<const std::uint8_t> bytes) {
  // No bytes may mean no memory, which fwrite must not be given.
  if (bytes.empty()) return;
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail();
}

void FileWriter::finish() {
  if (std::fflush(file_) != 0) fail();
#ifdef HOURGLASS_POSIX_FILES
  if (fsync(fileno(file_)) != 0) fail();
#endif
  // Before it is closed, and with that unlocked: whoever waits must not find it under its old name.
  if (std::rename(unfinished_.string().c_str(), path_.string().c_str()) != 0) fail();
  if (std::fclose(std::exchange(file_, nullptr)) != 0) fail();
}

void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes) {
  FileWriter file(path);
  file.write(bytes);
  file.finish();
}

}  // namespace hourglass
