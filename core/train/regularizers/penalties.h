// What is made small besides the difference of the reconstruction, as settings say it.
#pragma once

#include <cstdint>

namespace hourglass {

// Added to the loss, each with its weight; 0 leaves it out. The objects that the list in
// regularizers.cpp makes of them say what each is.
struct Penalties {
  double activity_l1 = 0;
  double sparsity = 0;
  double sparsity_target = 0.05;  // in (0, 1)
  double weight_l2 = 0;
  double contractive = 0;
  double kl = 1;
  std::int64_t kl_warmup = 0;  // epochs over which kl rises from 0 to its value

  bool operator==(const Penalties&) const = default;
};

}  // namespace hourglass
