#include "core/analysis/pca.h"

#include <cmath>

#include <utility>

#include <doctest/doctest.h>

#include "core/analysis/latent_map.h"
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

TEST_CASE("a latent map refreshed in pieces equals one refreshed at once") {
  const ImageShape shape{1, 4, 4};
  const DatasetPointer data = tests::random_dataset(shape, 5, 333);
  const Model model(tests::small_spec(Activation::kTanh, Activation::kSigmoid,
                                      Loss::kMeanSquaredError, 9, 4),
                    shape);
  Vector parameters;
  initialize(model.layout(), Initializer::kGlorotUniform, 1, parameters);
  ThreadPool pool(2);
  LatentMap whole(model, data->test, 300, pool), pieces(model, data->test, 300, pool);
  CHECK(whole.size() == 300);
  CHECK_FALSE(whole.advance(parameters.data(), 1000));
  int calls = 1;
  while (pieces.advance(parameters.data(), 128)) ++calls;
  CHECK(calls == 3);
  CHECK(whole.points() == pieces.points());
  CHECK(LatentMap(model, data->test, 5000, pool).size() == 333);
}

TEST_CASE("the plane of two units has their values for coordinates and the others at their mean") {
  const Matrix codes = tests::random_matrix(5, 60, 4);
  const CodePlane plane = unit_plane(columns(codes, 0, 60), 3, 1);
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
  const CodePlane line = unit_plane(columns(codes, 0, 60), 2, 2);
  line.project(columns(codes, 0, 60), columns(map, 0, 60));
  CHECK(map.row(0) == codes.row(2));
  CHECK(map.row(1).isZero());
}
