// Processes that are threads: what several that train one model do, inside one test.
#pragma once

#include <barrier>
#include <exception>
#include <memory>
#include <thread>
#include <vector>

#include "core/train/communicator.h"

namespace hourglass::tests {

class ThreadCommunicator : public Communicator {
 public:
  // What the ranks of one run share.
  struct Meeting {
    explicit Meeting(int ranks) : barrier(ranks), spans(ranks) {}
    std::barrier<> barrier;
    std::vector<void*> spans;
  };

  ThreadCommunicator(std::shared_ptr<Meeting> meeting, int rank)
      : meeting_(std::move(meeting)), rank_(rank) {}

  int rank() const override { return rank_; }
  int ranks() const override { return static_cast<int>(meeting_->spans.size()); }
  void all_reduce(std::span<float> values) override { sum_all(values); }
  void all_reduce(std::span<double> values) override { sum_all(values); }
  void broadcast(std::span<Scalar> values) override {
    meet(values, [](auto& result, const Scalar* other, int rank) {
      if (rank == 0) result.assign(other, other + result.size());
    });
  }

 private:
  template <typename Number>
  void sum_all(std::span<Number> values) {
    meet(values, [](auto& result, const Number* other, int) {
      for (std::size_t i = 0; i < result.size(); ++i) result[i] += other[i];
    });
  }

  template <typename Number, typename Add>
  void meet(std::span<Number> values, Add add) {
    meeting_->spans[static_cast<std::size_t>(rank_)] = values.data();
    meeting_->barrier.arrive_and_wait();
    std::vector<Number> result(values.size());
    for (int rank = 0; rank < ranks(); ++rank) {
      add(result, static_cast<const Number*>(meeting_->spans[static_cast<std::size_t>(rank)]),
          rank);
    }
    meeting_->barrier.arrive_and_wait();
    std::copy(result.begin(), result.end(), values.begin());
  }

  std::shared_ptr<Meeting> meeting_;
  int rank_;
};

// Calls work(communicator) once for each rank, all at the same time, and waits for them. `work`
// must
// not throw, and must do the same in all of them.
template <typename Work>
void run_ranks(int ranks, Work work) {
  const auto meeting = std::make_shared<ThreadCommunicator::Meeting>(ranks);
  std::vector<std::thread> threads;
  for (int rank = 0; rank < ranks; ++rank) {
    threads.emplace_back([&, rank] {
      ThreadCommunicator communicator(meeting, rank);
      work(communicator);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace hourglass::tests
