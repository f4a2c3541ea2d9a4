#include "core/session/engine/display.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/whole_number.h"
#include "core/session/engine/image_bytes.h"

namespace hourglass::session {
namespace {

constexpr std::size_t kMaxImagesAskedFor = 1024, kMaxCodesToDecode = 4096;
// Numbers of the images in one answer: 64 MB, and few enough to be counted in 32 bits.
constexpr std::uint64_t kMaxNumbersInAnswer = std::uint64_t{1} << 24;

static_assert(Inspection::kStatistics == kLayerStats);

// Throws Error unless that many images of `features` numbers, at most `most`, may be asked for at
// once.
void check_answer(std::size_t images, std::size_t most, Index features) {
  const std::uint64_t fit = kMaxNumbersInAnswer / static_cast<std::uint64_t>(features);
  const std::uint64_t allowed = std::clamp<std::uint64_t>(fit, 1, most);
  if (images > allowed) {
    throw Error("At most " + std::to_string(allowed) + " images can be asked for at once, not " +
                std::to_string(images) + ".");
  }
}

// The column-major matrix whose columns are the rows of `values` (n x size).
Matrix to_matrix(const Floats& values, Index size, const char* what) {
  const auto count = static_cast<Index>(values.size() / static_cast<std::size_t>(size));
  if (values.size() % static_cast<std::size_t>(size) != 0) {
    throw Error(std::string("The ") + what + " to decode are " + std::to_string(values.size()) +
                " numbers, which is no multiple of " + std::to_string(size) + ".");
  }
  const Eigen::Map<const Eigen::MatrixXf> view(values.data(), size, count);
  Matrix matrix = view.cast<Scalar>();
  if (!matrix.allFinite()) throw Error(std::string("The ") + what + " to decode must be finite.");
  return matrix;
}

Floats floats_of(const Matrix& matrix) {
  Floats values(static_cast<std::size_t>(matrix.size()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(matrix.data()[i]);
  return values;
}

Shared<Floats> to_floats(const Matrix& matrix) {
  return std::make_shared<Floats>(floats_of(matrix));
}

Shared<Bytes> shared(Bytes bytes) { return std::make_shared<Bytes>(std::move(bytes)); }

}  // namespace

Display::Display(const TrainingRun& run, const Settings& settings, ThreadPool& pool)
    : run_(run),
      pool_(pool),
      inference_(run.model(), pool),
      map_(run.model(), run.data()->test, settings.integer("view.map_points"), pool),
      inspection_(run.model(), run.data()->test, inference_, kActivationBins) {
  noise_ = run_specs(settings).view_noise;
  take_up(settings, wakes::kImages | wakes::kPlane | wakes::kSample | wakes::kTiles);
}

void Display::take_up(const Settings& settings, unsigned woken) {
  if (woken & wakes::kImages) choose_images(settings);
  if (woken & wakes::kNoise) set_noise(settings);
  if (woken & wakes::kPlane) set_plane(settings);
  if (woken & wakes::kSample) choose_sample(settings);
  if (woken & wakes::kTiles) choose_tiles(settings);
}

void Display::choose_images(const Settings& settings) {
  const Samples& samples = run_.data()->test;
  image_count_ =
      static_cast<std::size_t>(std::min<Index>(settings.integer("view.images"), samples.count()));
  const auto set = settings.integer("view.image_set");
  const bool before = std::exchange(worst_wanted_, settings.text("view.image_order") == "worst");
  if (worst_wanted_) {
    if (!before) {
      worst_.clear();  // of parameters that may be long gone
      worst_stale_ = true;
    } else if (!worst_.empty()) {
      show_worst();
      return;
    }
    // Until it is known which these are, the set stays on display.
  }
  // The first set is the data's own first images, which is what a textbook shows.
  std::vector<std::uint32_t> order(static_cast<std::size_t>(samples.count()));
  if (set == 0) {
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  } else {
    shuffle_indices(0, RandomStream::kViewSamples, static_cast<std::uint32_t>(set), order);
  }
  order.resize(image_count_);
  noise_seed_ = static_cast<std::uint64_t>(set);
  show(std::move(order));
}

void Display::show(std::vector<std::uint32_t> indices) {
  const Samples& samples = run_.data()->test;
  indices_ = std::move(indices);
  clean_.resize(samples.features(), static_cast<Index>(indices_.size()));
  samples.gather(indices_, columns(clean_, 0, clean_.cols()));
  originals_new_ = true;
  corrupt_images();
}

void Display::set_noise(const Settings& settings) {
  noise_ = run_specs(settings).view_noise;
  corrupt_images();
}

void Display::set_plane(const Settings& settings) {
  std::optional<std::pair<Index, Index>> units;
  if (settings.text("view.map_plane") == "units") {
    units.emplace(settings.integer("view.map_unit_x"), settings.integer("view.map_unit_y"));
  }
  if (map_.set_units(units)) map_new_ = true;
}

void Display::choose_sample(const Settings& settings) {
  sample_ = static_cast<std::uint32_t>(
      std::min<Index>(settings.integer("view.sample"), run_.data()->test.count() - 1));
  sample_stale_ = true;
}

void Display::choose_tiles(const Settings& settings) {
  const std::string& tiles = settings.text("view.tiles");
  tiles_wanted_ = tiles != "none";
  tiles_kind_ = tiles == "outputs" ? Inspection::Tiles::kOutputs : Inspection::Tiles::kInputs;
  tiles_new_ = false;  // what was not sent yet is of the kind before
  tiles_stale_ = true;
}

void Display::corrupt_images() {
  corrupted_.resizeLike(clean_);
  const auto features = static_cast<std::size_t>(clean_.rows());
  for (Index j = 0; j < clean_.cols(); ++j) {
    corrupt(noise_, Random(noise_seed_, RandomStream::kViewNoise, 0, indices_[j]),
            {clean_.col(j).data(), features}, {corrupted_.col(j).data(), features},
            run_.data()->range);
  }
  corrupted_new_ = true;
  images_stale_ = true;
}

void Display::parameters_changed() {
  images_stale_ = true;
  map_stale_ = true;
  worst_stale_ = true;
  tiles_stale_ = true;
  sample_stale_ = true;
}

void Display::look_at(const Scalar* parameters) {
  earlier_ = parameters;
  parameters_changed();
  // What was begun, or is not sent yet, is of those before.
  stage_ = Stage::kIdle;
  map_new_ = tiles_new_ = false;
}

Display::Stage Display::next_stage(Stage stage) const {
  if (stage < Stage::kMap && (map_stale_ || !map_.done())) return Stage::kMap;
  if (stage < Stage::kWorst && worst_stale_ && worst_wanted_) return Stage::kWorst;
  if (stage < Stage::kTiles && tiles_stale_ && tiles_wanted_) return Stage::kTiles;
  return Stage::kIdle;
}

void Display::begin(Stage stage) {
  stage_ = stage;
  switch (stage) {
    case Stage::kIdle:
      break;
    case Stage::kMap:
      // Otherwise it goes on with what another choice of the plane has begun.
      if (std::exchange(map_stale_, false)) map_.begin();
      break;
    case Stage::kWorst:
      worst_stale_ = false;
      sample_errors_.resize(static_cast<std::size_t>(map_.size()));
      errors_known_ = 0;
      break;
    case Stage::kTiles:
      tiles_stale_ = false;
      inspection_.begin(tiles_kind_);
      break;
  }
}

bool Display::advance() {
  if (stage_ == Stage::kIdle) begin(next_stage(Stage::kIdle));
  switch (stage_) {
    case Stage::kIdle:
      return false;
    case Stage::kMap:
      if (map_.advance(parameters())) return false;
      map_new_ = true;
      break;
    case Stage::kWorst:
      if (advance_worst()) return false;
      break;
    case Stage::kTiles:
      if (inspection_.advance(parameters(), map_.ranges())) return false;
      tiles_new_ = tiles_wanted_ && inspection_.kind() == tiles_kind_;
      break;
  }
  begin(next_stage(stage_));
  return stage_ == Stage::kIdle;
}

bool Display::advance_worst() {
  const Samples& samples = run_.data()->test;
  const std::size_t first = errors_known_;
  // A whole piece for each thread, so that the cut into pieces is the same for every number of
  // threads.
  const auto count = std::min(sample_errors_.size() - first,
                              static_cast<std::size_t>(kInferenceColumns * pool_.limit()));
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
  inference_.for_each_piece(
      parameters(), static_cast<Index>(count),
      [&](Index begin, Index size, MatrixView input) {
        samples.gather({indices.data() + begin, static_cast<std::size_t>(size)}, input);
      },
      [&](const Activations& room, Index, Index begin, Index size) {
        for (Index j = 0; j < size; ++j) {
          const double error = static_cast<double>(
              (room.outputs.back().col(j) - room.outputs.front().col(j)).array().square().mean());
          sample_errors_[first + static_cast<std::size_t>(begin + j)] =
              std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
        }
      });
  errors_known_ += count;
  if (errors_known_ < sample_errors_.size()) return true;
  worst_.resize(sample_errors_.size());
  std::iota(worst_.begin(), worst_.end(), 0u);
  std::stable_sort(worst_.begin(), worst_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return sample_errors_[a] > sample_errors_[b];
  });
  if (worst_wanted_) show_worst();
  return false;
}

void Display::show_worst() {
  std::vector<std::uint32_t> indices = worst_;
  indices.resize(std::min(image_count_, indices.size()));
  if (indices != indices_) show(std::move(indices));
}

void Display::fill(Snapshot& snapshot) {
  fill_images(snapshot);
  if (std::exchange(map_new_, false)) {
    snapshot.map_points = to_floats(map_.points());
    snapshot.code_ranges = to_floats(map_.ranges());
  }
  snapshot.sample = sample_;
  if (sample_stale_) fill_activations(snapshot);
  // Not while the next ones are being made in the same place.
  if (tiles_new_ && stage_ != Stage::kTiles) fill_tiles(snapshot);
  // With every snapshot: whoever merges it into the last one must not lose the shape of the tiles.
  snapshot.tile_channels = tile_shape_.channels;
  snapshot.tile_rows = tile_shape_.rows;
  snapshot.tile_columns = tile_shape_.columns;
}

void Display::fill_activations(Snapshot& snapshot) {
  auto values = std::make_shared<Floats>();
  inference_.for_each_piece(
      parameters(), 1,
      [&](Index, Index, MatrixView input) { run_.data()->test.gather({&sample_, 1}, input); },
      [&](const Activations& room, Index, Index, Index) {
        for (const Matrix& output : room.outputs) {
          for (Index i = 0; i < output.rows(); ++i) {
            values->push_back(static_cast<float>(output(i, 0)));
          }
        }
      });
  snapshot.activations = std::move(values);
  sample_stale_ = false;
}

void Display::fill_tiles(Snapshot& snapshot) {
  tile_shape_ = inspection_.tile_shape();
  snapshot.tiles = shared(signed_bytes(inspection_.tiles()));
  snapshot.layer_stats = to_floats(inspection_.layers());
  tiles_new_ = false;
}

void Display::fill_images(Snapshot& snapshot) {
  if (images_stale_) {
    restored_.resizeLike(clean_);
    inference_.reconstruct(parameters(), columns(std::as_const(corrupted_), 0, clean_.cols()),
                           columns(restored_, 0, clean_.cols()));
    snapshot.reconstructed = shared(sample_bytes(restored_, *run_.data()));
    auto errors = std::make_shared<Floats>();
    for (Index j = 0; j < clean_.cols(); ++j) {
      errors->push_back(
          static_cast<float>((restored_.col(j) - clean_.col(j)).array().square().mean()));
    }
    snapshot.image_errors = std::move(errors);
    images_stale_ = false;
  }
  snapshot.image_count = clean_.cols();
  if (originals_new_) {
    snapshot.image_indices = std::make_shared<std::vector<std::uint32_t>>(indices_);
    auto labels = std::make_shared<std::vector<std::int32_t>>();
    const auto& known = run_.data()->test.labels;
    if (!known.empty()) {
      for (const std::uint32_t index : indices_) labels->push_back(known[index]);
    }
    snapshot.image_labels = std::move(labels);
    snapshot.originals = shared(sample_bytes(clean_, *run_.data()));
    originals_new_ = false;
  }
  if (std::exchange(corrupted_new_, false)) {
    snapshot.corrupted = shared(sample_bytes(corrupted_, *run_.data()));
  }
}

void Display::describe_map(DataReady& ready) const {
  const Samples& samples = run_.data()->test;
  const auto count = static_cast<std::size_t>(map_.size());
  ready.map_points = map_.size();
  if (!samples.labels.empty()) {
    ready.map_labels.assign(samples.labels.begin(), samples.labels.begin() + map_.size());
  }
  for (const auto& factor : samples.factors) {
    ready.map_factors.insert(ready.map_factors.end(), factor.begin(),
                             factor.begin() + static_cast<std::ptrdiff_t>(count));
  }
}

Floats Display::decode(const Floats& codes) const {
  const Model& model = run_.model();
  check_answer(codes.size() / static_cast<std::size_t>(model.code_size()), kMaxCodesToDecode,
               model.features());
  const Matrix input = to_matrix(codes, model.code_size(), "codes");
  Matrix images(model.features(), input.cols());
  inference_.decode(parameters(), columns(input, 0, input.cols()),
                    columns(images, 0, images.cols()));
  to_own_units(run_.data()->map, columns(images, 0, images.cols()));
  return floats_of(images);
}

Floats Display::images(const std::vector<std::uint32_t>& indices) const {
  const Samples& samples = run_.data()->test;
  if (indices.empty()) return {};
  check_answer(indices.size(), kMaxImagesAskedFor, samples.features());
  for (const std::uint32_t index : indices) {
    if (!is_index(index, samples.count())) {
      throw Error("There is no held-out image " + std::to_string(index) + "; there are " +
                  std::to_string(samples.count()) + ", counted from 0.");
    }
  }
  Matrix images(samples.features(), static_cast<Index>(indices.size()));
  samples.gather(indices, columns(images, 0, images.cols()));
  to_own_units(run_.data()->map, columns(images, 0, images.cols()));
  return {images.data(), images.data() + images.size()};
}

Floats Display::decode_map(const Floats& points) const {
  const Model& model = run_.model();
  check_answer(points.size() / 2, kMaxCodesToDecode, model.features());
  const Matrix input = to_matrix(points, 2, "points");
  if (map_.plane().axes.size() == 0) throw Error("The latent map is not drawn yet.");
  // A few codes at a time: they may be much wider than the images.
  Matrix images(model.features(), input.cols()), codes;
  const Index at_a_time = kInferenceColumns * pool_.limit();
  for (Index first = 0; first < input.cols(); first += at_a_time) {
    const Index count = std::min(at_a_time, input.cols() - first);
    codes.resize(model.code_size(), count);
    map_.plane().lift(columns(input, first, count), columns(codes, 0, count));
    if (!codes.allFinite()) {
      throw Error("The points to decode lie so far out that their codes are not finite.");
    }
    inference_.decode(parameters(), columns(std::as_const(codes), 0, count),
                      columns(images, first, count));
  }
  to_own_units(run_.data()->map, columns(images, 0, images.cols()));
  return floats_of(images);
}

}  // namespace hourglass::session
