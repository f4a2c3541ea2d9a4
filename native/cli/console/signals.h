// Being asked to stop.
#pragma once

#include <csignal>
#include <vector>

namespace hourglass {

// While one lives, Ctrl-C and the system's requests to end (SIGINT, SIGTERM, SIGHUP) are noted
// instead of ending the program; the second one ends it at once. A reader of our output that goes
// away is not a reason to lose the run either: SIGPIPE is ignored. Requests that were already being
// ignored (nohup, a background job) stay so. At most one may live at a time.
class StopRequests {
 public:
  StopRequests();
  ~StopRequests();
  StopRequests(const StopRequests&) = delete;
  StopRequests& operator=(const StopRequests&) = delete;

  // Whether there has been one.
  static bool came();

 private:
  struct Saved {
    int signal;
    struct sigaction action;
  };
  std::vector<Saved> saved_;
};

}  // namespace hourglass
