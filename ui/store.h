// What the engine has said, reduced to the present state. Only reduce() writes it; panels read it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/session/messages.h"

namespace hourglass::ui {

// Something to tell the person, until dismissed.
struct Notice {
  std::uint64_t serial = 0;  // counts up from 1
  std::string message;
};

struct Store {
  std::map<std::string, session::Value, std::less<>> settings;
  session::NetworkInfo network;
  session::Status status;
  session::DataReady data;
  std::vector<session::LossPoint> losses;
  std::vector<session::EpochMetrics> epochs;
  // The newest of every part of the snapshots.
  session::Snapshot snapshot;
  // How often each part has changed, so that what is made of it can tell whether it is stale.
  struct Revisions {
    std::uint64_t originals = 0, corrupted = 0, reconstructed = 0, map = 0, data = 0;
    std::uint64_t network = 0, activations = 0, tiles = 0;
  } revisions;
  // A Snapshot has come that was not yet answered by SnapshotTaken.
  bool snapshot_waiting = false;
  // The data set that is being loaded, or "", and how much of it is there (0 to 1, or -1: unknown).
  std::string loading;
  double loading_fraction = -1;
  std::vector<Notice> notices;
  std::uint64_t notices_so_far = 0;
};

void reduce(Store& store, session::Event event);
void reduce_data_progress(Store& store, const std::string& name, double fraction);

// Typed readers of a setting; `otherwise` if the engine has not sent it (yet) or it has another
// type.
double number_setting(const Store& store, std::string_view key, double otherwise);
std::string text_setting(const Store& store, std::string_view key, std::string_view otherwise);

}  // namespace hourglass::ui
