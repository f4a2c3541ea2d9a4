#include "core/analysis/neighbors.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "tests/support/small_data.h"
#include "tests/support/tsne_golden.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

constexpr Scalar kInfinity = std::numeric_limits<Scalar>::infinity();
constexpr Scalar kNan = std::numeric_limits<Scalar>::quiet_NaN();

ConstMatrixView view(const Matrix& matrix) { return columns(matrix, 0, matrix.cols()); }

Neighbors graph(const Matrix& codes, Index k, int threads = 1) {
  ThreadPool pool(threads);
  NeighborGraph graph(view(codes), k, pool);
  CHECK(graph.progress() == 0);
  double before = 0;
  while (graph.advance()) {
    CHECK(graph.progress() > before);
    before = graph.progress();
  }
  CHECK(graph.progress() == 1);
  return graph.take();
}

// The k nearest by all distances, in the same arithmetic.
std::vector<std::int32_t> nearest(const Matrix& codes, Index query, Index k) {
  std::vector<std::pair<Scalar, std::int32_t>> all;
  for (Index j = 0; j < codes.cols(); ++j) {
    if (j == query) continue;
    all.push_back({squared_distance(codes.col(query).data(), codes.col(j).data(), codes.rows()),
                   static_cast<std::int32_t>(j)});
  }
  std::partial_sort(all.begin(), all.begin() + k, all.end());
  std::vector<std::int32_t> indices;
  for (Index a = 0; a < k; ++a) indices.push_back(all[a].second);
  return indices;
}

// How many of some codes have other neighbours than all distances give.
int wrong(const Matrix& codes, const Neighbors& found) {
  int count = 0;
  for (Index i = 0; i < codes.cols(); i += std::max<Index>(1, codes.cols() / 50)) {
    const std::vector<std::int32_t> right = nearest(codes, i, found.k);
    count += !std::equal(right.begin(), right.end(), found.of(i));
  }
  return count;
}

}  // namespace

TEST_CASE("neighbours are scikit-learn's") {
  const tests::TsneGolden golden;
  const Neighbors found = graph(golden.codes, golden.k);
  CHECK(found.indices == golden.json["neighbors"].get<std::vector<std::int32_t>>());
  CHECK(tests::largest_difference(found.distances, golden.matrix("distances", golden.k)) < 1e-5);
}

TEST_CASE("neighbours are those of all distances") {
  for (const Index size : {1, 3, 32, 65}) {
    CAPTURE(size);
    const Matrix codes = tests::random_matrix(size, 700, 1);
    CHECK(wrong(codes, graph(codes, 20)) == 0);
    CHECK(wrong(codes, graph(codes, 1)) == 0);
    CHECK(wrong(codes, graph(codes, 699)) == 0);
  }
  // Enough of them for a sample.
  CHECK(wrong(tests::random_matrix(6, 5000, 2), graph(tests::random_matrix(6, 5000, 2), 40)) == 0);
}

TEST_CASE("neighbours are right where a sample misleads and where rounding hides them") {
  // The sample is of every fifth code, and knows nothing of the group that the others are.
  Matrix codes = tests::random_matrix(4, 5120, 3);
  for (Index j = 0; j < codes.cols(); ++j) {
    if (j % 5 != 0) continue;
    codes.col(j).array() += 100;
  }
  CHECK(wrong(codes, graph(codes, 30)) == 0);
  // Nearly all of the sample, and few others.
  for (Index j = 0; j < codes.cols(); ++j) codes.col(j) *= j % 5 == 0 ? Scalar(1e-3) : Scalar(1);
  CHECK(wrong(codes, graph(codes, 30)) == 0);
  // Two tight groups, far from each other and from 0.
  Matrix groups = tests::random_matrix(8, 900, 4) * Scalar(1e-2);
  for (Index j = 0; j < groups.cols(); ++j) groups.col(j).array() += j % 2 == 0 ? 1000 : -500;
  CHECK(wrong(groups, graph(groups, 15)) == 0);
}

TEST_CASE("equal codes are at distance 0 and come in the order of their numbers") {
  const Matrix codes = Matrix::Constant(7, 5000, Scalar(0.3));
  const Neighbors found = graph(codes, 25);
  CHECK(found.distances.isZero(0));
  for (const Index i : {0, 3, 24, 25, 4999}) {
    for (Index a = 0; a < 25; ++a) CHECK(found.of(i)[a] == a + (i <= a));
  }
  // Pairs among others.
  Matrix pairs = tests::random_matrix(5, 300, 5);
  for (Index j = 0; j < 300; j += 2) pairs.col(j + 1) = pairs.col(j);
  const Neighbors of_pairs = graph(pairs, 3);
  for (Index j = 0; j < 300; ++j) CHECK(of_pairs.of(j)[0] == (j ^ 1));
  CHECK(of_pairs.distances.row(0).isZero(0));
  CHECK(wrong(pairs, of_pairs) == 0);
}

TEST_CASE("codes that are not finite are nobody's neighbours") {
  Matrix codes = tests::random_matrix(4, 40, 6);
  codes(1, 3) = kNan;
  codes(0, 17) = kInfinity;
  codes(2, 18) = std::sqrt(std::numeric_limits<Scalar>::max());
  const Neighbors found = graph(codes, 38);
  for (Index i = 0; i < 40; ++i) {
    const bool finite = i != 3 && i != 17 && i != 18;
    for (Index a = 0; a < 38; ++a) {
      const std::int32_t j = found.of(i)[a];
      const bool there = finite && a < 36;
      CHECK((j >= 0) == there);
      CHECK(std::isfinite(found.distances(a, i)) == there);
      CHECK((j != 3 && j != 17 && j != 18 && j != i));
    }
  }
}

TEST_CASE("a search finds a code itself first, and has none for what is not finite") {
  const Matrix codes = tests::random_matrix(9, 450, 7);
  const NeighborSearch search(view(codes));
  Matrix queries = codes.middleCols(100, 41);
  queries(0, 40) = kNan;
  const Neighbors found = search.find(view(queries), 5);
  for (Index q = 0; q < 40; ++q) {
    CHECK(found.of(q)[0] == 100 + q);
    CHECK(found.distances(0, q) == 0);
    const std::vector<std::int32_t> others = nearest(codes, 100 + q, 4);
    CHECK(std::equal(others.begin(), others.end(), found.of(q) + 1));
  }
  CHECK(found.of(40)[0] == -1);
  CHECK(found.distances(0, 40) == kInfinity);
}

TEST_CASE("neighbours have the same bits on any number of threads") {
  const Matrix codes = tests::random_matrix(12, 6000, 8);
  const Neighbors one = graph(codes, 10);
  for (const int threads : {2, 8}) {
    const Neighbors other = graph(codes, 10, threads);
    CHECK(other.indices == one.indices);
    CHECK(other.distances == one.distances);
  }
}
