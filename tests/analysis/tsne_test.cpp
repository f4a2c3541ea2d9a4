#include "core/analysis/tsne.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "core/analysis/trustworthiness.h"
#include "core/base/error.h"
#include "tests/support/small_data.h"
#include "tests/support/tsne_golden.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

ConstMatrixView view(const Matrix& matrix) { return columns(matrix, 0, matrix.cols()); }

// `n` codes in five groups.
Matrix groups(Index n, Index size = 10) {
  Matrix codes = tests::random_matrix(size, n, 1);
  const Matrix centres = tests::random_matrix(size, 5, 2, -4, 4);
  for (Index i = 0; i < n; ++i) codes.col(i) += centres.col(i % 5);
  return codes;
}

struct Result {
  Matrix points;
  double kl;
};

Result run(const Matrix& codes, const TsneOptions& options, int threads = 1) {
  ThreadPool pool(threads);
  Tsne tsne(view(codes), options, pool);
  while (tsne.advance()) {
  }
  return {tsne.points(), tsne.kl_divergence()};
}

// Equations 4 and 5 as they stand.
struct Exact {
  Eigen::MatrixXd forces;
  double z = 0;

  explicit Exact(const Matrix& points) : forces(Eigen::MatrixXd::Zero(2, points.cols())) {
    const Eigen::MatrixXd y = points.cast<double>();
    for (Index i = 0; i < y.cols(); ++i) {
      for (Index j = 0; j < y.cols(); ++j) {
        if (i == j) continue;
        const Eigen::Vector2d d = y.col(i) - y.col(j);
        const double w = 1 / (1 + d.squaredNorm());
        z += w;
        forces.col(i) += w * w * d;
      }
    }
  }
};

AffinityRows joint_affinities(const Matrix& codes, Index k, double perplexity, int threads = 1) {
  ThreadPool pool(threads);
  NeighborGraph graph(view(codes), k, pool);
  while (graph.advance()) {
  }
  Affinities affinities(graph.take(), perplexity, pool);
  while (affinities.advance()) {
  }
  return affinities.take();
}

// The largest distance of points [first, first + count) from the first of them.
double spread(const Matrix& points, Index first, Index count) {
  return static_cast<double>(
      (points.middleCols(first, count).colwise() - points.col(first)).colwise().norm().maxCoeff());
}

}  // namespace

TEST_CASE("conditional affinities are scikit-learn's") {
  const tests::TsneGolden golden;
  const Matrix distances = golden.matrix("distances", golden.k);
  const Matrix expected = golden.matrix("conditional", golden.k);
  Matrix found(golden.k, golden.size());
  for (Index i = 0; i < golden.size(); ++i) {
    conditional_affinities(distances.col(i).data(), golden.k, golden.json["perplexity"],
                           found.col(i).data());
  }
  // There a search ends when the entropy is right to 1e-5.
  CHECK(tests::largest_difference(found, expected) < 1e-5);
}

TEST_CASE("joint affinities are scikit-learn's") {
  const tests::TsneGolden golden;
  const AffinityRows joint =
      joint_affinities(golden.codes, golden.k, golden.json["perplexity"].get<double>());
  std::map<std::pair<Index, Index>, double> expected;
  const auto& theirs = golden.json["joint"];
  for (std::size_t e = 0; e < theirs["values"].size(); ++e) {
    expected[{theirs["rows"][e], theirs["columns"][e]}] = theirs["values"][e];
  }
  double sum = 0, worst = 0;
  std::size_t entries = 0;
  for (Index i = 0; i < joint.size(); ++i) {
    for (std::uint32_t e = joint.first[i]; e < joint.first[i + 1]; ++e) {
      const auto value = static_cast<double>(joint.values[e]);
      if (value == 0 && joint.columns[e] == 0) continue;  // fills up the row
      const auto found = expected.find({i, static_cast<Index>(joint.columns[e])});
      REQUIRE(found != expected.end());
      tests::worsen(worst, std::abs(value - found->second));
      sum += value;
      ++entries;
    }
  }
  CHECK(entries == expected.size());
  CHECK(worst < 1e-7);
  CHECK(sum == doctest::Approx(1));
}

TEST_CASE("affinities have the wanted perplexity wherever there is one") {
  Vector distances(50), p(50);
  for (Index a = 0; a < 50; ++a) distances[a] = Scalar(3 + 0.2 * static_cast<double>(a));
  for (const Scalar scale : {Scalar(1e-12), Scalar(1), Scalar(1e12)}) {
    for (const double perplexity : {1.5, 5.0, 30.0, 49.5}) {
      const Vector scaled = distances * scale;
      conditional_affinities(scaled.data(), 50, perplexity, p.data());
      double entropy = 0;
      for (const Scalar value : p) {
        if (value > 0) entropy -= static_cast<double>(value) * std::log(static_cast<double>(value));
      }
      CHECK(std::exp(entropy) == doctest::Approx(perplexity).epsilon(1e-4));
    }
  }
  // Ten equally near share what five should have; all equally near share it all.
  distances.head(10).setConstant(0);
  conditional_affinities(distances.data(), 50, 5, p.data());
  CHECK(p.head(10).isConstant(Scalar(0.1), Scalar(1e-5)));
  distances.setConstant(2);
  conditional_affinities(distances.data(), 50, 5, p.data());
  CHECK(p.isConstant(Scalar(0.02), Scalar(1e-6)));
}

TEST_CASE("repulsion is that of all pairs, however wide the map") {
  ThreadPool pool(2);
  const Matrix square = tests::random_matrix(2, 1500, 3);
  Matrix points = square;
  // Denser in the middle, and one far outside.
  points.array() *= square.array().square() + Scalar(0.2);
  for (const double width : {1e-4, 0.01, 1.0, 5.0, 20.0, 60.0, 200.0, 1000.0}) {
    CAPTURE(width);
    Matrix scaled = points * Scalar(width);
    if (width > 50) scaled.col(9) << Scalar(3 * width), Scalar(-2 * width);
    Repulsion repulsion;
    repulsion.compute(scaled, pool);
    const Exact exact(scaled);
    CHECK(repulsion.normalisation() == doctest::Approx(exact.z).epsilon(1e-3));
    const Eigen::MatrixXd difference = repulsion.forces().cast<double>() - exact.forces;
    CHECK(difference.norm() < (width < 0.01 ? 0.02 : 0.006) * exact.forces.norm());
    CHECK(static_cast<double>(repulsion.forces().rowwise().sum().norm()) <
          1e-5 * exact.forces.colwise().norm().sum());
  }
}

TEST_CASE("repulsion of few points and of points in one place") {
  ThreadPool pool(1);
  Repulsion repulsion;
  Matrix two(2, 2);
  two << 0, 2, 0, 0;
  repulsion.compute(two, pool);
  CHECK(repulsion.normalisation() == doctest::Approx(0.4));
  CHECK(static_cast<double>(repulsion.forces()(0, 1)) == doctest::Approx(0.08));
  const Matrix points = tests::random_matrix(2, 333, 6) * Scalar(20);
  repulsion.compute(points, pool);
  const Exact exact(points);
  CHECK(repulsion.normalisation() == doctest::Approx(exact.z));
  CHECK(tests::largest_difference(repulsion.forces().cast<double>(), exact.forces) < 1e-5);
  for (const Index n : {100, 2000}) {
    repulsion.compute(Matrix::Constant(2, n, 3), pool);
    CHECK(repulsion.normalisation() ==
          doctest::Approx(static_cast<double>(n * (n - 1))).epsilon(1e-4));
    CHECK(repulsion.forces().norm() < 1e-2);
  }
}

TEST_CASE("the divergence is that of its definition, and what is near stays near") {
  const Matrix codes = groups(1200);
  const Result result = run(codes, {});
  // The divergence by its definition.
  const AffinityRows joint = joint_affinities(codes, 91, 30);
  const Exact exact(result.points);
  double kl = std::log(exact.z);
  for (Index i = 0; i < 1200; ++i) {
    for (std::uint32_t e = joint.first[i]; e < joint.first[i + 1]; ++e) {
      const auto p = static_cast<double>(joint.values[e]);
      const auto square = static_cast<double>(
          (result.points.col(i) - result.points.col(joint.columns[e])).squaredNorm());
      if (p > 0) kl += p * std::log(p * (1 + square));
    }
  }
  CHECK(result.kl == doctest::Approx(kl).epsilon(1e-3));
  // scikit-learn 1.2.1 comes to 1.1666 and 0.9795.
  CHECK(result.kl < 1.17);
  ThreadPool pool(1);
  Trustworthiness of(view(codes), view(result.points), 12, pool);
  while (of.advance()) {
  }
  CHECK(of.trustworthiness() > 0.979);
}

TEST_CASE("a map has the same bits on any number of threads") {
  const Matrix codes = groups(5000);
  const TsneOptions options{.perplexity = 10, .iterations = 330};
  const Result one = run(codes, options);
  for (const int threads : {2, 8}) {
    const Result other = run(codes, options, threads);
    CHECK(other.points == one.points);
    CHECK(other.kl == one.kl);
  }
}

TEST_CASE("a map is there while it is made") {
  const Matrix codes = groups(300);
  ThreadPool pool(1);
  Tsne tsne(view(codes), {.perplexity = 20, .iterations = 300}, pool);
  CHECK(tsne.points().isZero(0));
  TsnePhase phase = tsne.phase();
  CHECK(phase == TsnePhase::kStart);
  double progress = 0;
  int iteration = 0;
  while (tsne.advance()) {
    CHECK(tsne.points().allFinite());
    CHECK(tsne.phase() >= phase);
    if (tsne.phase() == phase) CHECK(tsne.progress() >= progress);
    CHECK((tsne.progress() >= 0 && tsne.progress() <= 1));
    if (tsne.iteration() > 0) CHECK(tsne.iteration() == ++iteration);
    phase = tsne.phase();
    progress = tsne.progress();
  }
  CHECK(tsne.phase() == TsnePhase::kDone);
  CHECK(tsne.progress() == 1);
  CHECK(tsne.iteration() == 300);
  CHECK(!tsne.advance());
}

TEST_CASE("a random start is drawn with its seed") {
  const Matrix codes = groups(200);
  const auto first = [&](std::uint64_t seed) {
    ThreadPool pool(1);
    Tsne tsne(view(codes), {.perplexity = 10, .iterations = 50, .random_start = true, .seed = seed},
              pool);
    while (tsne.phase() == TsnePhase::kStart) tsne.advance();
    return tsne.points();
  };
  const Matrix points = first(1);
  CHECK(points == first(1));
  CHECK(points != first(2));
  for (Index axis = 0; axis < 2; ++axis) {
    const auto u = points.row(axis).cast<double>().array();
    CHECK(std::sqrt((u - u.mean()).square().mean()) == doctest::Approx(1e-4).epsilon(0.2));
  }
}

TEST_CASE("equal codes stay together") {
  // A quarter of the codes are dead, more than have neighbours, and some come twice.
  Matrix codes = groups(400);
  codes.leftCols(100).setZero();
  for (Index i = 100; i < 160; i += 2) codes.col(i + 1) = codes.col(i);
  const Result result = run(codes, {.perplexity = 15});
  REQUIRE(result.points.allFinite());
  CHECK(result.kl > 0);
  const double width = spread(result.points, 0, 400);
  CHECK(spread(result.points, 0, 100) < 0.2 * width);
  for (Index i = 100; i < 160; i += 2) {
    CHECK(spread(result.points, i, 2) < 0.03 * width);
  }
}

TEST_CASE("a map of codes that are all equal, or lie on a line, is finite and not a line") {
  Matrix line = tests::random_matrix(1, 200, 4);
  for (const Matrix& codes :
       {Matrix(Matrix::Constant(8, 200, Scalar(0.7))), line, Matrix(Vector::Ones(5) * line)}) {
    const Result result = run(codes, {.perplexity = 10});
    REQUIRE(result.points.allFinite());
    CHECK(result.kl >= 0);
    for (Index axis = 0; axis < 2; ++axis) CHECK(result.points.row(axis).norm() > 1);
    CHECK(run(codes, {.perplexity = 10}).points == result.points);
    CHECK(run(codes, {.perplexity = 10, .seed = 1}).points != result.points);
  }
}

TEST_CASE("few codes, wide codes and large steps give a finite map") {
  for (const Index n : {4, 5, 9, 40}) {
    CAPTURE(n);
    const double most = std::floor(static_cast<double>(n - 1) / 3);
    for (const double rate : {0.0, 1e6}) {
      for (const Scalar scale : {Scalar(1e-15), Scalar(1), Scalar(1e15)}) {
        const Matrix codes = tests::random_matrix(100, n, 5) * scale;
        const Result result = run(codes, {.perplexity = most, .learning_rate = rate});
        CHECK(result.points.allFinite());
        CHECK(result.kl >= 0);
      }
    }
  }
}

TEST_CASE("codes that are not finite take no part in a map") {
  Matrix codes = groups(120);
  Matrix finite(10, 118);
  finite << codes.leftCols(50), codes.middleCols(51, 67), codes.rightCols(1);
  codes(0, 50) = std::numeric_limits<Scalar>::quiet_NaN();
  codes(9, 118) = -std::numeric_limits<Scalar>::infinity();
  finite.col(117) = codes.col(119);
  const TsneOptions options{.perplexity = 10, .iterations = 100};
  const Result with = run(codes, options), without = run(finite, options);
  CHECK(with.points.col(50).array().isNaN().all());
  CHECK(with.points.col(118).array().isNaN().all());
  CHECK(with.points.leftCols(50) == without.points.leftCols(50));
  CHECK(with.points.middleCols(51, 67) == without.points.middleCols(50, 67));
  CHECK(with.points.col(119) == without.points.col(117));
  CHECK(with.kl == without.kl);
}

TEST_CASE("what t-SNE cannot do it says in a sentence") {
  ThreadPool pool(1);
  const Matrix codes = groups(50);
  const auto message = [&](const Matrix& of, const TsneOptions& options) -> std::string {
    try {
      Tsne tsne(view(of), options, pool);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(message(codes, {}) ==
        "With 50 codes, t-SNE's perplexity must be from 1 to 16.3, a third of the other codes, not "
        "30.");
  CHECK(message(codes, {.perplexity = 16.3}).empty());
  CHECK(message(codes, {.perplexity = 0.5}).find("perplexity must be from 1") != std::string::npos);
  CHECK(!message(codes, {.perplexity = std::nan("")}).empty());
  CHECK(message(codes.leftCols(3), {.perplexity = 1}) ==
        "t-SNE needs at least 4 finite codes, not 3.");
  CHECK(message(Matrix(3, 0), {}) == "t-SNE needs at least 4 finite codes, not 0.");
  CHECK(message(codes, {.perplexity = 5, .learning_rate = -1}) ==
        "t-SNE's learning rate must be from 0, which chooses one, to 1000000, not -1.");
  CHECK(message(codes, {.perplexity = 5, .early_exaggeration = 0}) ==
        "t-SNE's exaggeration must be from 1 to 1000, not 0.");
  CHECK(message(codes, {.perplexity = 5, .exaggeration = std::nan("")}) ==
        "t-SNE's exaggeration must be from 1 to 1000, not nan.");
  CHECK(message(codes, {.perplexity = 5, .iterations = 0}) ==
        "t-SNE's iterations must be at least 1, not 0.");
}
