// What the engine has said, reduced to the present state. Only reduce() writes it; panels read it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/session/protocol/messages.h"
#include "ui/kit/downsampled_series.h"
#include "ui/kit/trace.h"

namespace hourglass::ui {

// Something to tell the person, until dismissed.
struct Notice {
  std::uint64_t serial = 0;  // counts up from 1
  std::string message;
};

using SettingValues = std::map<std::string, session::Value, std::less<>>;

// What a run trained with. A change that waits for a reset is not in it, nor what belongs to the
// display.
struct RunConfig {
  SettingValues settings;
  session::NetworkInfo network;
};

// A run that is over.
struct Run {
  std::uint64_t serial = 0;  // counts up from 1
  RunConfig terms;
  // DownsampledSeries to kRunPoints at most: means of neighbouring losses, and some of many epochs.
  std::vector<session::LossPoint> losses;
  std::vector<session::EpochMetrics> epochs;
  std::uint64_t number = 0;  // the engine's; 0: of an engine that is gone
};
inline constexpr std::size_t kRunPoints = session::kKeptPoints;
// Of those whose parameters are not kept. The engine says how many of the others there are.
inline constexpr std::size_t kRunsKept = 8;

// What is known of a run whose parameters the engine keeps.
struct KeptRun {
  std::string data;
  std::int64_t features = 0, code_size = 0, bytes = 0;
};

// The curves of the present run, ready to be drawn.
struct Curves {
  Trace loss, reconstruction, penalty;         // of training
  Trace test, accuracy, code_mean, code_zero;  // of the held-out images, by epoch
  bool penalised = false;                      // a penalty was ever other than 0
};

// The present run's numbers, to be read off: a run of any length keeps as many as a person can tell
// apart.
struct MeanOfLosses {
  static void merge(session::LossPoint& into, std::size_t count, const session::LossPoint& later,
                    std::size_t later_count);
};
struct LastOfEpochs {
  static void merge(session::EpochMetrics& into, std::size_t, const session::EpochMetrics& later,
                    std::size_t) {
    into = later;
  }
};
using Losses = DownsampledSeries<session::LossPoint, MeanOfLosses, 8192>;
using Epochs = DownsampledSeries<session::EpochMetrics, LastOfEpochs, 4096>;

struct Store {
  SettingValues settings;
  session::NetworkInfo network;
  session::Status status;
  session::DataReady data;
  Losses losses;
  Epochs epochs;
  Curves curves;               // of losses and epochs
  SettingValues run_settings;  // that the present run trains with, as far as it has trained
  std::vector<Run> runs;       // before it, newest first
  std::uint64_t runs_so_far = 0;
  session::Timeline timeline;  // the moments of the present run that can be shown
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
  std::vector<session::DiagnosisInfo> diagnoses;  // what is wrong with the run though it goes on
  std::vector<Notice> notices;
  std::uint64_t notices_so_far = 0;
  std::map<std::uint64_t, KeptRun> kept;  // by the run's number
  std::uint64_t run = 0;                  // the present run's number
  std::uint64_t goes_on_from = 0;         // the kept run that it was equal to at first, or 0
  bool trained = false;                   // since then, or since it began
};

// Whether the parameters of an earlier run are kept.
inline bool is_kept(const Store& store, const Run& run) { return store.kept.contains(run.number); }

// The step that is on display: of an earlier moment that is looked at, or the run's own.
inline std::int64_t shown_step(const Store& store) {
  return store.timeline.shown < 0 ? store.status.step : store.timeline.shown;
}

void reduce(Store& store, session::Event event);
void reduce_data_progress(Store& store, const std::string& name, double fraction);

// The terms of the present run.
RunConfig current_config(const Store& store);

// Typed readers of a setting; `otherwise` if the engine has not sent it (yet) or it has another
// type.
double number_setting(const Store& store, std::string_view key, double otherwise);
std::string text_setting(const Store& store, std::string_view key, std::string_view otherwise);

}  // namespace hourglass::ui
