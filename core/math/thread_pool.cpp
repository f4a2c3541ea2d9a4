#include "core/math/thread_pool.h"

#include <algorithm>
#include <cassert>
#include <new>
#include <system_error>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace hourglass {
namespace {

// The two barriers of a training step are microseconds apart, far less than it takes to wake a
// sleeping thread; so a waiting thread looks this many times before it goes to sleep.
constexpr int kSpins = 4000;

void relax() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

// Numbers too small to be normal cost up to 68 times as much as others, and the moments of an
// optimizer decay into them. Where the processor can, it takes them for zero while tasks run; what
// the caller computes outside of them stays as exact as it was.
class FlushDenormals {
 public:
#if defined(__x86_64__)
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040); }
  ~FlushDenormals() { _mm_setcsr(before_); }

 private:
  unsigned before_;
#else
  FlushDenormals() {}  // written out, so that an object of it counts as used
#endif
};

// A ticket: the job's number, and how many of its tasks were taken from the end and from the
// beginning.
constexpr int kTaskBits = 20;
constexpr std::uint64_t kTaskMask = (std::uint64_t{1} << kTaskBits) - 1;
constexpr std::uint64_t kFromFront = 1, kFromBack = std::uint64_t{1} << kTaskBits;

std::uint64_t ticket_of(std::uint64_t job) { return job << (2 * kTaskBits); }
std::uint64_t job_of(std::uint64_t ticket) { return ticket >> (2 * kTaskBits); }
std::uint64_t next_job(std::uint64_t job) { return job_of(ticket_of(job + 1)); }
std::uint64_t taken_from_front(std::uint64_t ticket) { return ticket & kTaskMask; }
std::uint64_t taken_from_back(std::uint64_t ticket) { return ticket >> kTaskBits & kTaskMask; }

}  // namespace

int ThreadPool::cores() {
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

ThreadPool::ThreadPool(int threads) {
  if (threads <= 0) threads = cores();
  limit_.store(threads);
  try {
    workers_.reserve(threads - 1);
    for (int worker = 1; worker < threads; ++worker) {
      workers_.emplace_back([this, worker] { work(worker); });
    }
  } catch (const std::system_error&) {
    // It does with fewer.
  } catch (const std::bad_alloc&) {
    // It does with fewer.
  }
  limit_.store(size());  // those that there are work for all
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  job_posted_.notify_all();
  limit_raised_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::set_limit(int workers) {
  {
    const std::lock_guard lock(mutex_);
    limit_.store(std::clamp(workers, 1, size()));
  }
  limit_raised_.notify_all();
}

void ThreadPool::run_erased(int count, ErasedTask task, void* context) {
  const FlushDenormals flush;
  if (limit_.load() <= 1 || count <= 1) {
    for (int i = 0; i < count; ++i) task(context, i, 0);
    return;
  }
  assert(static_cast<std::uint64_t>(count) <= kTaskMask);
  // Every other number is that of a job of which all tasks are taken.
  const std::uint64_t closed = next_job(job_of(ticket_.load())), job = next_job(closed);
  ticket_.store(ticket_of(closed) | kTaskMask);
  task_.store(task);
  context_.store(context);
  count_.store(static_cast<std::uint32_t>(count));
  unfinished_.store(static_cast<std::uint32_t>(count));
  {
    const std::lock_guard lock(mutex_);
    ticket_.store(ticket_of(job));
  }
  job_posted_.notify_all();
  take_tasks(job, 0);
  for (int spin = 0; spin < kSpins && unfinished_.load() != 0; ++spin) relax();
  if (unfinished_.load() != 0) {
    std::unique_lock lock(mutex_);
    job_finished_.wait(lock, [this] { return unfinished_.load() == 0; });
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::take_tasks(std::uint64_t job, int worker) {
  for (;;) {
    std::uint64_t ticket = ticket_.load();
    const ErasedTask task = task_.load();
    void* const context = context_.load();
    const std::uint32_t count = count_.load();
    const std::uint64_t front = taken_from_front(ticket), back = taken_from_back(ticket);
    if (job_of(ticket) != job || front + back >= count) return;
    const bool from_front = worker % 2 == 0;
    if (!ticket_.compare_exchange_weak(ticket, ticket + (from_front ? kFromFront : kFromBack))) {
      continue;
    }
    try {
      task(context, static_cast<int>(from_front ? front : count - 1 - back), worker);
    } catch (...) {
      const std::lock_guard lock(mutex_);
      failure_ = std::current_exception();
    }
    if (unfinished_.fetch_sub(1) == 1) {
      // The lock orders this against a caller that is just about to sleep.
      const std::lock_guard lock(mutex_);
      job_finished_.notify_one();
    }
  }
}

void ThreadPool::work(int worker) {
  const FlushDenormals flush;
  std::uint64_t seen = 0;
  for (;;) {
    if (worker >= limit_.load()) {
      std::unique_lock lock(mutex_);
      limit_raised_.wait(lock, [&] { return stop_ || worker < limit_.load(); });
      if (stop_) return;
    }
    std::uint64_t job = seen;
    for (int spin = 0; spin < kSpins; ++spin) {
      job = job_of(ticket_.load());
      if (job != seen) break;
      relax();
    }
    if (job == seen) {
      std::unique_lock lock(mutex_);
      job_posted_.wait(lock, [&] { return stop_ || job_of(ticket_.load()) != seen; });
      job = job_of(ticket_.load());
    }
    if (stop_) return;
    seen = job;
    // The limit was set before the job was posted, so whoever sees the job sees its limit.
    if (worker < limit_.load()) take_tasks(job, worker);
  }
}

}  // namespace hourglass
