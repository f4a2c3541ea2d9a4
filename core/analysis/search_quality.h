// Whether the neighbours of a sample are of its class: how good codes are to search by.
#pragma once

#include <span>

#include "core/analysis/neighbors.h"

namespace hourglass {

// The mean over samples of the share of their k nearest that have their label: precision at k
// (Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval", section 8.4), each
// sample being asked for in turn and none being its own neighbour. `neighbors` has at least k for
// each query, whose labels are `query_labels`; `labels` are those of what is found. Queries and
// neighbours without a label (negative) and queries without neighbours count as nothing found.
// Throws Error if there are no labels or not enough samples.
double precision_at(const Neighbors& neighbors, Index k, std::span<const std::int32_t> query_labels,
                    std::span<const std::int32_t> labels);

}  // namespace hourglass
