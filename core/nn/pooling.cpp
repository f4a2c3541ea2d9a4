#include "core/nn/pooling.h"

namespace hourglass {
namespace {

// Calls visit(window, pixel): the index of the pooled pixel, and of its window's first pixel.
template <typename Visit>
void for_each_window(const Windows& windows, Visit visit) {
  const ImageShape pooled = windows.pooled();
  Index window = 0;
  for (Index channel = 0; channel < pooled.channels; ++channel) {
    const Index plane = channel * windows.image.rows * windows.image.columns;
    for (Index row = 0; row < pooled.rows; ++row) {
      const Index line = plane + row * windows.size * windows.image.columns;
      for (Index column = 0; column < pooled.columns; ++column) {
        visit(window++, line + column * windows.size);
      }
    }
  }
}

// The pixel at `place` of the window that begins at `pixel`.
Index pixel_at(const Windows& windows, Index pixel, Index place) {
  return pixel + place / windows.size * windows.image.columns + place % windows.size;
}

Scalar window_sum(const Windows& windows, const Scalar* image, Index pixel) {
  Scalar sum = 0;
  for (Index row = 0; row < windows.size; ++row, pixel += windows.image.columns) {
    for (Index column = 0; column < windows.size; ++column) sum += image[pixel + column];
  }
  return sum;
}

void fill_window(const Windows& windows, Scalar* image, Index pixel, Scalar value) {
  for (Index row = 0; row < windows.size; ++row, pixel += windows.image.columns) {
    for (Index column = 0; column < windows.size; ++column) image[pixel + column] = value;
  }
}

Index place_in(const ConstMatrixView& memory, Index window, Index column) {
  return static_cast<Index>(memory(window, column));
}

}  // namespace

void MaxPool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y, memory = v.memory;
  for (Index j = 0; j < y.cols(); ++j) {
    const Scalar* const x = v.x.col(j).data();
    for_each_window(windows_, [&](Index window, Index pixel) {
      Scalar best = x[pixel];
      Index best_place = 0, place = 0;
      for (Index row = 0; row < windows_.size; ++row) {
        const Scalar* const line = x + pixel + row * windows_.image.columns;
        for (Index column = 0; column < windows_.size; ++column, ++place) {
          if (line[column] > best) {
            best = line[column];
            best_place = place;
          }
        }
      }
      y(window, j) = best;
      memory(window, j) = static_cast<Scalar>(best_place);
    });
  }
}

void MaxPool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    input_delta.col(j).setZero();
    for_each_window(windows_, [&](Index window, Index pixel) {
      input_delta(pixel_at(windows_, pixel, place_in(v.memory, window, j)), j) = v.delta(window, j);
    });
  }
}

void AveragePool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y;
  const Scalar share = Scalar(1) / static_cast<Scalar>(windows_.size * windows_.size);
  for (Index j = 0; j < y.cols(); ++j) {
    for_each_window(windows_, [&](Index window, Index pixel) {
      y(window, j) = window_sum(windows_, v.x.col(j).data(), pixel) * share;
    });
  }
}

void AveragePool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  const Scalar share = Scalar(1) / static_cast<Scalar>(windows_.size * windows_.size);
  for (Index j = 0; j < input_delta.cols(); ++j) {
    input_delta.col(j).setZero();
    for_each_window(windows_, [&](Index window, Index pixel) {
      fill_window(windows_, input_delta.col(j).data(), pixel, v.delta(window, j) * share);
    });
  }
}

void CopyUnpool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y;
  for (Index j = 0; j < y.cols(); ++j) {
    for_each_window(windows_, [&](Index window, Index pixel) {
      fill_window(windows_, y.col(j).data(), pixel, v.x(window, j));
    });
  }
}

void CopyUnpool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    for_each_window(windows_, [&](Index window, Index pixel) {
      input_delta(window, j) = window_sum(windows_, v.delta.col(j).data(), pixel);
    });
  }
}

void RememberedUnpool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y;
  for (Index j = 0; j < y.cols(); ++j) {
    y.col(j).setZero();
    for_each_window(windows_, [&](Index window, Index pixel) {
      y(pixel_at(windows_, pixel, place_in(v.partner, window, j)), j) = v.x(window, j);
    });
  }
}

void RememberedUnpool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    for_each_window(windows_, [&](Index window, Index pixel) {
      input_delta(window, j) = v.delta(pixel_at(windows_, pixel, place_in(v.partner, window, j)), j);
    });
  }
}

}  // namespace hourglass
