// Picture files as images of a data set's shape.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/shape.h"

namespace hourglass {

// The PNG or JPEG `file` as an image of `shape`, resized() to it: channels x rows x columns bytes.
// `name` is what messages call it. Throws Error if it is neither or damaged, or if the shape is
// none of an image: one or three channels, two pixels a side at least.
std::vector<std::uint8_t> picture_as_image(std::span<const std::uint8_t> file,
                                           const std::string& name, const ImageShape& shape);

}  // namespace hourglass
