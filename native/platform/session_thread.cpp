#include "native/platform/session_thread.h"

#include <chrono>
#include <iterator>
#include <utility>

#include "core/math/simd/kernels.h"
#include "core/session/engine/session.h"
#include "native/platform/data_files.h"

namespace hourglass {

std::string engine_name() { return kernels().name; }

SessionThread::SessionThread(std::function<void()> wake, int threads)
    : wake_(std::move(wake)), thread_([this, threads] { work(threads); }) {}

SessionThread::~SessionThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  came_.notify_one();
  thread_.join();
}

void SessionThread::send(session::Command command) {
  {
    const std::lock_guard lock(mutex_);
    commands_.push_back(std::move(command));
  }
  came_.notify_one();
}

std::vector<session::Event> SessionThread::take_events() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

void SessionThread::work(int threads) {
  // Short enough that a slider's answer comes within a frame.
  constexpr std::chrono::milliseconds kSlice{6};
  session::Session session({.threads = threads, .engine_name = engine_name()});
  bool more = true;
  for (;;) {
    std::vector<session::Command> commands;
    {
      std::unique_lock lock(mutex_);
      const auto woken = [this] { return stop_ || !commands_.empty(); };
      if (!more) {
        came_.wait(lock, woken);
      } else if (const auto idle = session.idle_for(); idle.count() > 0) {
        came_.wait_for(lock, idle, woken);
      }
      if (stop_) return;
      commands = std::exchange(commands_, {});
    }
    for (session::Command& command : commands) session.handle(std::move(command));
    more = session.advance(kSlice);
    std::vector<session::Event> events;
    for (session::Event& event : session.take_events()) {
      const auto* wanted = std::get_if<session::DataWanted>(&event);
      if (wanted && wanted->name != "own") {
        session.handle(answer_data_wanted(wanted->name));
        more = true;
      } else {
        events.push_back(std::move(event));
      }
    }
    if (events.empty()) continue;
    {
      const std::lock_guard lock(mutex_);
      std::move(events.begin(), events.end(), std::back_inserter(events_));
    }
    wake_();
  }
}

}  // namespace hourglass
