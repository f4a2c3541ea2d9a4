// A session for tests.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/session/engine/session.h"

namespace hourglass::tests {

using namespace hourglass::session;

// A session with small data, driven as its threads and workers do, that keeps the last of each
// event.
//
// Its time is not the machine's: the clock goes on by `tick` whenever the session looks at it,
// which it does about once a mini-batch. A session that is slow or fast is one whose ticks are long
// or short, and what it does is the same on every machine.
class Driver {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Driver(int threads = 1, Clock::duration tick = std::chrono::milliseconds(1),
                  std::span<const JobKind> jobs = job_kinds(),
                  std::size_t kept_bytes = std::size_t{64} << 20,
                  std::size_t timeline_bytes = std::size_t{64} << 20)
      : tick_(tick),
        session_({.threads = threads,
                  .engine_name = "test",
                  .clock = [this] { return now_ += tick_; },
                  .jobs = jobs,
                  .kept_bytes = kept_bytes,
                  .timeline_bytes = timeline_bytes}) {
    set("data.strokes_train", std::int64_t{600});
    set("data.strokes_test", std::int64_t{150});
    settle();
  }

  template <typename Body>
  void send(Body body, std::uint64_t id = 0) {
    session_.handle({id, std::move(body)});
    take();
  }
  void set(const char* key, Value value) { send(SetSetting{key, std::move(value)}); }

  // How many of an event have come.
  template <typename E>
  int count() const {
    return static_cast<int>(std::count(order.begin(), order.end(), Event(E{}).index()));
  }
  // One turn, as the session's threads and workers give it.
  bool advance() {
    const bool more = session_.advance(std::chrono::milliseconds(2));
    take();
    return more;
  }
  const session::Session& session() const { return session_; }

  // The time by the session's clock, and letting it pass.
  Clock::time_point now() const { return now_; }
  void sleep(Clock::duration time) { now_ += time; }

  // Advances until there is nothing more to do.
  void settle() {
    bool more = true;
    for (int turn = 0; turn < kMaxTurns && more; ++turn) more = advance();
    REQUIRE_MESSAGE(!more, "the session always has something to do");
  }
  // Advances until `condition()` holds.
  template <typename Condition>
  void advance_until(Condition condition) {
    int turn = 0;
    for (; turn < kMaxTurns && !condition(); ++turn) advance();
    REQUIRE_MESSAGE(turn < kMaxTurns, "what was waited for does not come");
  }
  // Trains at least until this many epochs are recorded. The run has no end of its own, which a
  // fast session would come to before it tells of the first epoch.
  void run_epochs(std::size_t count) {
    set("train.epochs", std::int64_t{100000});
    send(session::Run{});
    advance_until([&] { return epochs.size() >= count; });
    send(Pause{});
    settle();
  }

  Value setting(const std::string& key) const {
    for (const auto& [name, value] : settings.values) {
      if (name == key) return value;
    }
    return {};
  }

  SettingsChanged settings;
  NetworkInfo network;
  Status status;
  DataReady data;
  Timeline timeline;
  std::vector<LossPoint> losses;
  std::vector<EpochMetrics> epochs;
  Snapshot shown;  // the newest of each part
  int snapshots = 0;
  bool acknowledge = true;
  std::vector<std::string> wanted;
  std::vector<Reply> replies;
  std::vector<Failure> failures;
  Diagnoses diagnoses;
  std::vector<JobProgress> job_progress;
  std::vector<JobResult> job_results;
  std::vector<JobEnded> jobs_ended;
  std::uint64_t run = 0;           // the number of the present run
  std::uint64_t goes_on_from = 0;  // as it began
  std::vector<RunKept> kept;       // those that were not dropped, oldest first
  std::vector<RunDropped> dropped;
  std::vector<std::size_t> order;  // of all events, their index in Event

 private:
  // More than any of the tests needs; a turn does one piece of work at least.
  static constexpr int kMaxTurns = 1'000'000;

  void take() {
    for (Event& event : session_.take_events()) {
      order.push_back(event.index());
      if (auto* e = std::get_if<SettingsChanged>(&event)) settings = *e;
      if (auto* e = std::get_if<NetworkInfo>(&event)) network = *e;
      if (auto* e = std::get_if<Status>(&event)) status = *e;
      if (auto* e = std::get_if<DataReady>(&event)) data = *e;
      if (auto* e = std::get_if<Timeline>(&event)) timeline = *e;
      if (auto* e = std::get_if<DataWanted>(&event)) wanted.push_back(e->name);
      if (auto* e = std::get_if<Reply>(&event)) replies.push_back(*e);
      if (auto* e = std::get_if<Failure>(&event)) failures.push_back(*e);
      if (auto* e = std::get_if<Diagnoses>(&event)) diagnoses = *e;
      if (auto* e = std::get_if<JobProgress>(&event)) job_progress.push_back(*e);
      if (auto* e = std::get_if<JobResult>(&event)) job_results.push_back(*e);
      if (auto* e = std::get_if<JobEnded>(&event)) jobs_ended.push_back(*e);
      if (auto* e = std::get_if<RunKept>(&event)) {
        kept.push_back(*e);
        run = e->present;
      }
      if (auto* e = std::get_if<RunDropped>(&event)) {
        dropped.push_back(*e);
        std::erase_if(kept, [&](const RunKept& each) { return each.run == e->run; });
      }
      if (auto* e = std::get_if<History>(&event)) {
        if (e->restart) {
          run = e->run;
          goes_on_from = e->goes_on_from;
          losses.clear();
          epochs.clear();
        }
        losses.insert(losses.end(), e->losses.begin(), e->losses.end());
        epochs.insert(epochs.end(), e->epochs.begin(), e->epochs.end());
      }
      if (auto* e = std::get_if<Snapshot>(&event)) {
        ++snapshots;
        const auto keep = [](auto& place, const auto& part) {
          if (part) place = part;
        };
        keep(shown.image_indices, e->image_indices);
        keep(shown.image_labels, e->image_labels);
        keep(shown.originals, e->originals);
        keep(shown.corrupted, e->corrupted);
        keep(shown.reconstructed, e->reconstructed);
        keep(shown.image_errors, e->image_errors);
        keep(shown.map_points, e->map_points);
        keep(shown.code_ranges, e->code_ranges);
        keep(shown.activations, e->activations);
        keep(shown.tiles, e->tiles);
        keep(shown.layer_stats, e->layer_stats);
        shown.sample = e->sample;
        shown.image_count = e->image_count;
        if (e->tiles) {
          shown.tile_channels = e->tile_channels;
          shown.tile_rows = e->tile_rows;
          shown.tile_columns = e->tile_columns;
        }
        shown.step = e->step;
        shown.epoch = e->epoch;
        shown.complete = e->complete;
        if (acknowledge) session_.handle({0, SnapshotTaken{}});
      }
    }
  }

  // Not 0, which is how the session writes "never".
  Clock::time_point now_{std::chrono::hours(1)};
  Clock::duration tick_;
  session::Session session_;
};

}  // namespace hourglass::tests
