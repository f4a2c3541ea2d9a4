#include "core/nn/pooling.h"

#include <algorithm>
#include <type_traits>

namespace hourglass {
namespace {

// Calls line(window, pixel, size) for each row of windows: the index of its first pooled pixel, and of
// its first window's first pixel. The size is a constant where it is 2, as it mostly is, so that the
// loops over a window unroll.
template <typename Line>
void for_each_line(const Windows& windows, Line line) {
  const ImageShape pooled = windows.pooled();
  const auto go = [&](auto size) {
    Index window = 0;
    for (Index channel = 0; channel < pooled.channels; ++channel) {
      Index pixel = channel * windows.image.rows * windows.image.columns;
      for (Index row = 0; row < pooled.rows; ++row) {
        line(window, pixel, size);
        window += pooled.columns;
        pixel += size * windows.image.columns;
      }
    }
  };
  if (windows.size == 2) {
    go(std::integral_constant<Index, 2>());
  } else {
    go(windows.size);
  }
}

// One line of windows each; `width` is the image's. A window's pixels are visited row by row.

template <typename Size>
void max_line(const Scalar* image, Index width, Index count, Size size, Scalar* out,
              Scalar* places) {
  for (Index i = 0; i < count; ++i, image += size) {
    Scalar best = image[0], place = 0;
    for (Index row = 0; row < size; ++row) {
      for (Index column = 0; column < size; ++column) {
        const Scalar value = image[row * width + column];
        const bool larger = value > best;
        best = larger ? value : best;
        place = larger ? static_cast<Scalar>(row * size + column) : place;
      }
    }
    out[i] = best;
    places[i] = place;
  }
}

// Each value to its place in its window, and zeros around it.
template <typename Size>
void place_line(const Scalar* values, const Scalar* places, Index width, Index count, Size size,
                Scalar* image) {
  for (Index i = 0; i < count; ++i, image += size) {
    for (Index row = 0; row < size; ++row) {
      for (Index column = 0; column < size; ++column) {
        const bool here = places[i] == static_cast<Scalar>(row * size + column);
        image[row * width + column] = here ? values[i] : Scalar(0);
      }
    }
  }
}

template <typename Size>
void sum_line(const Scalar* image, Index width, Index count, Size size, Scalar factor,
              Scalar* out) {
  for (Index i = 0; i < count; ++i, image += size) {
    Scalar sum = 0;
    for (Index row = 0; row < size; ++row) {
      for (Index column = 0; column < size; ++column) sum += image[row * width + column];
    }
    out[i] = sum * factor;
  }
}

template <typename Size>
void fill_line(const Scalar* values, Index width, Index count, Size size, Scalar factor,
               Scalar* image) {
  for (Index i = 0; i < count; ++i) {
    for (Index column = 0; column < size; ++column) image[i * size + column] = values[i] * factor;
  }
  for (Index row = 1; row < size; ++row) std::copy_n(image, count * size, image + row * width);
}

// The functions above over all lines of one sample.

void place_all(const Windows& windows, const Scalar* values, const Scalar* places, Scalar* image) {
  const Index width = windows.image.columns, count = windows.pooled().columns;
  std::fill_n(image, windows.image.features(), Scalar(0));  // of what is left over at the ends
  for_each_line(windows, [&](Index window, Index pixel, auto size) {
    place_line(values + window, places + window, width, count, size, image + pixel);
  });
}

void sum_all(const Windows& windows, const Scalar* image, Scalar factor, Scalar* out) {
  const Index width = windows.image.columns, count = windows.pooled().columns;
  for_each_line(windows, [&](Index window, Index pixel, auto size) {
    sum_line(image + pixel, width, count, size, factor, out + window);
  });
}

void fill_all(const Windows& windows, const Scalar* values, Scalar factor, Scalar* image) {
  const Index width = windows.image.columns, count = windows.pooled().columns;
  for_each_line(windows, [&](Index window, Index pixel, auto size) {
    fill_line(values + window, width, count, size, factor, image + pixel);
  });
}

Scalar share(const Windows& windows) {
  return Scalar(1) / static_cast<Scalar>(windows.size * windows.size);
}

}  // namespace

void MaxPool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y, memory = v.memory;
  const Index width = windows_.image.columns, count = windows_.pooled().columns;
  for (Index j = 0; j < y.cols(); ++j) {
    const Scalar* const x = v.x.col(j).data();
    Scalar* const out = y.col(j).data();
    Scalar* const places = memory.col(j).data();
    for_each_line(windows_, [&](Index window, Index pixel, auto size) {
      max_line(x + pixel, width, count, size, out + window, places + window);
    });
  }
}

void MaxPool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    place_all(windows_, v.delta.col(j).data(), v.memory.col(j).data(), input_delta.col(j).data());
  }
}

void AveragePool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y;
  for (Index j = 0; j < y.cols(); ++j) {
    sum_all(windows_, v.x.col(j).data(), share(windows_), y.col(j).data());
  }
}

void AveragePool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    input_delta.col(j).setZero();  // of what is left over at the ends
    fill_all(windows_, v.delta.col(j).data(), share(windows_), input_delta.col(j).data());
  }
}

void CopyUnpool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y;
  for (Index j = 0; j < y.cols(); ++j) {
    fill_all(windows_, v.x.col(j).data(), Scalar(1), y.col(j).data());
  }
}

void CopyUnpool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    sum_all(windows_, v.delta.col(j).data(), Scalar(1), input_delta.col(j).data());
  }
}

void RememberedUnpool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y;
  for (Index j = 0; j < y.cols(); ++j) {
    place_all(windows_, v.x.col(j).data(), v.partner.col(j).data(), y.col(j).data());
  }
}

void RememberedUnpool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  const Index width = windows_.image.columns, count = windows_.pooled().columns;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    const Scalar* const delta = v.delta.col(j).data();
    const Scalar* const places = v.partner.col(j).data();
    Scalar* const out = input_delta.col(j).data();
    for_each_line(windows_, [&](Index window, Index pixel, auto size) {
      for (Index i = 0; i < count; ++i) {
        const auto place = static_cast<Index>(places[window + i]);
        out[window + i] = delta[pixel + i * size + place / size * width + place % size];
      }
    });
  }
}

}  // namespace hourglass
