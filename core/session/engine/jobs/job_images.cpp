#include "core/session/engine/jobs/job_images.h"

#include <utility>

#include "core/session/engine/image_bytes.h"

namespace hourglass::session {

JobArray images_array(std::string name, const Matrix& samples, const ValueRange& range) {
  return {std::move(name), {samples.cols(), samples.rows()}, image_bytes(samples, range)};
}

JobArray indices_array(std::string name, std::vector<std::uint32_t> indices) {
  const auto count = static_cast<std::int64_t>(indices.size());
  return {std::move(name), {count}, std::move(indices)};
}

Matrix gathered(const Samples& samples, std::span<const std::uint32_t> indices) {
  Matrix found(samples.features(), static_cast<Index>(indices.size()));
  samples.gather(indices, columns(found, 0, found.cols()));
  return found;
}

std::vector<double> column_errors(const Matrix& restored, const Matrix& originals) {
  std::vector<double> errors;
  errors.reserve(static_cast<std::size_t>(originals.cols()));
  for (Index j = 0; j < originals.cols(); ++j) {
    errors.push_back(static_cast<double>((restored.col(j) - originals.col(j)).squaredNorm()) /
                     static_cast<double>(originals.rows()));
  }
  return errors;
}

}  // namespace hourglass::session
