#include "core/analysis/retrieval.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <string>

#include "core/analysis/neighbors.h"
#include "core/base/error.h"

namespace hourglass {
namespace {

// Queries of one task.
constexpr Index kTaskQueries = 16;

// Fills in how far each document is from query `query`, in any unit.
using Measure = std::function<void(Index query, std::span<double> distances)>;

// Numbers retrieved at which relevant documents are counted: those of the curve, and k.
std::vector<Index> count_points(Index n, Index k) {
  std::vector<Index> points;
  for (Index some = 1; some < n; some = 2 * some + 1) points.push_back(some);
  points.push_back(n);
  if (std::find(points.begin(), points.end(), k) == points.end()) points.push_back(k);
  std::sort(points.begin(), points.end());
  return points;
}

// Adds to hits[p] how many of the points[p] nearest documents have `label`.
void count_hits(std::span<const double> distances, std::span<const std::int32_t> labels,
                std::int32_t label, std::span<const Index> points,
                std::vector<std::uint32_t>& order, std::int64_t* hits) {
  order.resize(distances.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto nearer = [&](std::uint32_t a, std::uint32_t b) {
    return distances[a] < distances[b] || (distances[a] == distances[b] && a < b);
  };
  // Each part is divided from the one before it; within, no order is needed.
  auto end = order.end();
  for (std::size_t p = points.size(); p-- > 0;) {
    const auto place = order.begin() + points[p];
    if (place < end) std::nth_element(order.begin(), place, end, nearer);
    end = place;
  }
  std::int64_t found = 0;
  Index i = 0;
  for (std::size_t p = 0; p < points.size(); ++p) {
    for (; i < points[p]; ++i) found += labels[order[static_cast<std::size_t>(i)]] == label ? 1 : 0;
    hits[p] += found;
  }
}

// Relevant documents found: points x labels. Whole numbers, so that their sums have no order.
using Hits = std::vector<std::int64_t>;

Hits all_hits(const RetrievalTask& task, std::span<const Index> points, const Measure& measure,
              ThreadPool& pool) {
  const Index queries = std::ssize(task.query_labels);
  const Index tasks = (queries + kTaskQueries - 1) / kTaskQueries;
  const std::size_t size = points.size() * static_cast<std::size_t>(task.label_count);
  std::vector<Hits> by_worker(static_cast<std::size_t>(pool.size()), Hits(size, 0));
  pool.run(static_cast<int>(tasks), [&](int number, int worker) {
    std::vector<double> distances(task.labels.size());
    std::vector<std::uint32_t> order;
    Hits& hits = by_worker[static_cast<std::size_t>(worker)];
    const Index first = number * kTaskQueries, end = std::min(queries, first + kTaskQueries);
    for (Index query = first; query < end; ++query) {
      const std::int32_t label = task.query_labels[static_cast<std::size_t>(query)];
      if (label < 0) continue;
      measure(query, distances);
      count_hits(distances, task.labels, label, points, order,
                 hits.data() + static_cast<std::size_t>(label) * points.size());
    }
  });
  for (std::size_t w = 1; w < by_worker.size(); ++w) {
    for (std::size_t i = 0; i < size; ++i) by_worker[0][i] += by_worker[w][i];
  }
  return std::move(by_worker[0]);
}

std::vector<Index> label_sizes(std::span<const std::int32_t> labels, Index count) {
  std::vector<Index> sizes(static_cast<std::size_t>(count), 0);
  for (const std::int32_t label : labels) {
    assert(label < count);
    if (label >= 0) ++sizes[static_cast<std::size_t>(label)];
  }
  return sizes;
}

RetrievalQuality measured(const RetrievalTask& task, const Measure& measure, ThreadPool& pool) {
  const Index n = std::ssize(task.labels);
  if (task.k < 1 || n < task.k) {
    throw Error("Precision at " + std::to_string(task.k) + " needs that many documents, and " +
                "there are " + std::to_string(n) + " to search.");
  }
  const auto asked = label_sizes(task.query_labels, task.label_count);
  const auto relevant = label_sizes(task.labels, task.label_count);
  const Index queries = std::accumulate(asked.begin(), asked.end(), Index{0});
  if (queries == 0) throw Error("Precision needs queries with a label, and there are none.");

  const std::vector<Index> points = count_points(n, task.k);
  const Hits hits = all_hits(task, points, measure, pool);
  RetrievalQuality quality;
  for (std::size_t p = 0; p < points.size(); ++p) {
    std::int64_t found = 0;
    double recall = 0;
    Index answerable = 0;
    const double shown = static_cast<double>(points[p]);
    for (std::size_t label = 0; label < asked.size(); ++label) {
      const std::int64_t some = hits[label * points.size() + p];
      found += some;
      if (points[p] == task.k) {
        quality.precision_by_label.push_back(asked[label] > 0
                                                 ? static_cast<double>(some) /
                                                       (static_cast<double>(asked[label]) * shown)
                                                 : std::numeric_limits<double>::quiet_NaN());
      }
      if (relevant[label] == 0) continue;
      answerable += asked[label];
      recall += static_cast<double>(some) / static_cast<double>(relevant[label]);
    }
    const double precision = static_cast<double>(found) / (static_cast<double>(queries) * shown);
    if (points[p] == task.k) quality.precision_at_k = precision;
    const bool is_of_curve = points[p] == n || ((points[p] + 1) & points[p]) == 0;
    if (!is_of_curve) continue;
    quality.retrieved.push_back(points[p]);
    quality.precision.push_back(precision);
    quality.recall.push_back(answerable > 0 ? recall / static_cast<double>(answerable) : 0);
  }
  return quality;
}

Matrix unit_columns(const ConstMatrixView& codes) {
  Matrix units = codes;
  for (Index j = 0; j < units.cols(); ++j) {
    const Scalar length = units.col(j).norm();
    if (length > 0) units.col(j) /= length;
  }
  return units;
}

}  // namespace

RetrievalQuality retrieval_quality(const ConstMatrixView& documents, const ConstMatrixView& queries,
                                   const RetrievalTask& task, RetrievalDistance distance,
                                   ThreadPool& pool) {
  assert(documents.cols() == std::ssize(task.labels) && documents.rows() == queries.rows() &&
         queries.cols() == std::ssize(task.query_labels));
  if (!has_distances(documents) || !has_distances(queries)) {
    throw Error("Some codes are too large to have distances; look at what they are made of.");
  }
  const bool by_angle = distance == RetrievalDistance::kCosine;
  const Matrix found = by_angle ? unit_columns(documents) : Matrix(documents);
  const Matrix asked = by_angle ? unit_columns(queries) : Matrix(queries);
  const Index size = found.rows();
  const auto has_no_angle = [&](const auto& code) { return by_angle && code.isZero(0); };
  std::vector<Index> without_angle;
  for (Index j = 0; j < found.cols(); ++j) {
    if (has_no_angle(found.col(j))) without_angle.push_back(j);
  }
  const auto measure = [&](Index query, std::span<double> distances) {
    const Scalar* const code = asked.col(query).data();
    for (Index j = 0; j < found.cols(); ++j) {
      distances[static_cast<std::size_t>(j)] =
          static_cast<double>(squared_distance(code, found.col(j).data(), size));
    }
    // Of unit vectors |a - b|^2 = 2 (1 - ab); of 0 and another the cosine is 0.
    if (has_no_angle(asked.col(query))) std::fill(distances.begin(), distances.end(), 2.0);
    for (const Index j : without_angle) distances[static_cast<std::size_t>(j)] = 2;
  };
  return measured(task, measure, pool);
}

RetrievalQuality retrieval_quality(const WordWeights& documents, const WordWeights& queries,
                                   const RetrievalTask& task, ThreadPool& pool) {
  assert(documents.rows() == std::ssize(task.labels) && documents.columns == queries.columns &&
         queries.rows() == std::ssize(task.query_labels));
  // A query meets only the documents that share a word with it.
  WordWeights units = documents;
  for (Index i = 0; i < units.rows(); ++i) {
    const auto values = documents.values_of(i);
    const double square = std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
    const std::size_t begin = units.offsets[static_cast<std::size_t>(i)];
    for (std::size_t k = 0; k < values.size(); ++k) {
      units.values[begin + k] = values[k] / std::sqrt(square);
    }
  }
  const WordWeights postings = transposed(units);
  // The query's own length does not change the order.
  const auto measure = [&](Index query, std::span<double> distances) {
    std::fill(distances.begin(), distances.end(), 0.0);
    const auto words = queries.indices_of(query);
    const auto values = queries.values_of(query);
    for (std::size_t k = 0; k < words.size(); ++k) {
      const auto holders = postings.indices_of(static_cast<Index>(words[k]));
      const auto shares = postings.values_of(static_cast<Index>(words[k]));
      for (std::size_t i = 0; i < holders.size(); ++i)
        distances[holders[i]] -= values[k] * shares[i];
    }
  };
  return measured(task, measure, pool);
}

}  // namespace hourglass
