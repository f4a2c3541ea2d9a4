#include "core/math/thread_pool.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <thread>
#include <vector>

using namespace hourglass;

TEST_CASE("every task runs exactly once, in many jobs of all sizes") {
  for (const int threads : {1, 2, 3, 8}) {
    ThreadPool pool(threads);
    CHECK(pool.size() == threads);
    for (int job = 0; job < 2000; ++job) {
      const int count = job % 23;
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(count));
      std::atomic<bool> worker_ok = true;
      pool.run(count, [&](int index, int worker) {
        ++runs[static_cast<std::size_t>(index)];
        if (worker < 0 || worker >= threads) worker_ok = false;
      });
      bool once = worker_ok;
      for (const auto& run : runs) once = once && run == 1;
      REQUIRE(once);
    }
  }
}

TEST_CASE("after a task that threw, one worker calls no more, and several call all") {
  for (const int threads : {1, 3}) {
    CAPTURE(threads);
    ThreadPool pool(threads);
    std::atomic<int> calls{0};
    CHECK_THROWS_AS(pool.run(10,
                             [&](int index, int) {
                               ++calls;
                               if (index == 3) throw std::bad_alloc();
                             }),
                    std::bad_alloc);
    CHECK(calls == (threads == 1 ? 4 : 10));
  }
}

TEST_CASE("what a task throws, on whichever thread, is thrown by run(), and the pool goes on") {
  for (const int threads : {1, 2, 4}) {
    ThreadPool pool(threads);
    for (int job = 0; job < 200; ++job) {
      std::atomic<int> ended = 0;
      CHECK_THROWS_AS(pool.run(16,
                               [&](int index, int) {
                                 if (index == job % 16) throw std::bad_alloc();
                                 ++ended;
                               }),
                      std::bad_alloc);
      if (threads > 1) CHECK(ended == 15);
      ended = 0;
      pool.run(16, [&](int, int) { ++ended; });
      REQUIRE(ended == 16);
    }
  }
}

TEST_CASE("denormal numbers are zero in tasks and exact outside of them") {
  for (const int threads : {1, 3}) {
    ThreadPool pool(threads);
    volatile float smallest = 1e-38f;  // times a tenth it is below what is normal
    volatile float in_task = 1;
    pool.run(threads, [&](int index, int) {
      if (index == 0) in_task = smallest * 0.1f;
    });
#if defined(__x86_64__)
    CHECK(in_task == 0);
#endif
    CHECK(smallest * 0.1f > 0);
  }
}

TEST_CASE("what the tasks wrote is seen by the caller") {
  ThreadPool pool(4);
  std::vector<int> values(10000);
  for (int round = 1; round <= 50; ++round) {
    pool.run(100, [&](int index, int) {
      for (int i = 0; i < 100; ++i) values[static_cast<std::size_t>(index * 100 + i)] += round;
    });
  }
  bool all = true;
  for (const int value : values) all = all && value == 50 * 51 / 2;
  CHECK(all);
}

TEST_CASE("a limit keeps workers from tasks, can be changed between jobs, and costs no task") {
  ThreadPool pool(4);
  CHECK(pool.limit() == 4);
  for (int round = 0; round < 400; ++round) {
    const int limit = round % 6;  // beyond both ends
    pool.set_limit(limit);
    const int workers = std::clamp(limit, 1, 4);
    REQUIRE(pool.limit() == workers);
    REQUIRE(pool.size() == 4);
    std::atomic<int> runs = 0;
    std::atomic<bool> worker_ok = true;
    for (int job = 0; job < 5; ++job) {
      pool.run(16, [&](int, int worker) {
        ++runs;
        if (worker >= workers) worker_ok = false;
      });
    }
    REQUIRE(runs == 5 * 16);
    REQUIRE(worker_ok);
  }
  // Those that slept take part again: both wait until two are there.
  pool.set_limit(1);
  pool.run(2, [](int, int) {});
  pool.set_limit(2);
  std::atomic<int> arrived = 0;
  pool.run(2, [&](int, int) {
    ++arrived;
    while (arrived < 2) std::this_thread::yield();
  });
  CHECK(arrived == 2);
}
