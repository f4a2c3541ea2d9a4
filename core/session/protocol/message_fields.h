// The fields of every message, once: reading, writing and naming all go through these lists.
//
// describe(message, visit) calls visit("name", message.name) for each field, in order. It takes
// const and mutable messages alike.
#pragma once

#include <type_traits>

#include "core/session/protocol/messages.h"

namespace hourglass::session {

template <typename M, typename T>
concept Is = std::is_same_v<std::remove_const_t<M>, T>;

template <typename M, typename Visit>
void describe(M& m, Visit&& visit) {
  // Commands.
  if constexpr (Is<M, SetSetting>) {
    visit("key", m.key);
    visit("value", m.value);
  } else if constexpr (Is<M, SetSettings>) {
    visit("values", m.values);
  } else if constexpr (Is<M, LoadPreset>) {
    visit("name", m.name);
  } else if constexpr (Is<M, Step>) {
    visit("count", m.count);
  } else if constexpr (Is<M, ProvideData>) {
    visit("name", m.name);
    visit("train_images", m.train_images);
    visit("train_labels", m.train_labels);
    visit("test_images", m.test_images);
    visit("test_labels", m.test_labels);
    visit("documents", m.documents);
    visit("samples", m.samples);
  } else if constexpr (Is<M, DataFailed>) {
    visit("name", m.name);
    visit("message", m.message);
  } else if constexpr (Is<M, Decode>) {
    visit("codes", m.codes);
  } else if constexpr (Is<M, DecodeMap>) {
    visit("points", m.points);
  } else if constexpr (Is<M, GetImages>) {
    visit("indices", m.indices);
  } else if constexpr (Is<M, LoadCheckpoint>) {
    visit("checkpoint", m.checkpoint);
  } else if constexpr (Is<M, StartJob>) {
    visit("kind", m.kind);
    visit("arguments", m.arguments);
    visit("job", m.job);
  } else if constexpr (Is<M, AskJob>) {
    visit("job", m.job);
    visit("question", m.question);
    visit("arguments", m.arguments);
  } else if constexpr (Is<M, PauseJob> || Is<M, ResumeJob> || Is<M, CancelJob>) {
    visit("job", m.job);
  } else if constexpr (Is<M, GetKeptRun> || Is<M, LoadKeptRun> || Is<M, DropKeptRun>) {
    visit("run", m.run);
  } else if constexpr (Is<M, AddKeptRun>) {
    visit("checkpoint", m.checkpoint);
  } else if constexpr (Is<M, ShowStep> || Is<M, GoOnFromStep>) {
    visit("step", m.step);
    // Events.
  } else if constexpr (Is<M, SettingsChanged>) {
    visit("values", m.values);
  } else if constexpr (Is<M, LayerInfo>) {
    visit("name", m.name);
    visit("kind", m.kind);
    visit("activation", m.activation);
    visit("output_shape", m.output_shape);
    visit("parameters", m.parameters);
    visit("multiply_adds", m.multiply_adds);
  } else if constexpr (Is<M, NetworkInfo>) {
    visit("layers", m.layers);
    visit("input_features", m.input_features);
    visit("code_layer", m.code_layer);
    visit("code_size", m.code_size);
    visit("parameters", m.parameters);
    visit("multiply_adds", m.multiply_adds);
    visit("engine", m.engine);
    visit("threads", m.threads);
  } else if constexpr (Is<M, Status>) {
    visit("phase", m.phase);
    visit("step", m.step);
    visit("epoch", m.epoch);
    visit("images_per_second", m.images_per_second);
    visit("pending_reset", m.pending_reset);
  } else if constexpr (Is<M, DataWanted>) {
    visit("name", m.name);
  } else if constexpr (Is<M, FactorInfo>) {
    visit("name", m.name);
    visit("unit", m.unit);
    visit("low", m.low);
    visit("high", m.high);
  } else if constexpr (Is<M, DataReady>) {
    visit("name", m.name);
    visit("channels", m.channels);
    visit("rows", m.rows);
    visit("columns", m.columns);
    visit("train_count", m.train_count);
    visit("test_count", m.test_count);
    visit("class_names", m.class_names);
    visit("map_points", m.map_points);
    visit("map_labels", m.map_labels);
    visit("factors", m.factors);
    visit("map_factors", m.map_factors);
    visit("words", m.words);
    visit("map_texts", m.map_texts);
    visit("feature_names", m.feature_names);
  } else if constexpr (Is<M, LossPoint>) {
    visit("step", m.step);
    visit("epoch", m.epoch);
    visit("loss", m.loss);
    visit("penalty", m.penalty);
  } else if constexpr (Is<M, EpochMetrics>) {
    visit("epoch", m.epoch);
    visit("train_loss", m.train_loss);
    visit("train_penalty", m.train_penalty);
    visit("test_loss", m.test_loss);
    visit("test_penalty", m.test_penalty);
    visit("test_mse", m.test_mse);
    visit("rounded_accuracy", m.binary_accuracy);
    visit("code_mean", m.code_mean);
    visit("code_zero", m.code_zero);
    visit("seconds", m.seconds);
    visit("images_per_second", m.images_per_second);
  } else if constexpr (Is<M, History>) {
    visit("restart", m.restart);
    visit("losses", m.losses);
    visit("epochs", m.epochs);
    visit("run", m.run);
    visit("goes_on_from", m.goes_on_from);
  } else if constexpr (Is<M, RunKept>) {
    visit("run", m.run);
    visit("present", m.present);
    visit("settings", m.settings);
    visit("network", m.network);
    visit("data", m.data);
    visit("data_hash", m.data_hash);
    visit("step", m.step);
    visit("epoch", m.epoch);
    visit("bytes", m.bytes);
    visit("losses", m.losses);
    visit("epochs", m.epochs);
  } else if constexpr (Is<M, RunDropped>) {
    visit("run", m.run);
    visit("deleted", m.deleted);
  } else if constexpr (Is<M, Timeline>) {
    visit("steps", m.steps);
    visit("epochs", m.epochs);
    visit("shown", m.shown);
  } else if constexpr (Is<M, Snapshot>) {
    visit("step", m.step);
    visit("epoch", m.epoch);
    visit("complete", m.complete);
    visit("image_count", m.image_count);
    visit("image_indices", m.image_indices);
    visit("image_labels", m.image_labels);
    visit("originals", m.originals);
    visit("corrupted", m.corrupted);
    visit("reconstructed", m.reconstructed);
    visit("image_errors", m.image_errors);
    visit("map_points", m.map_points);
    visit("code_ranges", m.code_ranges);
    visit("sample", m.sample);
    visit("activations", m.activations);
    visit("tile_channels", m.tile_channels);
    visit("tile_rows", m.tile_rows);
    visit("tile_columns", m.tile_columns);
    visit("tiles", m.tiles);
    visit("layer_stats", m.layer_stats);
  } else if constexpr (Is<M, Reply>) {
    visit("id", m.id);
    visit("images", m.images);
    visit("checkpoint", m.checkpoint);
  } else if constexpr (Is<M, DiagnosisInfo>) {
    visit("kind", m.kind);
    visit("evidence", m.evidence);
    visit("sentence", m.sentence);
  } else if constexpr (Is<M, Diagnoses>) {
    visit("found", m.found);
  } else if constexpr (Is<M, Failure>) {
    visit("id", m.id);
    visit("message", m.message);
  } else if constexpr (Is<M, JobProgress>) {
    visit("job", m.job);
    visit("kind", m.kind);
    visit("share", m.share);
    visit("stage", m.stage);
    visit("words", m.words);
    visit("paused", m.paused);
  } else if constexpr (Is<M, JobResult>) {
    visit("job", m.job);
    visit("kind", m.kind);
    visit("question", m.question);
    visit("done", m.done);
    visit("fields", m.fields);
    visit("shapes", m.arrays);
  } else if constexpr (Is<M, JobEnded>) {
    visit("job", m.job);
    visit("kind", m.kind);
    visit("reason", m.reason);
    visit("message", m.message);
  } else {
    // Messages without fields; a new message that is forgotten above does not compile.
    static_assert(std::is_empty_v<std::remove_const_t<M>>);
  }
}

// Names on the wire, in the order of the variants' alternatives.
inline constexpr const char* kCommandNames[] = {
    "set_setting",    "set_settings",  "load_preset",     "run",
    "pause",          "step",          "finish_epoch",    "reset",
    "new_seed",       "provide_data",  "data_failed",     "decode",
    "decode_map",     "get_images",    "save_checkpoint", "load_checkpoint",
    "snapshot_taken", "start_job",     "pause_job",       "resume_job",
    "cancel_job",     "ask_job",       "keep_run",        "get_kept_run",
    "load_kept_run",  "drop_kept_run", "add_kept_run",    "show_step",
    "go_on_from_step"};
inline constexpr const char* kEventNames[] = {
    "settings_changed", "network_info", "status",      "data_wanted", "data_ready",   "history",
    "snapshot",         "reply",        "failure",     "diagnoses",   "job_progress", "job_result",
    "job_ended",        "run_kept",     "run_dropped", "timeline"};
static_assert(std::size(kCommandNames) == std::variant_size_v<decltype(Command::body)>);
static_assert(std::size(kEventNames) == std::variant_size_v<Event>);

inline constexpr const char* kPhaseNames[] = {"waiting_for_data", "paused", "running", "finished"};
inline constexpr const char* kJobEndNames[] = {"done", "cancelled", "failed", "outdated"};

}  // namespace hourglass::session
