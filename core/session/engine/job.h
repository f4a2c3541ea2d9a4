// Work that takes longer than a moment and is not the training loop.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/session/engine/job_arguments.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// A moment by somebody's clock, up to which there is time.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  // `now` must outlive the deadline.
  Deadline(const std::function<Clock::time_point()>& now, Clock::time_point until)
      : now_(now), until_(until) {}
  Deadline(const std::function<Clock::time_point()>& now, Clock::duration budget)
      : Deadline(now, now() + budget) {}

  bool has_passed() const { return now_() >= until_; }

 private:
  const std::function<Clock::time_point()>& now_;
  Clock::time_point until_;
};

// What a job has found: a JobResult without what its runner knows.
struct JobOutput {
  std::string fields = "{}";  // JSON text of an object
  std::vector<JobArray> arrays;
};

struct JobContext;

// One piece of background work, made by a row of job_kinds() from its arguments. Whoever has it
// calls advance() until that returns false, and takes the outputs out in between: a JobRunner in a
// session, a loop on the command line.
//
// The work is cut into slices by shapes alone and never by a clock, so a job finds the same bits on
// any number of threads, however often it waits and however long it is given at a time. What it
// draws at random it draws from Random, with a seed among its arguments.
class Job {
 public:
  virtual ~Job() = default;

  // Works for some milliseconds, on as many threads as the pool that the job was made with has.
  // Returns whether there is more to do. Throws Error with a sentence for the user where it cannot
  // go on.
  virtual bool advance_slice() = 0;
  // Slices for about as long as there is time, and at least one.
  bool advance(const Deadline& deadline) {
    do {
      if (!advance_slice()) return false;
    } while (!deadline.has_passed());
    return true;
  }

  struct Progress {
    double share = 0;   // of the work, from 0 to 1; never falls
    std::string stage;  // a short name, of the text "job.KIND.STAGE"
    std::string words;  // the same in English, without a full stop
  };
  virtual Progress progress() const = 0;

  // Whether it stays after the last slice, with what it has found, to answer questions about that
  // until it is cancelled or outdated.
  virtual bool stays() const { return false; }
  // The answer to one question, in some milliseconds; asked after the last slice of a job that
  // stays. Takes from `question` all that it knows. `now` is what a job would be made from at this
  // moment, with data as they were and maybe another network. Throws Error where that will not do.
  virtual JobOutput answer(JobArguments& question, const JobContext& now) {
    (void)now;
    question.refuse_others();
    return {};
  }

  // How what is under way looks by now, for whoever watches; nothing where it looks as it did when
  // last asked. It is asked for at most some 25 times a second and not at all where nobody watches,
  // so that no result may depend on it.
  virtual std::optional<JobOutput> preview() { return std::nullopt; }

  // What was found since the last call, oldest first. After the last advance() the last of them is
  // the whole result.
  std::vector<JobOutput> take_outputs() { return std::exchange(outputs_, {}); }

 protected:
  void publish(JobOutput output) { outputs_.push_back(std::move(output)); }

 private:
  std::vector<JobOutput> outputs_;
};

}  // namespace hourglass::session
