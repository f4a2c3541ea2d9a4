#include "core/analysis/pca.h"

#include <doctest/doctest.h>

#include <Eigen/Eigenvalues>
#include <cmath>
#include <limits>
#include <utility>

#include "core/analysis/latent_map.h"
#include "core/nn/initializer.h"
#include "tests/support/small_data.h"
#include "tests/support/worst.h"

using namespace hourglass;

namespace {

// Points around (5, 5, ...) that are widest along two known, orthonormal directions.
Matrix cloud(Index n, Matrix& directions) {
  directions = Matrix::Zero(6, 2);
  directions.col(0) << 3, 4, 0, 0, 0, 0;
  directions.col(1) << 0, 0, 0, 5, 12, 0;
  directions.col(0) /= 5;
  directions.col(1) /= 13;
  Matrix points = tests::random_matrix(6, n, 1) * Scalar(0.01);
  const Matrix a = tests::random_matrix(1, n, 2), b = tests::random_matrix(1, n, 3);
  points += directions.col(0) * (a * 4) + directions.col(1) * (b * 2);
  return (points.array() + 5).matrix();
}

// Refreshes the whole map; returns how many slices it took.
int refresh(LatentMap& map, const Vector& parameters) {
  map.begin();
  int slices = 1;
  while (map.advance(parameters.data())) ++slices;
  return slices;
}

// `n` wide codes around `centre` with the variances of an image's: like 1 / k^1.5 along hidden
// directions.
Matrix wide_codes(Index size, Index n, Scalar centre) {
  constexpr Index kDirections = 40;
  Matrix factors = tests::random_matrix(kDirections, n, 11);
  for (Index k = 0; k < kDirections; ++k) {
    factors.row(k) *= std::pow(Scalar(k + 1), Scalar(-0.75));
  }
  Matrix codes = tests::random_matrix(size, kDirections, 12) * factors;
  codes += Scalar(0.05) * tests::random_matrix(size, n, 13);
  return (codes.array() + centre).matrix();
}

// The variance of `codes` within the plane.
double captured(const CodePlane& plane, const Matrix& codes) {
  Matrix points(2, codes.cols());
  plane.project(columns(codes, 0, codes.cols()), columns(points, 0, codes.cols()));
  return points.cast<double>().squaredNorm() / static_cast<double>(codes.cols());
}

// The most that a plane can hold: the two largest eigenvalues of the Gram matrix, which the
// covariance shares.
double most_captured(const Matrix& codes) {
  const Eigen::MatrixXd centred = (codes.colwise() - codes.rowwise().mean()).cast<double>();
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(codes.cols(), codes.cols());
  gram.selfadjointView<Eigen::Lower>().rankUpdate(centred.transpose(),
                                                  1 / static_cast<double>(codes.cols()));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram, Eigen::EigenvaluesOnly);
  return solver.eigenvalues().tail(2).sum();
}

}  // namespace

TEST_CASE("the principal plane is the one that the points lie in") {
  Matrix directions;
  const Matrix points = cloud(500, directions);
  const CodePlane plane = principal_plane(columns(points, 0, 500), nullptr);
  CHECK(std::abs(plane.axes.col(0).dot(directions.col(0))) > 0.999);
  CHECK(std::abs(plane.axes.col(1).dot(directions.col(1))) > 0.999);
  // From codes to the map and back only loses what is outside the plane.
  Matrix map(2, 500), back(6, 500);
  plane.project(columns(points, 0, 500), columns(map, 0, 500));
  plane.lift(columns(std::as_const(map), 0, 500), columns(back, 0, 500));
  CHECK(tests::largest_difference(back, points) < 0.05);
  CHECK(std::abs(map.rowwise().mean()[0]) < 1e-3);
}

TEST_CASE("a map that is fitted again does not flip or turn") {
  Matrix directions;
  const Matrix points = cloud(400, directions);
  const auto view = columns(points, 0, 400);
  const CodePlane first = principal_plane(view, nullptr);
  for (const double sign_a : {1.0, -1.0}) {
    for (const double sign_b : {1.0, -1.0}) {
      for (const bool swap : {false, true}) {
        CodePlane turned = first;
        turned.axes.col(0) *= Scalar(sign_a);
        turned.axes.col(1) *= Scalar(sign_b);
        if (swap) turned.axes.col(0).swap(turned.axes.col(1));
        const CodePlane again = principal_plane(view, &turned);
        CHECK(tests::largest_difference(again.axes, turned.axes) < 1e-3);
      }
    }
  }
}

TEST_CASE("codes of one or two units keep their own axes") {
  const Matrix two = tests::random_matrix(2, 50, 1), one = tests::random_matrix(1, 50, 1);
  const CodePlane plane = principal_plane(columns(two, 0, 50), nullptr);
  Matrix map(2, 50);
  plane.project(columns(two, 0, 50), columns(map, 0, 50));
  CHECK(map == two);
  const CodePlane line = principal_plane(columns(one, 0, 50), nullptr);
  line.project(columns(one, 0, 50), columns(map, 0, 50));
  CHECK(map.row(0) == one.row(0));
  CHECK(map.row(1).isZero());
}

TEST_CASE("a latent map refreshed in pieces is the principal plane of all its codes") {
  const ImageShape shape{1, 4, 4};
  const DatasetPointer data = tests::random_dataset(shape, 5, 333);
  const Model model(
      tests::small_spec(Activation::kTanh, Activation::kSigmoid, Loss::kMeanSquaredError, 9, 4),
      shape);
  Vector parameters;
  initialize(model.layout(), Initializer::kGlorotUniform, 1, parameters);
  ThreadPool pool(2);
  LatentMap map(model, data->test, 300, pool);
  CHECK(map.size() == 300);
  CHECK(map.done());
  refresh(map, parameters);
  Matrix images(data->test.features(), 300), codes(4, 300), points(2, 300);
  for (Index i = 0; i < 300; ++i) {
    const std::vector<std::uint32_t> index{static_cast<std::uint32_t>(i)};
    data->test.gather(index, columns(images, i, 1));
  }
  Inference(model, pool)
      .encode(parameters.data(), columns(std::as_const(images), 0, 300), columns(codes, 0, 300));
  principal_plane(columns(std::as_const(codes), 0, 300), nullptr)
      .project(columns(std::as_const(codes), 0, 300), columns(points, 0, 300));
  CHECK(tests::largest_difference(map.points(), points) < 1e-5);
  CHECK(LatentMap(model, data->test, 5000, pool).size() == 333);
}

TEST_CASE("the plane of two units has their values for coordinates and the others at their mean") {
  const Matrix codes = tests::random_matrix(5, 60, 4);
  const CodePlane plane = unit_plane(codes.rowwise().mean(), 3, 1);
  Matrix map(2, 60), back(5, 60);
  plane.project(columns(codes, 0, 60), columns(map, 0, 60));
  CHECK(map.row(0) == codes.row(3));
  CHECK(map.row(1) == codes.row(1));
  plane.lift(columns(std::as_const(map), 0, 60), columns(back, 0, 60));
  CHECK(back.row(3) == codes.row(3));
  CHECK(back.row(1) == codes.row(1));
  for (const Index unit : {0, 2, 4}) {
    CHECK((back.row(unit).array() - codes.row(unit).mean()).abs().maxCoeff<Eigen::PropagateNaN>() <
          1e-6);
  }
  const CodePlane line = unit_plane(codes.rowwise().mean(), 2, 2);
  line.project(columns(codes, 0, 60), columns(map, 0, 60));
  CHECK(map.row(0) == codes.row(2));
  CHECK(map.row(1).isZero());
}

TEST_CASE("wide codes have their principal plane in slices, the same for any number of threads") {
  struct Size {
    Index size, codes;
  };
  for (const auto& [size, count] :
       {Size{65, 300}, Size{500, 300}, Size{6272, 40}, Size{30000, 300}}) {
    CAPTURE(size);
    CAPTURE(count);
    const Matrix codes = wide_codes(size, count, Scalar(0.5));
    const ConstMatrixView view = columns(codes, 0, count);
    const Vector mean = codes.rowwise().mean();
    CodePlane plane;
    for (const int threads : {1, 3}) {
      ThreadPool pool(threads);
      PrincipalPlane fit;
      fit.begin(view, mean, nullptr);
      int slices = 1;
      while (fit.advance(pool)) ++slices;
      // None holds more than its share of the codes: a pass over these is cut into so many, at
      // least.
      CHECK(slices >= size * count / (1 << 19));
      if (threads == 1) plane = fit.plane();
      CHECK(fit.plane().axes == plane.axes);
    }
    const Matrix unit = plane.axes.transpose() * plane.axes;
    CHECK(tests::largest_difference(unit, Matrix::Identity(2, 2)) < 1e-4);
    const double most = most_captured(codes);
    CHECK(captured(plane, codes) > 0.999 * most);
    CHECK(captured(plane, codes) < 1.001 * most);
    // It does not turn when it is fitted again.
    CodePlane turned = plane;
    turned.axes.col(0).swap(turned.axes.col(1));
    turned.axes.col(0) *= Scalar(-1);
    const CodePlane again = principal_plane(view, &turned);
    CHECK(tests::largest_difference(again.axes, turned.axes) < 1e-3);
  }
}

TEST_CASE("wide codes that are dead, of one direction or not finite leave a plane") {
  constexpr Index kSize = 300, kCount = 200;
  ThreadPool pool(2);
  const auto fitted = [&](const Matrix& codes, const Vector& mean) {
    PrincipalPlane fit;
    fit.begin(columns(codes, 0, codes.cols()), mean, nullptr);
    while (fit.advance(pool)) continue;
    const Matrix& axes = fit.plane().axes;
    CHECK(tests::largest_difference(Matrix(axes.transpose() * axes), Matrix::Identity(2, 2)) <
          1e-4);
    return fit.plane();
  };
  const Matrix dead = Matrix::Constant(kSize, kCount, Scalar(0.25));
  CHECK(captured(fitted(dead, dead.rowwise().mean()), dead) == doctest::Approx(0));
  const Vector direction = tests::random_matrix(kSize, 1, 3).col(0).normalized();
  Matrix line = direction * tests::random_matrix(1, kCount, 4);
  const Vector mean = line.rowwise().mean();
  const CodePlane plane = fitted(line, mean);
  CHECK(std::abs(plane.axes.col(0).dot(direction)) > Scalar(0.9999));
  // As if the bad ones were not there.
  line.conservativeResize(kSize, kCount + 3);
  line.rightCols(3).setConstant(1);
  line(5, kCount) = std::numeric_limits<Scalar>::infinity();
  line(6, kCount + 1) = std::numeric_limits<Scalar>::quiet_NaN();
  line.col(kCount + 2).setConstant(std::numeric_limits<Scalar>::max());
  CHECK(tests::largest_difference(fitted(line, mean).axes.col(0), plane.axes.col(0)) < 1e-4);
}

TEST_CASE("a map of a wide code is refreshed in slices and may change its plane meanwhile") {
  const ImageShape shape{1, 20, 20};
  const DatasetPointer data = tests::random_dataset(shape, 5, 700);
  const Model model(
      tests::small_spec(Activation::kTanh, Activation::kSigmoid, Loss::kMeanSquaredError, 30, 2000),
      shape);
  Vector parameters;
  initialize(model.layout(), Initializer::kGlorotUniform, 1, parameters);
  ThreadPool one(1), three(3);
  LatentMap map(model, data->test, 700, one), other(model, data->test, 700, three);
  const int slices = refresh(map, parameters);
  CHECK(slices > 10);
  refresh(other, parameters);
  CHECK(map.points() == other.points());
  CHECK(map.ranges() == other.ranges());
  CHECK(map.plane().axes == other.plane().axes);
  const Matrix widest = map.points();
  CHECK(map.spread() > 0);

  CHECK(map.set_units(std::pair<Index, Index>{3, 1}));  // at once
  CHECK(map.done());
  CHECK(map.plane().axes(3, 0) == 1);
  CHECK_FALSE(map.set_units(std::nullopt));
  CHECK_FALSE(map.done());
  CHECK(map.advance(parameters.data()));
  CHECK(map.plane().axes(3, 0) == 1);  // the points are still those of the two units
  CHECK(map.points() != widest);
  int again = 1;
  while (map.advance(parameters.data())) ++again;
  CHECK(again < slices);  // nothing was encoded
  CHECK(tests::largest_difference(map.points(), widest) < 1e-3 * widest.cwiseAbs().maxCoeff());
  // A fit that nobody wants any more ends where it is.
  CHECK(map.set_units(std::pair<Index, Index>{7, 7}));
  CHECK_FALSE(map.set_units(std::nullopt));
  CHECK(map.advance(parameters.data()));
  CHECK(map.set_units(std::pair<Index, Index>{3, 1}));
  CHECK(map.done());
}

TEST_CASE("a map takes no more points than there is room for their codes") {
  const ImageShape shape{1, 2, 2};
  const DatasetPointer data = tests::random_dataset(shape, 5, 2000);
  const Model model(
      tests::small_spec(Activation::kTanh, Activation::kSigmoid, Loss::kMeanSquaredError, 3, 65536),
      shape);
  ThreadPool pool(1);
  CHECK(LatentMap(model, data->test, 2000, pool).size() == LatentMap::kMaxNumbers / 65536);
}
