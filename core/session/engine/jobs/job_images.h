// Images among the arrays of a job's result.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/math/types.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// Samples in the model's scale (features x samples) as bytes, in the way of image_bytes(): samples
// x features.
JobArray images_array(std::string name, const Matrix& samples, const ValueRange& range);
JobArray indices_array(std::string name, std::vector<std::uint32_t> indices);

// Samples by index, in the model's scale: features x indices.
Matrix gathered(const Samples& samples, std::span<const std::uint32_t> indices);
// The mean over features of the squared difference of each column.
std::vector<double> column_errors(const Matrix& restored, const Matrix& originals);

}  // namespace hourglass::session
