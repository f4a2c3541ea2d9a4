#include "ui/state/store.h"

#include <algorithm>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/session/settings/settings.h"

namespace hourglass::ui {
namespace {

// A run that goes wrong in a loop must not fill the memory with sentences.
constexpr std::size_t kNoticesKept = 20;

// The row of a setting; null for a newer engine's.
const session::Setting* row_of(std::string_view key) {
  const auto table = session::settings_table();
  const auto row = std::ranges::find(table, key, &session::Setting::key);
  return row == table.end() ? nullptr : &*row;
}

// The settings that the run trains with from here on. Before its first step those are all; after
// it, those that act at once. A change counts once something is trained with it: between a change
// and a reset there may be nothing.
void take_up_settings(Store& store, bool begins) {
  for (const auto& [key, value] : store.settings) {
    const session::Setting* const row = row_of(key);
    if (row && row->scope == session::Scope::kView) continue;
    const auto& waiting = store.status.pending_reset;
    const bool waits = row && row->effect == session::Effect::kOnReset &&
                       (!begins || std::find(waiting.begin(), waiting.end(), key) != waiting.end());
    if (waits && store.run_settings.contains(key)) continue;
    store.run_settings.insert_or_assign(key, value);
  }
}

// At most kRunPoints; of losses means over neighbours, so that noise does not pick what is kept.
std::vector<session::LossPoint> fewer(std::span<const session::LossPoint> all) {
  if (all.size() <= kRunPoints) return {all.begin(), all.end()};
  std::vector<session::LossPoint> out;
  for (std::size_t i = 0; i < kRunPoints; ++i) {
    const std::size_t from = i * all.size() / kRunPoints, to = (i + 1) * all.size() / kRunPoints;
    session::LossPoint mean = all[from];
    for (std::size_t j = from + 1; j < to; ++j) MeanOfLosses::merge(mean, j - from, all[j], 1);
    out.push_back(mean);
  }
  return out;
}

std::vector<session::EpochMetrics> fewer(std::span<const session::EpochMetrics> all) {
  if (all.size() <= kRunPoints) return {all.begin(), all.end()};
  std::vector<session::EpochMetrics> out;
  for (std::size_t i = 1; i <= kRunPoints; ++i) {
    out.push_back(all[i * all.size() / kRunPoints - 1]);  // the last is among them
  }
  return out;
}

// The oldest of those whose parameters are not kept goes, and never the one that was added.
void add_run(Store& store, Run run) {
  run.serial = ++store.runs_so_far;
  store.runs.insert(store.runs.begin(), std::move(run));
  const auto goes = [&](const Run& each) { return !is_kept(store, each); };
  if (std::ranges::count_if(store.runs, goes) <= static_cast<std::ptrdiff_t>(kRunsKept)) return;
  const auto oldest = std::find_if(store.runs.rbegin(), store.runs.rend(), goes);
  store.runs.erase(std::next(oldest).base());
}

// What ended is kept beside what begins, to compare.
void keep_run(Store& store) {
  if (store.losses.empty() && store.epochs.empty()) return;
  // Equal to one that is listed.
  if (!store.trained && store.kept.contains(store.goes_on_from)) return;
  add_run(store, {.terms = current_config(store),
                  .losses = fewer(store.losses.items()),
                  .epochs = fewer(store.epochs.items()),
                  .number = store.run});
}

// One that the engine tells of.
Run run_of(session::RunKept&& event) {
  Run run;
  run.number = event.run;
  run.losses = std::move(event.losses);
  run.epochs = std::move(event.epochs);
  for (auto& [key, value] : event.settings) {
    const session::Setting* const row = row_of(key);
    if (row && row->scope == session::Scope::kView) continue;
    run.terms.settings.insert_or_assign(std::move(key), std::move(value));
  }
  run.terms.network = std::move(event.network);
  return run;
}

void add_points(Curves& curves, const session::History& event) {
  for (const session::LossPoint& point : event.losses) {
    curves.loss.add(point.epoch, point.loss);
    curves.reconstruction.add(point.epoch, point.loss - point.penalty);
    curves.penalty.add(point.epoch, point.penalty);
    curves.penalised = curves.penalised || point.penalty != 0;
  }
  for (const session::EpochMetrics& epoch : event.epochs) {
    curves.test.add(epoch.epoch, epoch.test_loss);
    curves.accuracy.add(epoch.epoch, epoch.binary_accuracy);
    curves.code_mean.add(epoch.epoch, epoch.code_mean);
    curves.code_zero.add(epoch.epoch, epoch.code_zero);
  }
}

struct Reducer {
  Store& store;

  void operator()(session::SettingsChanged&& event) {
    for (auto& [key, value] : event.values) {
      const auto before = store.settings.find(key);
      if (key == "view.tiles" && before != store.settings.end() && before->second != value) {
        // They show something else than what is wanted now, and do not say so themselves.
        store.snapshot.tiles.reset();
        ++store.revisions.tiles;
      }
      store.settings.insert_or_assign(std::move(key), std::move(value));
    }
  }
  void operator()(session::NetworkInfo&& event) {
    store.network = std::move(event);
    ++store.revisions.network;
    // Of the network before, and of other sizes.
    store.snapshot.activations.reset();
    store.snapshot.code_ranges.reset();
    store.snapshot.tiles.reset();
    store.snapshot.layer_stats.reset();
    ++store.revisions.activations;
    ++store.revisions.tiles;
  }
  void operator()(session::Status&& event) {
    // Waiting is over, whatever came of it: the data, or a Failure.
    if (store.status.phase == session::Phase::kWaitingForData &&
        event.phase != session::Phase::kWaitingForData) {
      store.loading.clear();
    }
    store.status = std::move(event);
  }
  void operator()(session::DataWanted&& event) {
    store.loading = std::move(event.name);
    store.loading_fraction = -1;
  }
  void operator()(session::DataReady&& event) {
    if (store.loading == event.name) store.loading.clear();
    // Images and codes of another data set would be shown under this one's labels.
    store.snapshot = {};
    store.data = std::move(event);
    ++store.revisions.data;
    ++store.revisions.originals;
    ++store.revisions.corrupted;
    ++store.revisions.reconstructed;
    ++store.revisions.map;
    ++store.revisions.activations;
    ++store.revisions.tiles;
  }
  void operator()(session::History&& event) {
    if (event.restart) {
      keep_run(store);
      if (event.run <= store.run) {
        // Numbers only rise: this is another engine, which has nothing of the one before.
        store.kept.clear();
        for (Run& run : store.runs) run.number = 0;
      }
      store.run = event.run;
      store.goes_on_from = event.goes_on_from;
      store.trained = false;
      store.losses = {};
      store.epochs = {};
      store.curves = {};
      store.run_settings.clear();
      take_up_settings(store, true);
    } else if (!event.losses.empty()) {
      store.trained = true;
    }
    if (!event.losses.empty() || !event.epochs.empty()) {
      take_up_settings(store, store.losses.empty() && store.epochs.empty());
    }
    add_points(store.curves, event);
    for (const session::LossPoint& point : event.losses) store.losses.add(point);
    for (const session::EpochMetrics& epoch : event.epochs) store.epochs.add(epoch);
  }
  void operator()(session::Snapshot&& event) {
    store.snapshot_waiting = true;
    session::Snapshot& now = store.snapshot;
    now.step = event.step;
    now.epoch = event.epoch;
    now.complete = event.complete;
    now.image_count = event.image_count;
    if (event.image_indices) now.image_indices = std::move(event.image_indices);
    if (event.image_labels) now.image_labels = std::move(event.image_labels);
    if (event.image_errors) now.image_errors = std::move(event.image_errors);
    const auto take = [](auto& to, auto& from, std::uint64_t& revision) {
      if (!from) return;
      to = std::move(from);
      ++revision;
    };
    take(now.originals, event.originals, store.revisions.originals);
    take(now.corrupted, event.corrupted, store.revisions.corrupted);
    take(now.reconstructed, event.reconstructed, store.revisions.reconstructed);
    take(now.map_points, event.map_points, store.revisions.map);
    if (event.code_ranges) now.code_ranges = std::move(event.code_ranges);
    if (event.layer_stats) now.layer_stats = std::move(event.layer_stats);
    now.sample = event.sample;
    take(now.activations, event.activations, store.revisions.activations);
    if (event.tiles) {
      now.tile_channels = event.tile_channels;
      now.tile_rows = event.tile_rows;
      now.tile_columns = event.tile_columns;
      take(now.tiles, event.tiles, store.revisions.tiles);
    }
  }
  void operator()(session::Timeline&& event) { store.timeline = std::move(event); }
  void operator()(session::Reply&&) {}
  void operator()(session::JobProgress&&) {}
  void operator()(session::JobResult&&) {}
  void operator()(session::JobEnded&&) {}
  void operator()(session::RunKept&& event) {
    store.kept.insert_or_assign(event.run, KeptRun{.data = event.data,
                                                   .features = event.network.input_features,
                                                   .code_size = event.network.code_size,
                                                   .bytes = event.bytes});
    const bool was_present = event.run == store.run;
    // One that is over is told of once more, by the History of the next.
    if (was_present && event.present == event.run) return;
    if (was_present) {
      store.run = event.present;
      store.goes_on_from = event.run;
      store.trained = false;
    }
    add_run(store, run_of(std::move(event)));
  }
  void operator()(session::RunDropped&& event) {
    store.kept.erase(event.run);
    if (!event.deleted) return;
    std::erase_if(store.runs, [&](const Run& run) { return run.number == event.run; });
  }
  void operator()(session::Diagnoses&& event) { store.diagnoses = std::move(event.found); }
  void operator()(session::Failure&& event) {
    // The same sentence twice in a row tells nothing new.
    if (!store.notices.empty() && store.notices.back().message == event.message) {
      store.notices.back().serial = ++store.notices_so_far;
      return;
    }
    store.notices.push_back({++store.notices_so_far, std::move(event.message)});
    if (store.notices.size() > kNoticesKept) store.notices.erase(store.notices.begin());
  }
};

}  // namespace

void MeanOfLosses::merge(session::LossPoint& into, std::size_t count,
                         const session::LossPoint& later, std::size_t later_count) {
  const double share = static_cast<double>(later_count) / static_cast<double>(count + later_count);
  into.step = later.step;
  into.epoch = later.epoch;
  into.loss += share * (later.loss - into.loss);
  into.penalty += share * (later.penalty - into.penalty);
}

void reduce(Store& store, session::Event event) { std::visit(Reducer{store}, std::move(event)); }

RunConfig current_config(const Store& store) {
  RunConfig terms{store.run_settings, store.network};
  // Until it has trained, what it would train with.
  if (store.losses.empty() && store.epochs.empty()) {
    Store begun;
    begun.settings = store.settings;
    begun.status.pending_reset = store.status.pending_reset;
    begun.run_settings = store.run_settings;
    take_up_settings(begun, true);
    terms.settings = std::move(begun.run_settings);
  }
  return terms;
}

void reduce_data_progress(Store& store, const std::string& name, double fraction) {
  if (store.loading != name) return;
  store.loading_fraction = fraction;
}

double number_setting(const Store& store, std::string_view key, double otherwise) {
  const auto found = store.settings.find(key);
  if (found == store.settings.end()) return otherwise;
  if (const auto* integer = std::get_if<std::int64_t>(&found->second)) {
    return static_cast<double>(*integer);
  }
  if (const auto* real = std::get_if<double>(&found->second)) return *real;
  if (const auto* flag = std::get_if<bool>(&found->second)) return *flag ? 1 : 0;
  return otherwise;
}

std::string text_setting(const Store& store, std::string_view key, std::string_view otherwise) {
  const auto found = store.settings.find(key);
  if (found != store.settings.end()) {
    if (const auto* text = std::get_if<std::string>(&found->second)) return *text;
  }
  return std::string(otherwise);
}

}  // namespace hourglass::ui
