// Everything that crosses between the engine and whoever drives it: commands in, events out.
//
// These are plain values without a thread, a model or a file behind them. The front end includes
// this header, settings.h and nothing else of the engine. On the web the same values cross as bytes
// (wire.h), made from one list of fields per message.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/train/metrics.h"

namespace hourglass::session {

// The value of a setting. Which of the four a key has is fixed by the settings table.
using Value = std::variant<bool, std::int64_t, double, std::string>;

using Bytes = std::vector<std::uint8_t>;
using Floats = std::vector<float>;
template <typename T>
using Shared = std::shared_ptr<const T>;

// ---------------------------------------------------------------------------------------- commands

struct SetSetting {
  std::string key;
  Value value;
};
// Sets several at once, all of them or, if one is refused, none: an encoder with the decoder that
// fits it.
struct SetSettings {
  std::vector<std::pair<std::string, Value>> values;
};
// Replaces all settings of model, training and noise by those of a preset, and starts afresh.
struct LoadPreset {
  std::string name;
};
struct Run {};
struct Pause {};
// Trains `count` mini-batches and pauses.
struct Step {
  std::int64_t count = 1;
};
// Trains to the end of the current epoch and pauses.
struct FinishEpoch {};
// Back to untrained weights of the same seed: the same start, and the same run after it.
struct Reset {};
// Resets with another seed.
struct NewSeed {};
// Answers a DataWanted event with the raw bytes of the four IDX files, of the file of documents, or
// of a whole data set as core/data/sources/dataset_file.h writes it. The last, under the name
// "own", is taken into use also where nobody has asked for it: a person's own data.
struct ProvideData {
  std::string name;
  Bytes train_images, train_labels, test_images, test_labels, documents, samples;
};
// Answers a DataWanted event: why the data cannot be had. The run goes on with what it had.
struct DataFailed {
  std::string name;
  std::string message;
};
// Asks for images of codes, at most 4096 of them. Answered by a Reply with the array "images", n x
// features in [0, 1]. Of this and of what the next two ask for: at most 2^24 numbers in the answer.
struct Decode {
  Floats codes;  // n x code size, row by row
};
// Asks for images of points of the latent map (in the map's own coordinates). Answered as Decode
// is.
struct DecodeMap {
  Floats points;  // n x 2
};
// Asks for held-out images by their index, at most 1024 of them. Answered by a Reply with "images",
// in the order asked, in the same units as Decode's.
struct GetImages {
  std::vector<std::uint32_t> indices;
};
// Asks for a checkpoint. Answered by a Reply with the array "checkpoint", bytes of a safetensors
// file; while an epoch is being evaluated, when that has ended. The commands behind it do not wait
// for that.
struct SaveCheckpoint {};
struct LoadCheckpoint {
  Bytes checkpoint;
};
// Says that the last Snapshot was used, so that the next one may be made. While one is under way no
// other is made: a slow front end gets fewer snapshots, never a growing queue of them.
struct SnapshotTaken {};
// Starts a background job: work that takes longer than a moment and goes on beside training. There
// is at most one of a kind at a time. `job` is a number that the sender chooses, which no other job
// has at the time; the events about the job repeat it.
struct StartJob {
  std::string kind;              // "pca": a name in core/session/engine/job_kinds.h
  std::string arguments = "{}";  // JSON text of an object
  std::uint64_t job = 0;
};
// A paused job keeps what it has done, and costs nothing but its memory.
struct PauseJob {
  std::uint64_t job = 0;
};
struct ResumeJob {
  std::uint64_t job = 0;
};
struct CancelJob {
  std::uint64_t job = 0;
};
// Asks a job that has found all and stays about it. Answered by a JobResult that repeats the number
// `question`, which the sender chooses, not 0.
struct AskJob {
  std::uint64_t job = 0;
  std::uint64_t question = 0;
  std::string arguments = "{}";  // JSON text of an object
};

// A run that is over is kept with its parameters, as many as there is memory for: see RunKept. This
// keeps the present one as it is by now, which goes on under another number. Refused where nothing
// was trained since the start, or since it was kept last.
struct KeepRun {};
// Asks for the checkpoint of a kept run. Answered by a Reply with the array "checkpoint", as of
// SaveCheckpoint, with the training curve in its metadata.
struct GetKeptRun {
  std::uint64_t run = 0;
};
// Makes a kept run the present one, as LoadCheckpoint does with a file's.
struct LoadKeptRun {
  std::uint64_t run = 0;
};
// Forgets a kept run.
struct DropKeptRun {
  std::uint64_t run = 0;
};
// Keeps a run of a checkpoint beside the present one, under a number of its own.
struct AddKeptRun {
  Bytes checkpoint;
};

// Puts the present run on display as it was after that one of the kept steps (Timeline) which is
// nearest, and pauses it; -1: as it is now, which is also on display as soon as it trains on.
struct ShowStep {
  std::int64_t step = -1;
};
// Goes on from there, with the optimizer's state of then and the settings of now: under the same
// ones it becomes the same run again, bit for bit. The run as it is now is kept (RunKept).
struct GoOnFromStep {
  std::int64_t step = 0;
};

struct Command {
  // Repeated in the Reply or Failure that answers, and there is exactly one; 0 if nobody waits.
  std::uint64_t id = 0;
  std::variant<SetSetting, SetSettings, LoadPreset, Run, Pause, Step, FinishEpoch, Reset, NewSeed,
               ProvideData, DataFailed, Decode, DecodeMap, GetImages, SaveCheckpoint,
               LoadCheckpoint, SnapshotTaken, StartJob, PauseJob, ResumeJob, CancelJob, AskJob,
               KeepRun, GetKeptRun, LoadKeptRun, DropKeptRun, AddKeptRun, ShowStep, GoOnFromStep>
      body;
};

// ------------------------------------------------------------------------------------------ events

// All settings, whenever one has changed.
struct SettingsChanged {
  std::vector<std::pair<std::string, Value>> values;
};

enum class Phase : std::uint8_t { kWaitingForData, kPaused, kRunning, kFinished };

struct LayerInfo {
  std::string name;  // "encoder.0"
  std::string kind;  // "dense"
  std::string activation;
  std::vector<std::int64_t> output_shape;  // channels, rows, columns; or {units}
  std::int64_t parameters = 0;
  std::int64_t multiply_adds = 0;  // per sample, forward
};

// What is being trained, whenever that has changed.
struct NetworkInfo {
  std::vector<LayerInfo> layers;
  std::int64_t input_features = 0;
  std::int64_t code_layer = 0;  // index into layers of the layer whose output is the code
  std::int64_t code_size = 0;
  std::int64_t parameters = 0;
  std::int64_t multiply_adds = 0;
  std::string engine;        // how the engine was built: "AVX-512"
  std::int64_t threads = 1;  // that it runs on
};

struct Status {
  Phase phase = Phase::kPaused;
  std::int64_t step = 0;         // mini-batches since the start
  double epoch = 0;              // epochs since the start, with the fraction of the current one
  double images_per_second = 0;  // while training, over about the last second; 0 when paused
  // Settings that have changed but act only after a reset, by key.
  std::vector<std::string> pending_reset;
};

// The session wants the named data set and waits for ProvideData or DataFailed.
struct DataWanted {
  std::string name;
};

struct FactorInfo {
  std::string name;
  std::string unit;
  float low = 0;
  float high = 0;
};

// A data set has been taken into use, or the map shows another number of its samples: fewer of a
// very wide code. The latent map shows the first `map_points` held-out samples; labels and factors
// here are theirs, in that order.
struct DataReady {
  std::string name;
  std::int64_t channels = 1, rows = 0, columns = 0;
  std::int64_t train_count = 0, test_count = 0;
  std::vector<std::string> class_names;
  std::int64_t map_points = 0;
  std::vector<std::int32_t> map_labels;  // map_points, or empty
  std::vector<FactorInfo> factors;
  Floats map_factors;  // factors.size() x map_points, factor by factor
  // Of documents, else empty: the word that each of the columns stands for, and the first words of
  // the map's documents.
  std::vector<std::string> words, map_texts;
  // Of a table whose columns have titles, else empty.
  std::vector<std::string> feature_names;
};

// One point of the training curve.
struct LossPoint {
  std::int64_t step = 0;
  double epoch = 0;
  double loss = 0;     // training loss, averaged over the steps since the last point
  double penalty = 0;  // the part of it that is not reconstruction
};

using hourglass::EpochMetrics;

// New points of the curves, to be appended to those before; `restart` says to drop those first.
struct History {
  bool restart = false;
  std::vector<LossPoint> losses;
  std::vector<EpochMetrics> epochs;
  // With `restart`: the number of the run that begins, which no other run of this engine has and
  // which is above those of all before it; and that of the kept run that it goes on from, or 0.
  std::uint64_t run = 0;
  std::uint64_t goes_on_from = 0;
};

// The most points of each curve of a kept run.
inline constexpr std::size_t kKeptPoints = 400;

// The parameters of a run are kept: because it is over, before the History of the next one; because
// that was asked for, or the run came from elsewhere.
struct RunKept {
  std::uint64_t run = 0;  // its number
  // The number of the present run from here on. Another than before where that one was kept and
  // goes on.
  std::uint64_t present = 0;
  std::vector<std::pair<std::string, Value>> settings;  // all, as it was trained with
  NetworkInfo network;                                  // without engine and threads
  std::string data;                                     // the data set's name
  std::string data_hash;
  std::int64_t step = 0;
  double epoch = 0;
  std::int64_t bytes = 0;            // of memory
  std::vector<LossPoint> losses;     // kKeptPoints at most: means of neighbours
  std::vector<EpochMetrics> epochs;  // likewise: some of many
};

// They are no longer kept: the memory was needed for another run or, `deleted`, somebody said so.
struct RunDropped {
  std::uint64_t run = 0;
  bool deleted = false;
};

// The steps of the present run that can be shown, whenever they have changed: at most 64, about
// evenly up to now; fewer of a large network.
struct Timeline {
  std::vector<std::int64_t> steps;  // rising
  std::vector<double> epochs;       // of each, with the fraction of the one under way
  std::int64_t shown = -1;          // the step that is on display; -1: the run as it is now
};

// Bins of a histogram of activations, and the numbers before them in a row of
// Snapshot::layer_stats.
inline constexpr std::int64_t kActivationBins = 24;
inline constexpr std::int64_t kLayerStats = 3;

// What is on display of the run. Null parts have not changed since the last snapshot that had them.
struct Snapshot {
  std::int64_t step = 0;
  double epoch = 0;
  bool complete = false;  // all that is on display is of that step by now
  // The images on display, count x features bytes each (0..255 for [0, 1]), image by image. A
  // document has 255 for its strongest word.
  std::int64_t image_count = 0;
  Shared<std::vector<std::uint32_t>> image_indices;  // into the held-out samples
  Shared<std::vector<std::int32_t>> image_labels;    // empty without labels
  Shared<Bytes> originals;
  Shared<Bytes> corrupted;      // after the viewing corruption
  Shared<Bytes> reconstructed;  // what the network makes of `corrupted`
  Shared<Floats> image_errors;  // image_count: mean squared error against the original
  // The latent map: map_points x 2 coordinates, point by point, in the order of DataReady.
  Shared<Floats> map_points;
  // Of every code unit over the map's points, with each refresh of the map: code size x 3, unit by
  // unit: lowest, highest, mean.
  Shared<Floats> code_ranges;

  // The held-out sample of the setting view.sample on its way through the network without noise:
  // the input, then every layer's output in the order of NetworkInfo, one after the other.
  std::int64_t sample = 0;
  Shared<Floats> activations;

  // With the setting view.tiles on something: tiles of tile_channels x tile_rows x tile_columns
  // bytes, at most 256 of them. 128 is zero; 255 and 1 are plus and minus the tile's own largest
  // magnitude.
  //   "inputs":  what each unit of the first layer with weights looks for: its weights.
  //   "outputs": what each code unit draws: the image decoded with that unit at its highest minus
  //              the one with it at its lowest, the others at their mean (code_ranges).
  std::int64_t tile_channels = 1, tile_rows = 0, tile_columns = 0;
  Shared<Bytes> tiles;
  // Along with tiles, of every layer over the first 256 held-out samples: lowest and highest
  // activation, how many units never change (dead), then kActivationBins shares of all activations
  // between lowest and highest, which add up to 1: layers x (kLayerStats + kActivationBins).
  Shared<Floats> layer_stats;
};

struct Reply {
  std::uint64_t id = 0;
  // Either or both may be empty, as the command says.
  Floats images;
  Bytes checkpoint;
};

// Something that is wrong with the run though it goes on, and that only a number tells.
struct DiagnosisInfo {
  std::string kind;              // "dead_code": a name in core/analysis/diagnosis.h, and of a text
  std::vector<double> evidence;  // the numbers that the text names
  std::string sentence;          // what is wrong and what to change, in English
};
// All that is wrong by the last evaluation, whenever that has changed; none is good news.
struct Diagnoses {
  std::vector<DiagnosisInfo> found;
};

// A command could not be carried out, or (id 0) the run had to stop. One sentence for the user.
struct Failure {
  std::uint64_t id = 0;
  std::string message;
};

// How far a job is: at its start, some times a second while it works, and when it is paused or
// resumed.
struct JobProgress {
  std::uint64_t job = 0;
  std::string kind;
  double share = 0;   // of the work that is done, from 0 to 1
  std::string stage;  // what it is doing, as the key "job.KIND.STAGE" of a text
  std::string words;  // the same in English, without a full stop
  bool paused = false;
};

// An array of a job's result. Each name is there once in a result.
struct JobArray {
  std::string name;
  std::vector<std::int64_t> shape;  // row-major: the last index runs fastest
  std::variant<Floats, Bytes, std::vector<std::uint32_t>> values;
};

// What a job has found so far or, with `done`, all of it; with a `question`, the answer to that.
// The kind says what is in it.
struct JobResult {
  std::uint64_t job = 0;
  std::string kind;
  std::uint64_t question = 0;
  bool done = false;
  std::string fields;            // JSON text of an object
  std::vector<JobArray> arrays;  // as raw arrays on the wire, under their own names
};

enum class JobEnd : std::uint8_t { kDone, kCancelled, kFailed, kOutdated };

// The last event of a job, whatever came of it. A job that stays to be asked is not done: the last
// of what it has found says so.
struct JobEnded {
  std::uint64_t job = 0;
  std::string kind;
  JobEnd reason = JobEnd::kDone;
  // One sentence: why it failed, or what has changed under it; "" where it is done or cancelled.
  std::string message;
};

using Event = std::variant<SettingsChanged, NetworkInfo, Status, DataWanted, DataReady, History,
                           Snapshot, Reply, Failure, Diagnoses, JobProgress, JobResult, JobEnded,
                           RunKept, RunDropped, Timeline>;

}  // namespace hourglass::session
