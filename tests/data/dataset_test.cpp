#include "core/data/dataset.h"

#include <doctest/doctest.h>

namespace hourglass {
namespace {

TEST_CASE("samples: a batch is gathered in the order asked, into part of a matrix") {
  const std::vector<std::uint8_t> bytes = {0, 51, 102, 153, 204, 255};
  const std::vector<float> values = {-1, 2, 3.5f, 4, 5, 6};
  const Samples of_bytes(2, bytes), of_floats(2, values);
  CHECK(of_bytes.count() == 3);
  CHECK(of_floats.count() == 3);
  Matrix batch = Matrix::Constant(2, 5, 9);
  const std::vector<std::uint32_t> order = {2, 0, 2};
  of_bytes.gather(order, columns(batch, 1, 3));
  CHECK(batch(0, 0) == 9);
  CHECK(batch(0, 4) == 9);
  CHECK(batch(0, 1) == doctest::Approx(0.8));
  CHECK(batch(1, 1) == 1);
  CHECK(batch(0, 2) == 0);
  CHECK(batch(1, 2) == doctest::Approx(0.2));
  CHECK(batch.col(3) == batch.col(1));
  of_floats.gather(order, columns(batch, 1, 3));
  CHECK(batch(0, 2) == -1);
  CHECK(batch(0, 3) == 5);
  CHECK(Samples().count() == 0);
}

}  // namespace
}  // namespace hourglass
