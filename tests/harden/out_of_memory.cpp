// A short whole session, in which one allocation fails: it starts, trains, makes a map by t-SNE,
// saves. Prints, for each allocation it was told of, whether the session lived through it.
//
//   hourglass_out_of_memory COUNT              how many allocations such a session makes
//   hourglass_out_of_memory FIRST LAST EACH    lets allocation FIRST, FIRST + EACH ... LAST fail,
//                                              each in a process of its own, once and for good
//   hourglass_out_of_memory AT FOR_GOOD 0      one of these in this process, for a debugger
//
// A session lives through it if nothing ends it, and afterwards, with memory again, it has the
// settings that it had, trains, and saves a checkpoint that can be read.
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>

#include "core/base/error.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/session/engine/session.h"

namespace {

std::atomic<long> allocations{0};
// The allocation that fails; whether it fails alone, or from it on there is no more memory than was
// in use by then.
std::atomic<long> failing{0};
bool for_good = false;
std::atomic<long long> in_use{0}, limit{0};

bool lacks_memory(std::size_t size) {
  if (failing == 0) return false;
  const long number = ++allocations;
  if (number == failing) {
    if (for_good) limit = in_use.load();
    return true;
  }
  return limit > 0 && in_use + static_cast<long long>(size) > limit;
}

void* counted(void* memory) {
  if (memory) in_use += static_cast<long long>(malloc_usable_size(memory));
  return memory;
}

}  // namespace

// The linker sends every call of the program's own code here (tests/harden/CMakeLists.txt).
extern "C" {
void* __real_malloc(std::size_t size);
void* __real_calloc(std::size_t number, std::size_t size);
void* __real_realloc(void* old, std::size_t size);
int __real_posix_memalign(void** out, std::size_t alignment, std::size_t size);
void* __real_aligned_alloc(std::size_t alignment, std::size_t size);
void __real_free(void* memory);

void* __wrap_malloc(std::size_t size) {
  return lacks_memory(size) ? nullptr : counted(__real_malloc(size));
}
void* __wrap_calloc(std::size_t number, std::size_t size) {
  return lacks_memory(number * size) ? nullptr : counted(__real_calloc(number, size));
}
void* __wrap_realloc(void* old, std::size_t size) {
  if (lacks_memory(size)) return nullptr;
  const auto before = static_cast<long long>(malloc_usable_size(old));
  void* const memory = __real_realloc(old, size);
  if (memory) in_use -= before;
  return counted(memory);
}
int __wrap_posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  if (lacks_memory(size)) return ENOMEM;
  const int wrong = __real_posix_memalign(out, alignment, size);
  if (wrong == 0) counted(*out);
  return wrong;
}
void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
  return lacks_memory(size) ? nullptr : counted(__real_aligned_alloc(alignment, size));
}
void __wrap_free(void* memory) {
  in_use -= static_cast<long long>(malloc_usable_size(memory));
  __real_free(memory);
}
}

// As the library's own, which lies where the linker does not reach.
void* operator new(std::size_t size) {
  for (;;) {
    if (void* const memory = std::malloc(size ? size : 1)) return memory;
    const std::new_handler handler = std::get_new_handler();
    if (!handler) throw std::bad_alloc();
    handler();
  }
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  for (;;) {
    if (void* const memory = std::aligned_alloc(unit, (size + unit - 1) / unit * unit)) {
      return memory;
    }
    const std::new_handler handler = std::get_new_handler();
    if (!handler) throw std::bad_alloc();
    handler();
  }
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return operator new(size, alignment);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size ? size : 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size ? size : 1);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

using namespace hourglass;
using namespace hourglass::session;

constexpr std::int64_t kBatch = 96;

Command tsne_command() { return {3, StartJob{"tsne", R"({"iterations":30})", 7}}; }

// Its clock goes on by a millisecond whenever it is looked at.
class Play {
 public:
  Play() : session_({.threads = 1, .engine_name = "harden", .clock = [this] { return tick(); }}) {}

  void send(Command command) { session_.handle(std::move(command)); }
  // So many turns, or until there is nothing more to do.
  void advance(int turns) {
    for (int turn = 0; turn < turns; ++turn) {
      const bool more = session_.advance(std::chrono::milliseconds(2));
      take();
      if (!more) return;
    }
  }
  void take() {
    for (Event& event : session_.take_events()) {
      if (std::get_if<Snapshot>(&event)) session_.handle({0, SnapshotTaken{}});
      if (auto* reply = std::get_if<Reply>(&event)) checkpoint = std::move(reply->checkpoint);
      if (auto* status = std::get_if<Status>(&event)) step = status->step;
    }
  }

  Bytes checkpoint;
  std::int64_t step = 0;

 private:
  std::chrono::steady_clock::time_point tick() { return now_ += std::chrono::milliseconds(1); }

  std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
  Session session_;
};

void prepare(Play& play) {
  play.send({1, SetSettings{{{"data.strokes_train", std::int64_t{300}},
                             {"data.strokes_test", std::int64_t{100}},
                             {"train.batch_size", kBatch},
                             {"noise.kind", std::string("masking")}}}});
  play.advance(400);
}

// `tsne` is made before memory is scarce: commands are their sender's.
void work(Play& play, Command tsne) {
  play.send({2, session::Step{6}});
  play.advance(60);
  play.send(std::move(tsne));
  play.advance(60);
  play.send({4, session::Run{}});
  play.advance(8);
  play.send({5, Pause{}});
  play.send({6, SaveCheckpoint{}});
  play.advance(60);
}

// Exit statuses of a child.
enum Lived { kLived = 0, kLostSettings = 10, kLostRun = 11, kSavesNothing = 12, kThrew = 13 };

int live_on(Play& play) {
  const std::int64_t before = play.step;
  play.checkpoint.clear();
  play.send({7, Pause{}});
  play.advance(2000);
  play.send({8, session::Step{3}});
  play.advance(2000);
  if (play.step < before) return kLostRun;
  play.send({9, SaveCheckpoint{}});
  play.advance(2000);
  if (play.checkpoint.empty()) return kSavesNothing;
  const Safetensors file = read_safetensors(play.checkpoint, "The checkpoint");
  const RunInfo info = read_run_info(file, "The checkpoint");
  return info.settings.integer("train.batch_size") == kBatch ? kLived : kLostSettings;
}

int attempt(Play& play, long at, bool is_for_good) {
  Command tsne = tsne_command();
  try {
    for_good = is_for_good;
    failing = at;
    work(play, std::move(tsne));
  } catch (const std::exception&) {
    return kThrew;
  }
  failing = 0;
  return live_on(play);
}

// In a process of its own; how it ended, as waitpid() tells.
int attempt_apart(Play& play, long at, bool is_for_good) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    _exit(attempt(play, at, is_for_good));
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  Play play;
  prepare(play);
  if (argc == 2) {
    Command tsne = tsne_command();
    failing = 1L << 60;
    work(play, std::move(tsne));
    std::printf("%ld\n", allocations.load());
    failing = 0;
    return live_on(play);
  }
  if (argc == 4 && std::atol(argv[3]) == 0) {  // in this process, for a debugger
    return attempt(play, std::atol(argv[1]), std::atol(argv[2]) != 0);
  }
  if (argc != 4) return 2;
  const long first = std::atol(argv[1]), last = std::atol(argv[2]), each = std::atol(argv[3]);
  for (long n = first; n <= last; n += each > 0 ? each : 1) {
    for (const bool is_for_good : {false, true}) {
      const int status = attempt_apart(play, n, is_for_good);
      const bool lived = WIFEXITED(status) && WEXITSTATUS(status) == kLived;
      std::printf("%ld %s %s %d\n", n, is_for_good ? "full" : "once",
                  lived                 ? "lived"
                  : WIFSIGNALED(status) ? "signal"
                                        : "exit",
                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
  }
  return 0;
}
