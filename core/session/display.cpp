#include "core/session/display.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/base/error.h"

namespace hourglass::session {
namespace {

constexpr Index kMapSamplesAtATime = 512;

// Black at the low end of the data's range, white at its high end.
Shared<Bytes> to_bytes(const Matrix& scaled, const ValueRange& range) {
  Matrix images = scaled;
  to_unit_range(range, columns(images, 0, images.cols()));
  auto bytes = std::make_shared<Bytes>(static_cast<std::size_t>(images.size()));
  for (Index i = 0; i < images.size(); ++i) {
    // Outputs need not lie in the range; a number that is not finite shows as black.
    const Scalar value = images.data()[i];
    const Scalar held = value > 0 ? std::min(value, Scalar(1)) : Scalar(0);
    (*bytes)[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(held * 255 + Scalar(0.5));
  }
  return bytes;
}

// The column-major matrix whose columns are the rows of `values` (n x size).
Matrix to_matrix(const Floats& values, Index size, const char* what) {
  const auto count = static_cast<Index>(values.size()) / size;
  if (count * size != static_cast<Index>(values.size())) {
    throw Error(std::string("The ") + what + " to decode are " + std::to_string(values.size()) +
                " numbers, which is no multiple of " + std::to_string(size) + ".");
  }
  const Eigen::Map<const Eigen::MatrixXf> view(values.data(), size, count);
  Matrix matrix = view.cast<Scalar>();
  if (!matrix.allFinite()) throw Error(std::string("The ") + what + " to decode must be finite.");
  return matrix;
}

}  // namespace

Display::Display(const TrainingRun& run, const Settings& settings, ThreadPool& pool)
    : run_(run),
      inference_(run.model(), pool),
      map_(run.model(), run.data()->test, settings.integer("view.map_points"), pool) {
  choose_images(settings);
  set_noise(settings);
}

void Display::choose_images(const Settings& settings) {
  const Samples& samples = run_.data()->test;
  const auto count = static_cast<std::size_t>(
      std::min<Index>(settings.integer("view.images"), samples.count()));
  const auto set = settings.integer("view.image_set");
  // The first set is the data's own first images, which is what a textbook shows.
  std::vector<std::uint32_t> order(static_cast<std::size_t>(samples.count()));
  if (set == 0) {
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  } else {
    shuffle_indices(0, RandomStream::kViewSamples, static_cast<std::uint32_t>(set), order);
  }
  order.resize(count);
  indices_ = std::move(order);
  noise_seed_ = static_cast<std::uint64_t>(set);
  clean_.resize(samples.features(), static_cast<Index>(count));
  samples.gather(indices_, columns(clean_, 0, clean_.cols()));
  originals_new_ = true;
  corrupt_images();
}

void Display::set_noise(const Settings& settings) {
  noise_ = view_corruption(settings);
  corrupt_images();
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
}

bool Display::advance_map() {
  if (map_.done()) {
    if (!map_stale_) return false;
    map_.begin();
    map_stale_ = false;
  }
  if (map_.advance(run_.parameters(), kMapSamplesAtATime)) return false;
  map_new_ = true;
  return true;
}

void Display::fill(Snapshot& snapshot) {
  if (images_stale_) {
    restored_.resizeLike(clean_);
    inference_.reconstruct(run_.parameters(), columns(std::as_const(corrupted_), 0, clean_.cols()),
                           columns(restored_, 0, clean_.cols()));
    snapshot.reconstructed = to_bytes(restored_, run_.data()->range);
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
    snapshot.originals = to_bytes(clean_, run_.data()->range);
    originals_new_ = false;
  }
  if (std::exchange(corrupted_new_, false)) snapshot.corrupted = to_bytes(corrupted_, run_.data()->range);
  if (std::exchange(map_new_, false)) {
    const Matrix& points = map_.points();
    auto values = std::make_shared<Floats>(static_cast<std::size_t>(points.size()));
    for (Index i = 0; i < points.size(); ++i) {
      (*values)[static_cast<std::size_t>(i)] = static_cast<float>(points.data()[i]);
    }
    snapshot.map_points = std::move(values);
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
  const Matrix input = to_matrix(codes, run_.model().code_size(), "codes");
  Matrix images(run_.model().features(), input.cols());
  inference_.decode(run_.parameters(), columns(input, 0, input.cols()),
                    columns(images, 0, images.cols()));
  to_own_units(run_.data()->map, columns(images, 0, images.cols()));
  Floats values(static_cast<std::size_t>(images.size()));
  for (Index i = 0; i < images.size(); ++i) {
    values[static_cast<std::size_t>(i)] = static_cast<float>(images.data()[i]);
  }
  return values;
}

Floats Display::images(const std::vector<std::uint32_t>& indices) const {
  const Samples& samples = run_.data()->test;
  for (const std::uint32_t index : indices) {
    if (static_cast<Index>(index) >= samples.count()) {
      throw Error("There is no held-out image " + std::to_string(index) + "; there are " +
                  std::to_string(samples.count()) + ", counted from 0.");
    }
  }
  Matrix images(samples.features(), static_cast<Index>(indices.size()));
  if (indices.empty()) return {};
  samples.gather(indices, columns(images, 0, images.cols()));
  to_own_units(run_.data()->map, columns(images, 0, images.cols()));
  return {images.data(), images.data() + images.size()};
}

Floats Display::decode_map(const Floats& points) const {
  const Matrix input = to_matrix(points, 2, "points");
  if (map_.plane().axes.size() == 0) throw Error("The latent map is not drawn yet.");
  Matrix codes(run_.model().code_size(), input.cols());
  map_.plane().lift(columns(input, 0, input.cols()), columns(codes, 0, codes.cols()));
  Floats values(static_cast<std::size_t>(codes.size()));
  for (Index i = 0; i < codes.size(); ++i) {
    values[static_cast<std::size_t>(i)] = static_cast<float>(codes.data()[i]);
  }
  return decode(values);
}

}  // namespace hourglass::session
