// A library that is put before all others (LD_PRELOAD) and makes the system fail a program:
//
//   HOURGLASS_FAULT         what happens: kill, kill-half, kill-after, full, short, once
//   HOURGLASS_FAULT_AT      at which call, from 1, of those that change a file in ...
//   HOURGLASS_FAULT_FOLDER  ... this folder: open, write, fsync, rename, unlink, truncate
//   HOURGLASS_FAULT_MEMORY  which allocation of main() finds no memory; with HOURGLASS_FAULT=full
//                           from there on no more can be had than was in use, else it fails alone
//   HOURGLASS_FAULT_COUNT   a file into which the number of calls and of allocations is written
//   HOURGLASS_FAULT_HURRY   how many times faster clocks run, so that what is saved once a second
//                           is saved after every mini-batch
//
// "kill" ends the program before the call, "kill-half" after half of the bytes of a write,
// "kill-after" behind it. "full" fails this call and all that follow as a full disk does, "short"
// writes half of the bytes and then does, and "once" fails this one alone as a broken disk does.
// It is for Linux and its C library, and for tests alone.
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t number, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
}

namespace {

enum class Fault { kNone, kKill, kKillHalf, kKillAfter, kFull, kShort, kOnce };

Fault fault = Fault::kNone;
const char* folder = nullptr;
long at_call = 0, at_allocation = 0, hurry = 1;
std::atomic<long> calls{0}, allocations{0};
// The streams whose writes are counted: the program has a few files open at a time.
constexpr int kMaxStreams = 16;
struct Stream {
  FILE* stream;
  int descriptor;
} streams[kMaxStreams];

long number_of(const char* name) {
  const char* const text = std::getenv(name);
  return text ? std::atol(text) : 0;
}

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

bool is_watched(const char* path) {
  return folder && path && std::strncmp(path, folder, std::strlen(folder)) == 0;
}
bool is_watched(int descriptor) {
  char link[64], path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return false;
  path[length] = 0;
  return is_watched(path);
}

[[noreturn]] void end_here() {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

// Counts a call. Whether it is to fail; `errno` then says how.
bool fails() {
  const long number = ++calls;
  if (fault == Fault::kKill && number == at_call) end_here();
  if (fault == Fault::kOnce && number == at_call) {
    errno = EIO;
    return true;
  }
  const bool is_full =
      fault == Fault::kFull ? number >= at_call : fault == Fault::kShort && number > at_call;
  if (is_full && at_call > 0) errno = ENOSPC;
  return is_full && at_call > 0;
}
void ends_after() {
  if ((fault == Fault::kKillAfter || fault == Fault::kKillHalf) && calls == at_call) end_here();
}

ssize_t write_all(int descriptor, const char* bytes, std::size_t size) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t written = ::write(descriptor, bytes + done, size - done);
    if (written < 0) return done > 0 ? static_cast<ssize_t>(done) : -1;
    done += static_cast<std::size_t>(written);
  }
  return static_cast<ssize_t>(done);
}

// What a stream does with its buffer.
ssize_t write_stream(void* cookie, const char* bytes, std::size_t size) {
  const int descriptor = static_cast<Stream*>(cookie)->descriptor;
  if (fails()) return 0;
  const bool half = (fault == Fault::kKillHalf || fault == Fault::kShort) && calls == at_call;
  const ssize_t written = write_all(descriptor, bytes, half ? size / 2 : size);
  ends_after();
  if (half) errno = ENOSPC;
  return written < 0 ? 0 : written;
}
int close_stream(void* cookie) {
  Stream* const stream = static_cast<Stream*>(cookie);
  const int result = close(stream->descriptor);
  *stream = {};
  return result;
}

// What is taken and given back, and the most of it that there is.
std::atomic<long long> in_use{0}, limit{0};

bool lacks_memory(std::size_t size) {
  if (at_allocation == 0) return false;
  const long number = ++allocations;
  if (number == at_allocation) {
    if (fault == Fault::kFull) limit = in_use.load();
    return true;
  }
  return limit > 0 && in_use + static_cast<long long>(size) > limit;
}

void* counted(void* memory) {
  if (memory) in_use += static_cast<long long>(malloc_usable_size(memory));
  return memory;
}

// The program's own main(), from which on its allocations are counted: what libraries set up before
// nobody can catch.
int (*real_main)(int, char**, char**) = nullptr;

void begin() {
  const char* const name = std::getenv("HOURGLASS_FAULT");
  constexpr const char* kNames[] = {"none", "kill",  "kill-half", "kill-after",
                                    "full", "short", "once"};
  for (int i = 0; name && i < 7; ++i) {
    if (std::strcmp(name, kNames[i]) == 0) fault = static_cast<Fault>(i);
  }
  folder = std::getenv("HOURGLASS_FAULT_FOLDER");
  at_call = number_of("HOURGLASS_FAULT_AT");
  hurry = number_of("HOURGLASS_FAULT_HURRY");
  at_allocation = number_of("HOURGLASS_FAULT_MEMORY");
}

int counted_main(int argc, char** argv, char** environment) {
  begin();
  return real_main(argc, argv, environment);
}

__attribute__((destructor)) void tell() {
  const char* const path = std::getenv("HOURGLASS_FAULT_COUNT");
  if (!path) return;
  char text[64];
  const int length =
      std::snprintf(text, sizeof text, "%ld %ld\n", calls.load(), allocations.load());
  at_allocation = 0;  // what follows needs memory
  const int file =
      next<int(const char*, int, ...)>("open")(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (file < 0) return;
  (void)!::write(file, text, static_cast<std::size_t>(length));
  close(file);
}

}  // namespace

extern "C" {

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(),
                      void (*fini)(), void (*loader_fini)(), void* stack_end) {
  using Start =
      int(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*);
  real_main = main;
  return next<Start>("__libc_start_main")(counted_main, argc, argv, init, fini, loader_fini,
                                          stack_end);
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
  va_end(rest);
  static const auto real = next<int(const char*, int, ...)>("open");
  const bool counts = (flags & O_CREAT) != 0 && is_watched(path);
  if (counts && fails()) return -1;
  const int file = real(path, flags, mode);
  if (counts) ends_after();
  return file;
}

FILE* fdopen(int descriptor, const char* mode) {
  static const auto real = next<FILE*(int, const char*)>("fdopen");
  if (mode[0] != 'w' || !is_watched(descriptor)) return real(descriptor, mode);
  for (Stream& stream : streams) {
    if (stream.stream) continue;
    stream.descriptor = descriptor;
    stream.stream = fopencookie(&stream, mode, {nullptr, write_stream, nullptr, close_stream});
    return stream.stream;
  }
  errno = EMFILE;
  return nullptr;
}

int fileno(FILE* file) noexcept {
  static const auto real = next<int(FILE*)>("fileno");
  for (const Stream& stream : streams) {
    if (stream.stream == file && file) return stream.descriptor;
  }
  return real(file);
}

int fsync(int descriptor) {
  static const auto real = next<int(int)>("fsync");
  if (!is_watched(descriptor)) return real(descriptor);
  if (fails()) return -1;
  const int result = real(descriptor);
  ends_after();
  return result;
}

int ftruncate(int descriptor, off_t size) noexcept {
  static const auto real = next<int(int, off_t)>("ftruncate");
  if (!is_watched(descriptor)) return real(descriptor, size);
  if (fails()) return -1;
  const int result = real(descriptor, size);
  ends_after();
  return result;
}

int rename(const char* from, const char* to) noexcept {
  static const auto real = next<int(const char*, const char*)>("rename");
  if (!is_watched(to)) return real(from, to);
  if (fails()) return -1;
  const int result = real(from, to);
  ends_after();
  return result;
}

int clock_gettime(clockid_t clock, struct timespec* time) noexcept {
  static const auto real = next<int(clockid_t, struct timespec*)>("clock_gettime");
  const int result = real(clock, time);
  if (hurry <= 1 || clock != CLOCK_MONOTONIC || result != 0) return result;
  // From the first look on; all of it in 64 bits would be past their end.
  static const time_t start = time->tv_sec;
  const long long since =
      ((time->tv_sec - start) * 1'000'000'000LL + time->tv_nsec) * static_cast<long long>(hurry);
  time->tv_sec = start + static_cast<time_t>(since / 1'000'000'000LL);
  time->tv_nsec = static_cast<long>(since % 1'000'000'000LL);
  return result;
}

void* malloc(std::size_t size) noexcept {
  if (!lacks_memory(size)) return counted(__libc_malloc(size));
  errno = ENOMEM;
  return nullptr;
}
void* calloc(std::size_t number, std::size_t size) noexcept {
  if (!lacks_memory(number * size)) return counted(__libc_calloc(number, size));
  errno = ENOMEM;
  return nullptr;
}
void* realloc(void* old, std::size_t size) noexcept {
  if (lacks_memory(size)) {
    errno = ENOMEM;
    return nullptr;
  }
  const auto before = static_cast<long long>(malloc_usable_size(old));
  void* const memory = __libc_realloc(old, size);
  if (memory || size == 0) in_use -= before;
  return counted(memory);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  if (!lacks_memory(size)) return counted(__libc_memalign(alignment, size));
  errno = ENOMEM;
  return nullptr;
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) noexcept {
  if (lacks_memory(size)) return ENOMEM;
  *out = counted(__libc_memalign(alignment, size));
  return *out ? 0 : ENOMEM;
}
void free(void* memory) noexcept {
  if (!memory) return;
  in_use -= static_cast<long long>(malloc_usable_size(memory));
  __libc_free(memory);
}
}
