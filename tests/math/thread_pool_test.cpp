#include "core/math/thread_pool.h"

#include <atomic>
#include <vector>

#include <doctest/doctest.h>

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
