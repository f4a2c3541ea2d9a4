#include "core/session/engine/job_runner.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/session/engine/failures.h"

namespace hourglass::session {
namespace {

using namespace std::chrono_literals;

constexpr auto kProgressInterval = 100ms;
constexpr auto kPreviewInterval = 40ms;

}  // namespace

JobRunner::JobRunner(std::span<const JobKind> kinds, const std::function<Clock::time_point()>& now,
                     std::function<void(Event)> emit)
    : kinds_(kinds), now_(now), emit_(std::move(emit)) {}

void JobRunner::start(const StartJob& command, const JobContext& context) {
  const JobKind& kind = find_kind(command.kind);
  if (command.job == 0) throw Error("A job needs a number above 0, by which it is told of.");
  Clock::duration least = Clock::duration::max();
  for (const auto& running : jobs_) {
    if (running->number == command.job) {
      throw Error("There is a job " + std::to_string(command.job) + " already.");
    }
    if (running->kind == &kind) {
      throw Error("A job '" + command.kind + "' is under way already: cancel it first.");
    }
    if (!running->finished) least = std::min(least, running->used);
  }
  auto running = std::make_unique<Running>(
      Running{.number = command.job,
              .kind = &kind,
              .job = make_job(kind, command.arguments, context),
              // Not all of the time until it has had as much as those that began long ago.
              .used = least == Clock::duration::max() ? Clock::duration{} : least});
  jobs_.push_back(std::move(running));
  tell_progress(*jobs_.back(), now_());
}

JobRunner::Running& JobRunner::find(std::uint64_t job) {
  for (const auto& running : jobs_) {
    if (running->number == job) return *running;
  }
  throw Error("There is no job " + std::to_string(job) + "; it may have ended.");
}

void JobRunner::pause(std::uint64_t job) {
  Running& running = find(job);
  if (running.finished || std::exchange(running.paused, true)) return;
  tell_progress(running, now_());
}

void JobRunner::resume(std::uint64_t job) {
  Running& running = find(job);
  if (!std::exchange(running.paused, false)) return;
  // The time in which it waited is nobody's debt.
  for (const auto& other : jobs_) {
    if (other.get() != &running && works(*other)) {
      running.used = std::max(running.used, other->used);
    }
  }
  tell_progress(running, now_());
}

void JobRunner::cancel(std::uint64_t job) { end(find(job), JobEnd::kCancelled, ""); }

void JobRunner::ask(const AskJob& question, const JobContext& now) {
  Running& running = find(question.job);
  if (question.question == 0) throw Error("A question needs a number above 0, for its answer.");
  if (!running.finished) {
    throw Error("The job '" + std::string(running.kind->kind) +
                "' is still at work: it answers when it has found all.");
  }
  JobArguments arguments(running.kind->kind, question.arguments);
  JobOutput output = running.job->answer(arguments, now);
  emit_(JobResult{.job = running.number,
                  .kind = std::string(running.kind->kind),
                  .question = question.question,
                  .done = true,
                  .fields = std::move(output.fields),
                  .arrays = std::move(output.arrays)});
}

void JobRunner::end_outdated(unsigned changed, const std::string& sentence) {
  const auto jobs = jobs_.size();
  for (std::size_t i = jobs; i-- > 0;) {
    if (jobs_[i]->kind->needs & changed) end(*jobs_[i], JobEnd::kOutdated, sentence);
  }
}

bool JobRunner::is_active() const {
  return std::any_of(jobs_.begin(), jobs_.end(),
                     [](const auto& running) { return works(*running); });
}

JobRunner::Running* JobRunner::next() {
  Running* next = nullptr;
  for (const auto& running : jobs_) {
    if (works(*running) && (!next || running->used < next->used)) next = running.get();
  }
  return next;
}

void JobRunner::advance(Clock::time_point until) {
  debt_ = {};
  if (!is_active()) return;
  auto now = now_();
  do {
    now = advance_slice(now);
  } while (is_active() && now < until);
}

void JobRunner::owe(Clock::duration time) {
  if (is_active()) debt_ += time;
}

void JobRunner::work_off_debt(Clock::time_point until) {
  auto now = now_();
  while (is_owed()) {
    const auto began = now;
    now = advance_slice(began);
    debt_ -= now - began;
    if (now >= until) return;
  }
}

JobRunner::Clock::time_point JobRunner::advance_slice(Clock::time_point began) {
  Running* const running = next();
  if (!running) return began;
  auto now = began;
  try {
    const bool more = running->job->advance_slice();
    tell_outputs(*running, !more);
    if (!more && running->job->stays()) {
      running->finished = true;
      if (!is_active()) debt_ = {};
    } else if (!more) {
      end(*running, JobEnd::kDone, "");
      return now_();
    }
    now = now_();
    show_preview(*running, now);
  } catch (...) {
    end(*running, JobEnd::kFailed, sentence_of_current_exception());
    return now_();
  }
  running->used += now - began;
  if (running->finished || now - running->last_told >= kProgressInterval) {
    tell_progress(*running, now);
  }
  return now;
}

void JobRunner::tell_progress(Running& running, Clock::time_point now) {
  running.last_told = now;
  const Job::Progress progress = running.job->progress();
  emit_(JobProgress{.job = running.number,
                    .kind = std::string(running.kind->kind),
                    .share = std::clamp(progress.share, 0.0, 1.0),
                    .stage = progress.stage,
                    .words = progress.words,
                    .paused = running.paused});
}

void JobRunner::tell_outputs(Running& running, bool done) {
  std::vector<JobOutput> outputs = running.job->take_outputs();
  for (JobOutput& output : outputs) {
    emit_(JobResult{.job = running.number,
                    .kind = std::string(running.kind->kind),
                    .question = 0,
                    .done = done && &output == &outputs.back(),
                    .fields = std::move(output.fields),
                    .arrays = std::move(output.arrays)});
  }
}

void JobRunner::show_preview(Running& running, Clock::time_point now) {
  if (now - running.last_shown < kPreviewInterval) return;
  std::optional<JobOutput> output = running.job->preview();
  if (!output) return;
  running.last_shown = now;
  emit_(JobResult{.job = running.number,
                  .kind = std::string(running.kind->kind),
                  .done = false,
                  .fields = std::move(output->fields),
                  .arrays = std::move(output->arrays)});
}

void JobRunner::end(const Running& running, JobEnd reason, const std::string& message) {
  JobEnded event{running.number, std::string(running.kind->kind), reason, message};
  std::erase_if(jobs_, [&](const auto& each) { return each.get() == &running; });
  if (!is_active()) debt_ = {};
  emit_(std::move(event));
}

}  // namespace hourglass::session
