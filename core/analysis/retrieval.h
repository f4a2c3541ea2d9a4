// How well documents are found by what is near: precision and recall over the number retrieved.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/math/thread_pool.h"
#include "core/math/types.h"
#include "core/text/bag_of_words.h"

namespace hourglass {

enum class RetrievalDistance {
  kEuclidean,
  kCosine  // 1 - ab / (|a| |b|); 1 where one of them is 0
};

// Means over queries, of which each is relevant to the documents of its label (Manning, Raghavan
// and Schütze 2008, "Introduction to Information Retrieval", sections 8.3 and 8.4).
struct RetrievalQuality {
  double precision_at_k = 0;  // the share of the k nearest that have the query's label
  // The same over the queries of each label; NaN for one without queries.
  std::vector<double> precision_by_label;
  // 1, 3, 7, 15, ... nearest documents, at last all of them, as Hinton and Salakhutdinov 2006 draw
  // their curves; which part of these is relevant, and which part of what is relevant they are.
  std::vector<Index> retrieved;
  std::vector<double> precision, recall;
};

// What a search is measured on: labels from 0 to `label_count` - 1, or negative for documents that
// are never relevant and queries that are not asked.
struct RetrievalTask {
  std::span<const std::int32_t> labels;        // of the documents that are searched
  std::span<const std::int32_t> query_labels;  // of the queries, which are none of these
  Index label_count = 0;
  Index k = 10;
};

// Codes, size x n and size x m. All documents are ranked for each query; equally far ones by their
// number. Recall has no part in it from labels that no document has. The bits of the result are the
// same for any number of threads. Throws Error if there are fewer than k documents, no query with a
// label, or if a code is not finite.
RetrievalQuality retrieval_quality(const ConstMatrixView& documents, const ConstMatrixView& queries,
                                   const RetrievalTask& task, RetrievalDistance distance,
                                   ThreadPool& pool);

// The same by the cosine of sparse rows over the same words.
RetrievalQuality retrieval_quality(const WordWeights& documents, const WordWeights& queries,
                                   const RetrievalTask& task, ThreadPool& pool);

}  // namespace hourglass
