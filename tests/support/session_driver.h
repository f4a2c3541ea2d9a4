// A session for tests.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "core/session/session.h"

namespace hourglass::tests {

using namespace hourglass::session;

// A session with small data, driven as its threads and workers do, that keeps the last of each event.
class Driver {
 public:
  explicit Driver(int threads = 1) : session_({.threads = threads, .engine_name = "test"}) {
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

  // Advances until there is nothing more to do.
  void settle() {
    for (int i = 0; i < 100000 && session_.advance(std::chrono::milliseconds(2)); ++i) take();
    take();
  }
  // Trains at least until this many epochs are recorded.
  void run_epochs(std::size_t count) {
    send(session::Run{});
    for (int i = 0; i < 100000 && epochs.size() < count; ++i) {
      session_.advance(std::chrono::milliseconds(2));
      take();
    }
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
  std::vector<LossPoint> losses;
  std::vector<EpochMetrics> epochs;
  Snapshot shown;  // the newest of each part
  int snapshots = 0;
  bool acknowledge = true;
  std::vector<std::string> wanted;
  std::vector<Reply> replies;
  std::vector<Failure> failures;
  Diagnoses diagnoses;
  std::vector<std::size_t> order;  // of all events, their index in Event

 private:
  void take() {
    for (Event& event : session_.take_events()) {
      order.push_back(event.index());
      if (auto* e = std::get_if<SettingsChanged>(&event)) settings = *e;
      if (auto* e = std::get_if<NetworkInfo>(&event)) network = *e;
      if (auto* e = std::get_if<Status>(&event)) status = *e;
      if (auto* e = std::get_if<DataReady>(&event)) data = *e;
      if (auto* e = std::get_if<DataWanted>(&event)) wanted.push_back(e->name);
      if (auto* e = std::get_if<Reply>(&event)) replies.push_back(*e);
      if (auto* e = std::get_if<Failure>(&event)) failures.push_back(*e);
      if (auto* e = std::get_if<Diagnoses>(&event)) diagnoses = *e;
      if (auto* e = std::get_if<History>(&event)) {
        if (e->restart) {
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
        shown.tile_channels = e->tile_channels;
        shown.tile_rows = e->tile_rows;
        shown.tile_columns = e->tile_columns;
        shown.step = e->step;
        if (acknowledge) session_.handle({0, SnapshotTaken{}});
      }
    }
  }

  session::Session session_;
};

}  // namespace hourglass::tests
