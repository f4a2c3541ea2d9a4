// The processes that a run is made of: this one alone, or all that mpirun started.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include "core/train/communicator.h"
#include "native/cli/plan/plan.h"

namespace hourglass {

// Thrown where another process of the job says what is wrong, and this one only ends.
struct ReportedElsewhere {
  int code;  // what the job ends with
};

// Thrown by the communicator of a group whose other processes do not answer any more.
class PeerLost : public std::exception {
 public:
  const char* what() const noexcept override { return "another process does not answer"; }
};

// In the order of their calls. This class is the group of one process; start_process_group() makes
// others.
class ProcessGroup {
 public:
  virtual ~ProcessGroup() = default;

  // How the processes of a training run add up what they have computed; nullptr if this is the only
  // one.
  virtual Communicator* communicator() { return nullptr; }
  int processes() { return communicator() ? communicator()->ranks() : 1; }
  // Whether this is the process that reports and writes files.
  bool is_first() { return !communicator() || communicator()->rank() == 0; }
  // Threads with which the processes of this machine use all cores they may, and do not compete.
  virtual int threads() const;

  // All processes come here when everything that a person can have got wrong has been checked, each
  // with the fingerprint of its plan. Throws Error in the first one that trains, and
  // ReportedElsewhere
  // in the others, if they are not the same; ReportedElsewhere if fail() was called in one.
  virtual void begin(std::uint64_t /*fingerprint*/) {}
  // Whether the run is to stop here (see StopRequests); all processes agree.
  virtual bool asked_to_stop() const;

  // What is wrong would end this process with `code`. Before begin(), waits for the other
  // processes. Returns whether this is the process that is to say it; `code` is then what the job
  // ends with.
  virtual bool fail(int& /*code*/) { return true; }
  // The last call. Returns the exit code; if something went wrong after begin(), ends all
  // processes.
  virtual int end(int code) { return code; }
};

// Throws Error, or ReportedElsewhere, if several processes were started that cannot reach each
// other.
std::unique_ptr<ProcessGroup> start_process_group();

// Throws so if this is one of several processes that were started together. The sentences say how
// it is that they do not work together, and what to do.
void throw_unless_alone(const std::string& how, const std::string& remedy);

// The same for two plans of which the same run would come: settings, data, and the run that goes
// on.
std::uint64_t fingerprint(const RunPlan& plan);

}  // namespace hourglass
