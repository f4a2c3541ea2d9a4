// The kernels that work on the short rows of images, at every width, on every instruction set.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "core/math/simd/kernels.h"
#include "tests/support/each_kernels.h"
#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

constexpr Scalar kCanary = Scalar(-12345);

// `size` numbers at an odd address, with canaries around them.
class Guarded {
 public:
  explicit Guarded(Index size)
      : values_(static_cast<std::size_t>(size) + 65, kCanary), size_(size) {}
  Scalar* data() { return values_.data() + 1; }
  Scalar operator[](Index i) const { return values_[static_cast<std::size_t>(i) + 1]; }
  bool edges_are_whole() const {
    bool whole = values_[0] == kCanary;
    for (std::size_t i = static_cast<std::size_t>(size_) + 1; i < values_.size(); ++i) {
      whole = whole && values_[i] == kCanary;
    }
    return whole;
  }

 private:
  std::vector<Scalar> values_;
  Index size_;
};

void check_pooling(Index rows, Index columns, Index width) {
  CAPTURE(rows);
  CAPTURE(columns);
  CAPTURE(width);
  const PoolTask task{rows, columns, width};
  const Matrix image = tests::random_matrix(2 * rows * width + 1, 1, 1);
  const Matrix values = tests::random_matrix(rows * columns + 1, 1, 2);
  Guarded best(rows * columns), places(rows * columns), sums(rows * columns);
  Guarded placed(2 * rows * width), filled(2 * rows * width);
  // What is left over beside the last window is nobody's.
  kernels().max_pool(task, image.data(), best.data(), places.data());
  kernels().avg_pool(task, image.data(), Scalar(0.5), sums.data());
  kernels().max_unpool(task, values.data(), places.data(), placed.data());
  kernels().upsample_nearest(task, values.data(), Scalar(0.25), filled.data());
  for (Index r = 0; r < rows; ++r) {
    for (Index c = 0; c < columns; ++c) {
      const Index at = r * columns + c;
      int place = 0;
      Scalar largest = image(2 * r * width + 2 * c), sum = 0;
      for (int p = 0; p < 4; ++p) {
        const Index pixel = (2 * r + p / 2) * width + 2 * c + p % 2;
        if (image(pixel) > largest) largest = image(pixel), place = p;
        sum += image(pixel);
      }
      REQUIRE(best[at] == largest);
      REQUIRE(places[at] == static_cast<Scalar>(place));
      REQUIRE(std::abs(sums[at] - sum / 2) < Scalar(1e-5));
      for (int p = 0; p < 4; ++p) {
        const Index pixel = (2 * r + p / 2) * width + 2 * c + p % 2;
        REQUIRE(placed[pixel] == (p == place ? values(at) : Scalar(0)));
        REQUIRE(filled[pixel] == values(at) / 4);
      }
    }
    for (Index beside = 2 * columns; beside < width; ++beside) {
      REQUIRE(placed[2 * r * width + beside] == kCanary);
      REQUIRE(filled[(2 * r + 1) * width + beside] == kCanary);
    }
  }
  CHECK(best.edges_are_whole());
  CHECK(places.edges_are_whole());
  CHECK(sums.edges_are_whole());
  CHECK(placed.edges_are_whole());
  CHECK(filled.edges_are_whole());
}

void check_copying(Index rows, Index columns) {
  CAPTURE(rows);
  CAPTURE(columns);
  const Matrix from = tests::random_matrix(rows * columns + 1, 1, 3);
  Matrix y = tests::random_matrix(rows * columns + 1, 1, 4);
  for (Index i = 0; i < y.size(); i += 3) y(i) = 0;
  Guarded to(rows * (columns + 1)), positive(rows * (columns + 1));
  kernels().copy_rows(from.data(), nullptr, rows, columns, to.data(), columns + 1);
  kernels().copy_rows(from.data(), y.data(), rows, columns, positive.data(), columns + 1);
  for (Index r = 0; r < rows; ++r) {
    for (Index c = 0; c < columns; ++c) {
      const Index at = r * columns + c;
      REQUIRE(to[r * (columns + 1) + c] == from(at));
      REQUIRE(positive[r * (columns + 1) + c] == (y(at) > 0 ? from(at) : Scalar(0)));
    }
    REQUIRE(to[r * (columns + 1) + columns] == kCanary);
    REQUIRE(positive[r * (columns + 1) + columns] == kCanary);
  }
  CHECK(to.edges_are_whole());
  CHECK(positive.edges_are_whole());
}

void check_zipping(Index rows, Index columns) {
  CAPTURE(rows);
  CAPTURE(columns);
  const Index size = rows * (2 * columns + 1);
  const Matrix image = tests::random_matrix(size + 1, 1, 5);
  Matrix y = tests::random_matrix(size + 1, 1, 6);
  for (Index i = 0; i < y.size(); i += 3) y(i) = 0;
  const Index stride = columns + 2;
  Guarded even(rows * stride), odd(rows * stride), zipped(size);
  for (const bool masked : {true, false}) {
    kernels().unzip_rows(image.data(), masked ? y.data() : nullptr, 2 * columns + 1, rows, columns,
                         even.data(), odd.data(), stride);
    for (Index r = 0; r < rows; ++r) {
      for (Index c = 0; c < columns; ++c) {
        const Index at = r * (2 * columns + 1) + 2 * c;
        REQUIRE(even[r * stride + c] == (!masked || y(at) > 0 ? image(at) : Scalar(0)));
        REQUIRE(odd[r * stride + c] == (!masked || y(at + 1) > 0 ? image(at + 1) : Scalar(0)));
      }
      REQUIRE(even[r * stride + columns] == kCanary);
      REQUIRE(odd[r * stride + columns + 1] == kCanary);
    }
  }
  kernels().zip_rows(even.data(), odd.data(), stride, rows, columns, zipped.data(),
                     2 * columns + 1);
  for (Index r = 0; r < rows; ++r) {
    for (Index c = 0; c < 2 * columns; ++c) {
      REQUIRE(zipped[r * (2 * columns + 1) + c] == image(r * (2 * columns + 1) + c));
    }
    REQUIRE(zipped[r * (2 * columns + 1) + 2 * columns] == kCanary);
  }
  CHECK(even.edges_are_whole());
  CHECK(odd.edges_are_whole());
  CHECK(zipped.edges_are_whole());
}

}  // namespace

TEST_CASE("rows of images are treated as by plain loops, on every instruction set") {
  tests::with_each_kernels([] {
    for (Index columns = 0; columns <= 40; ++columns) {
      for (const Index rows : {Index{1}, Index{3}}) {
        check_pooling(rows, columns, 2 * columns);
        check_pooling(rows, columns, 2 * columns + 1);
        check_copying(rows, columns);
        check_zipping(rows, columns);
      }
    }
  });
}
