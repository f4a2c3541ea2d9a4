// A picture file of whatever kind is read, told from its contents.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/formats/png.h"

namespace hourglass {

// Decodes a PNG, a JPEG or a BMP: with the channels that it has, or grey where `colour` is false
// and the file can be read so. A JPEG is turned as Exif says (photographs by telephones lie on
// their side otherwise). Throws Error if it is none of these, and as their readers do.
Image read_image_file(std::span<const std::uint8_t> file, const std::string& name, bool colour);

// Whether the file says that it has colours: a JPEG of more than one component, a PNG of a colour
// type. Of a BMP only its pixels tell; it is said to have them.
bool may_have_colour(std::span<const std::uint8_t> file);

// `image` turned and mirrored so that one of this Exif orientation (1 to 8) stands upright.
Image oriented(Image image, int orientation);

}  // namespace hourglass
