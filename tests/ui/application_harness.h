// The front end with an engine that answers for one background job.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/ui/harness.h"

namespace hourglass::ui {

struct ApplicationHarness : Harness {
  // Shows the panel of that tab, with events of an engine at work before it.
  explicit ApplicationHarness(const std::string& tab, float width = 1280, float height = 900,
                              AppOptions options = {})
      : Harness(width, height, std::move(options)), tab_(tab) {
    feed(*this);
    settle();
    show();
  }
  void show() {
    REQUIRE(click("workspace.applications"));
    REQUIRE(click("tab:" + tab_));
  }

  // The arguments of the job that was started last; it is that kind's.
  std::string started(const std::string& kind) const {
    const auto* start = last<session::StartJob>();
    if (!start || start->kind != kind) return "none";
    return start->arguments;
  }
  std::string question() const {
    const auto* asked = last<session::AskJob>();
    return asked ? asked->arguments : "none";
  }

  // What the engine says of the job that was started last.
  void progress(double share, const std::string& stage) {
    const session::StartJob& start = *last<session::StartJob>();
    app.receive(session::JobProgress{start.job, start.kind, share, stage, "", false});
    settle();
  }
  void result(std::string fields, std::vector<session::JobArray> arrays, bool done = true) {
    const session::StartJob& start = *last<session::StartJob>();
    app.receive(
        session::JobResult{start.job, start.kind, 0, done, std::move(fields), std::move(arrays)});
    settle();
  }
  void answer(std::vector<session::JobArray> arrays) {
    REQUIRE(last<session::AskJob>() != nullptr);
    const session::StartJob& start = *last<session::StartJob>();
    const session::AskJob& ask = *last<session::AskJob>();
    std::uint64_t id = 0;
    for (const session::Command& command : commands) {
      if (std::holds_alternative<session::AskJob>(command.body)) id = command.id;
    }
    app.receive(
        session::JobResult{start.job, start.kind, ask.question, true, "{}", std::move(arrays)});
    app.receive(session::Reply{id, {}, {}});
    settle();
  }
  void end(session::JobEnd reason, const std::string& message = "") {
    const session::StartJob& start = *last<session::StartJob>();
    app.receive(session::JobEnded{start.job, start.kind, reason, message});
    settle();
  }

  // Pictures of the data that feed() tells of.
  static session::JobArray images(std::string name, std::int64_t count) {
    return {std::move(name),
            {count, 784},
            session::Bytes(static_cast<std::size_t>(784 * count), std::uint8_t{90})};
  }
  static session::JobArray floats(std::string name, session::Floats values) {
    const auto count = static_cast<std::int64_t>(values.size());
    return {std::move(name), {count}, std::move(values)};
  }

 private:
  std::string tab_;
};

}  // namespace hourglass::ui
