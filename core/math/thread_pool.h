// A fixed team of threads that share the tasks of one job after another.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace hourglass {

// The caller's thread is worker 0; the pool starts the others once and keeps them. Tasks are handed
// out one at a time to whichever worker is free, so a task must not depend on the worker that runs
// it: that, and cutting jobs by shapes alone, is what keeps results equal over thread counts. Half
// of the workers begin with the first task and half with the last: with two threads each then meets
// the same tasks in every job of a kind, and finds what they use in its own cache.
class ThreadPool {
 public:
  // `threads` >= 1; 0 means one per core of this machine. Where the system gives fewer, because it
  // has no more of them or no memory for their stacks, the pool has those that it got: see size().
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // How many cores this machine has, at least 1.
  static int cores();

  int size() const { return static_cast<int>(workers_.size()) + 1; }

  // How many workers take tasks from the next run() on, held to [1, size()]; all of them at first.
  // The others sleep: a browser starts a thread only when the page gets its turn, so to end and
  // start threads while a run goes on could wait for ever. Not to be called at the same time as
  // run().
  void set_limit(int workers);
  int limit() const { return limit_.load(); }

  // Calls task(i, worker) for every i in [0, count), of which there may be a million, with worker
  // in [0, limit()), and returns when all have ended. Tasks must not call run(). What one of them
  // throws (memory can run out anywhere) is thrown here when none is running any more; of several,
  // one. With one worker, tasks after the one that threw are not called; with more, all are.
  // Allocates nothing.
  template <typename Task>
  void run(int count, Task&& task) {
    run_erased(
        count,
        [](void* context, int index, int worker) {
          (*static_cast<std::remove_reference_t<Task>*>(context))(index, worker);
        },
        const_cast<void*>(static_cast<const void*>(&task)));
  }

 private:
  using ErasedTask = void (*)(void* context, int index, int worker);

  void run_erased(int count, ErasedTask task, void* context);
  void work(int worker);
  void take_tasks(std::uint64_t job, int worker);

  // A ticket is the job's number and how many of its tasks were taken. The job's fields are only
  // trusted by a worker whose compare-and-swap on the ticket it read before them succeeds;
  // run_erased() moves the ticket to a closed job before it rewrites them, so a worker that comes
  // late cannot run a mixture of two jobs.
  std::atomic<std::uint64_t> ticket_{0};
  std::atomic<ErasedTask> task_{nullptr};
  std::atomic<void*> context_{nullptr};
  std::atomic<std::uint32_t> count_{0};
  std::atomic<std::uint32_t> unfinished_{0};

  std::mutex mutex_;
  std::exception_ptr failure_;  // of a task of this job
  std::condition_variable job_posted_;
  std::condition_variable job_finished_;
  std::condition_variable limit_raised_;
  std::atomic<int> limit_{1};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> workers_;
};

}  // namespace hourglass
