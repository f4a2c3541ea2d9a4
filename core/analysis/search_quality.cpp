#include "core/analysis/search_quality.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"

namespace hourglass {

double precision_at(const Neighbors& neighbors, Index k, std::span<const std::int32_t> query_labels,
                    std::span<const std::int32_t> labels) {
  if (labels.empty() || query_labels.empty()) {
    throw Error("Precision needs labels to count by, and the samples have none.");
  }
  if (k < 1 || k > neighbors.k || k > static_cast<Index>(labels.size())) {
    throw Error(
        "Precision at " + std::to_string(k) + " needs that many neighbours, and there are " +
        std::to_string(std::min<Index>(neighbors.k, static_cast<Index>(labels.size()))) + ".");
  }
  Index same = 0;
  for (std::size_t i = 0; i < query_labels.size(); ++i) {
    const std::int32_t* nearest = neighbors.of(static_cast<Index>(i));
    for (Index j = 0; j < k; ++j) {
      if (nearest[j] < 0 || query_labels[i] < 0) continue;
      same += labels[static_cast<std::size_t>(nearest[j])] == query_labels[i] ? 1 : 0;
    }
  }
  return static_cast<double>(same) /
         static_cast<double>(static_cast<Index>(query_labels.size()) * k);
}

}  // namespace hourglass
