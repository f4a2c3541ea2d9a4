// A Session on a thread of its own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/session/protocol/messages.h"

namespace hourglass {

// Commands go in and events come out through two queues. The session keeps at most one snapshot
// under way (messages.h, SnapshotTaken), so a slow reader never makes a queue grow. DataWanted is
// answered here, from the data folder, and not passed on, unless it is a person's own data ("own")
// that is wanted.
class SessionThread {
 public:
  // `wake` is called from the session's thread whenever events have come. `threads` as in
  // SessionOptions.
  explicit SessionThread(std::function<void()> wake, int threads = 0);
  ~SessionThread();  // stops after the piece of work under way
  SessionThread(const SessionThread&) = delete;
  SessionThread& operator=(const SessionThread&) = delete;

  void send(session::Command command);
  std::vector<session::Event> take_events();

 private:
  void work(int threads);

  std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<session::Command> commands_;
  std::vector<session::Event> events_;
  bool stop_ = false;
  std::thread thread_;
};

// How this build computes, for people: "AVX-512".
std::string engine_name();

}  // namespace hourglass
