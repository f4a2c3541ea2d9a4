// What the numbers of images in an array stand for: which of them are black and white.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/import_options.h"
#include "core/formats/numeric_array.h"

namespace hourglass {

// `low` becomes 0 and `high` 1.
struct ArrayRange {
  double low = 0, high = 1;
  bool is_own = false;    // values stay as they are
  bool to_bytes = false;  // whole numbers 0..255, which need no more room than that

  // Bytes that stand for [0, 1] already, or floats in [0, 1].
  bool is_identity(bool is_bytes) const {
    return is_own || (is_bytes ? low == 0 && high == 255 : low == 0 && high == 1 && !to_bytes);
  }
};

// The range of `arrays` (training and held-out, of images or of plain numbers) together; data.range
// says it instead of a guess ("LOW..HIGH", or "own"). Of images: floats in [0, 1] and bytes up to
// 255 stay what they are; -1..1, whole numbers up to 16 or 255, and any other range are mapped to
// [0, 1], and `notes` gets a sentence. Plain numbers stay as they are. For a model that was trained
// (options.trained) its own range is no guess, and floats about [0, 1], with noise or without, stay
// what they are. `name` is what messages call the data. Throws Error if a value is not finite,
// naming its place, or the option is none.
ArrayRange array_range(std::span<const NumericArray* const> arrays, bool are_images,
                       const std::string& name, const ImportOptions& options,
                       std::vector<Sentence>& notes);

// Maps the values of `array`; of images that is clipped to [0, 1], and with `invert` black becomes
// white.
void apply_range(const ArrayRange& range, bool are_images, bool invert, NumericArray& array);

}  // namespace hourglass
