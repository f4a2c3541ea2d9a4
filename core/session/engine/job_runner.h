// The background jobs of a session: which there are, and whose turn it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/session/engine/job_kinds.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// Jobs share their time evenly: the one that has had least goes on. Beside training they get, all
// together, as much time as training takes: it tells by owe() what it took, and lets them work it
// off by work_off_debt() before it goes on. What a slice takes beyond that is made up for later.
class JobRunner {
 public:
  using Clock = std::chrono::steady_clock;

  // Both functions must outlive the runner: `now` is the clock by which time is shared, and `emit`
  // takes the events.
  JobRunner(std::span<const JobKind> kinds, const std::function<Clock::time_point()>& now,
            std::function<void(Event)> emit);

  const JobKind& find_kind(std::string_view kind) const { return find_job_kind(kinds_, kind); }

  // These throw Error with a sentence, changing nothing: for a kind or arguments that there are
  // not, a second job of a kind, a number that another job has or that none has.
  void start(const StartJob& command, const JobContext& context);
  void pause(std::uint64_t job);
  void resume(std::uint64_t job);
  void cancel(std::uint64_t job);
  // Also for a job that is still at work or does not stay, and as its answer() does.
  void ask(const AskJob& question, const JobContext& now);

  // Ends the jobs that need any of `changed` (bits of needs); `sentence` says what has changed.
  void end_outdated(unsigned changed, const std::string& sentence);

  // Whether a job has something to do.
  bool is_active() const;
  // The jobs have all of the time until then.
  void advance(Clock::time_point until);

  void owe(Clock::duration time);
  bool is_owed() const { return debt_ > Clock::duration{} && is_active(); }
  // Until that much time was had, but not beyond `until`; one slice at least.
  void work_off_debt(Clock::time_point until);

 private:
  struct Running {
    std::uint64_t number;
    const JobKind* kind;
    std::unique_ptr<Job> job;
    bool paused = false;
    bool finished = false;             // it stays to be asked
    Clock::duration used{};            // of the time that jobs share
    Clock::time_point last_told = {};  // of its progress
    Clock::time_point last_shown = {};
  };

  Running& find(std::uint64_t job);
  Running* next();
  // One slice of the job whose turn it is, at `began`; returns when it ended.
  Clock::time_point advance_slice(Clock::time_point began);
  void tell_progress(Running& running, Clock::time_point now);
  void tell_outputs(Running& running, bool done);
  void show_preview(Running& running, Clock::time_point now);
  // Forgets the job.
  void end(const Running& running, JobEnd reason, const std::string& message);

  static bool works(const Running& running) { return !running.paused && !running.finished; }

  std::span<const JobKind> kinds_;
  const std::function<Clock::time_point()>& now_;
  std::function<void(Event)> emit_;
  std::vector<std::unique_ptr<Running>> jobs_;  // in the order of their starts
  Clock::duration debt_{};                      // time that jobs are to have; below 0: had too much
};

}  // namespace hourglass::session
