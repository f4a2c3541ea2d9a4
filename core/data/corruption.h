// Noise on inputs: what a denoising autoencoder learns to undo.
#pragma once

#include <span>
#include <string_view>

#include "core/data/scaling.h"
#include "core/math/random.h"
#include "core/math/types.h"

namespace hourglass {

// What happens to each feature x of a range [low, high], each by its own draw:
//   none             x
//   gaussian         x + level * (high - low) * N(0, 1), then held within the range
//   masking          low with probability `level`, else x                (Vincent et al. 2008)
//   salt-and-pepper  with probability `level` low or high, each as likely; else x
//   dropout          0 with probability `level`, else x / (1 - level): the mean stays what it was
enum class CorruptionKind { kNone, kGaussian, kMasking, kSaltAndPepper, kDropout };

std::string_view corruption_name(CorruptionKind kind);
std::span<const std::string_view> corruption_names();
CorruptionKind corruption_from_name(std::string_view name);  // throws Error

struct Corruption {
  CorruptionKind kind = CorruptionKind::kNone;
  // In [0, 1]: a standard deviation in widths of the range for gaussian, else a probability.
  Scalar level = 0;

  // Whether it leaves everything as it is.
  bool is_none() const { return kind == CorruptionKind::kNone || level == 0; }
  bool operator==(const Corruption&) const = default;
};

// Writes the corrupted `clean` into `out`, of the same length; they may be the same memory.
// Everything random comes from `random`, which the caller keys by sample; `range` is the data's.
// Allocates nothing.
void corrupt(const Corruption& corruption, Random random, std::span<const Scalar> clean,
             std::span<Scalar> out, ValueRange range = {});

}  // namespace hourglass
