#include "native/cli/console/signals.h"

#include <unistd.h>

#include "native/cli/console/exit_code.h"

namespace hourglass {
namespace {

volatile std::sig_atomic_t requests = 0;

// Calls nothing but what POSIX allows in a handler.
extern "C" void note_request(int) {
  if (requests > 0) _exit(kInterrupted);
  requests = requests + 1;
}

}  // namespace

StopRequests::StopRequests() {
  requests = 0;
  struct sigaction action = {};
  sigemptyset(&action.sa_mask);
  const auto replace = [&](int signal) {
    Saved saved{signal, {}};
    if (sigaction(signal, nullptr, &saved.action) != 0 || saved.action.sa_handler == SIG_IGN)
      return;
    sigaction(signal, &action, nullptr);
    saved_.push_back(saved);
  };
  action.sa_handler = note_request;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) replace(signal);
  action.sa_handler = SIG_IGN;
  replace(SIGPIPE);
}

StopRequests::~StopRequests() {
  for (const Saved& saved : saved_) sigaction(saved.signal, &saved.action, nullptr);
}

bool StopRequests::came() { return requests > 0; }

}  // namespace hourglass
