#include "core/nn/layers/pooling.h"

#include <algorithm>

#include "core/math/simd/kernels.h"

namespace hourglass {
namespace {

// Calls line(window, pixel) for each row of windows: the index of its first pooled pixel, and of
// its first window's first pixel.
template <typename Line>
void for_each_line(const Windows& windows, Line line) {
  const ImageShape pooled = windows.pooled();
  Index window = 0;
  for (Index channel = 0; channel < pooled.channels; ++channel) {
    Index pixel = channel * windows.image.rows * windows.image.columns;
    for (Index row = 0; row < pooled.rows; ++row) {
      line(window, pixel);
      window += pooled.columns;
      pixel += windows.size * windows.image.columns;
    }
  }
}

// Windows of 2 x 2, which nearly all are, have kernels: calls plane(task, window, pixel) for each
// channel.
template <typename Plane>
void for_each_plane_of_twos(const Windows& windows, Plane plane) {
  const ImageShape pooled = windows.pooled();
  const PoolTask task{pooled.rows, pooled.columns, windows.image.columns};
  for (Index channel = 0; channel < pooled.channels; ++channel) {
    plane(task, channel * pooled.rows * pooled.columns,
          channel * windows.image.rows * windows.image.columns);
  }
}

// One line of windows each; `width` is the image's. A window's pixels are visited row by row.

void max_line(const Scalar* image, Index width, Index count, Index size, Scalar* out,
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
void place_line(const Scalar* values, const Scalar* places, Index width, Index count, Index size,
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

void sum_line(const Scalar* image, Index width, Index count, Index size, Scalar factor,
              Scalar* out) {
  for (Index i = 0; i < count; ++i, image += size) {
    Scalar sum = 0;
    for (Index row = 0; row < size; ++row) {
      for (Index column = 0; column < size; ++column) sum += image[row * width + column];
    }
    out[i] = sum * factor;
  }
}

void fill_line(const Scalar* values, Index width, Index count, Index size, Scalar factor,
               Scalar* image) {
  for (Index i = 0; i < count; ++i) {
    for (Index column = 0; column < size; ++column) image[i * size + column] = values[i] * factor;
  }
  for (Index row = 1; row < size; ++row) std::copy_n(image, count * size, image + row * width);
}

// The functions above over all lines of one sample.

void max_pool_any(const Windows& windows, const Scalar* image, Scalar* out, Scalar* places) {
  if (windows.size == 2) {
    for_each_plane_of_twos(windows, [&](const PoolTask& task, Index window, Index pixel) {
      kernels().max_pool(task, image + pixel, out + window, places + window);
    });
    return;
  }
  const Index width = windows.image.columns, count = windows.pooled().columns;
  for_each_line(windows, [&](Index window, Index pixel) {
    max_line(image + pixel, width, count, windows.size, out + window, places + window);
  });
}

void max_unpool_any(const Windows& windows, const Scalar* values, const Scalar* places,
                    Scalar* image) {
  // For what is left over at the ends.
  if (!windows.cover()) std::fill_n(image, windows.image.features(), Scalar(0));
  if (windows.size == 2) {
    for_each_plane_of_twos(windows, [&](const PoolTask& task, Index window, Index pixel) {
      kernels().max_unpool(task, values + window, places + window, image + pixel);
    });
    return;
  }
  const Index width = windows.image.columns, count = windows.pooled().columns;
  for_each_line(windows, [&](Index window, Index pixel) {
    place_line(values + window, places + window, width, count, windows.size, image + pixel);
  });
}

void avg_pool_any(const Windows& windows, const Scalar* image, Scalar factor, Scalar* out) {
  if (windows.size == 2) {
    for_each_plane_of_twos(windows, [&](const PoolTask& task, Index window, Index pixel) {
      kernels().avg_pool(task, image + pixel, factor, out + window);
    });
    return;
  }
  const Index width = windows.image.columns, count = windows.pooled().columns;
  for_each_line(windows, [&](Index window, Index pixel) {
    sum_line(image + pixel, width, count, windows.size, factor, out + window);
  });
}

void upsample_any(const Windows& windows, const Scalar* values, Scalar factor, Scalar* image) {
  if (!windows.cover()) std::fill_n(image, windows.image.features(), Scalar(0));
  if (windows.size == 2) {
    for_each_plane_of_twos(windows, [&](const PoolTask& task, Index window, Index pixel) {
      kernels().upsample_nearest(task, values + window, factor, image + pixel);
    });
    return;
  }
  const Index width = windows.image.columns, count = windows.pooled().columns;
  for_each_line(windows, [&](Index window, Index pixel) {
    fill_line(values + window, width, count, windows.size, factor, image + pixel);
  });
}

Scalar share(const Windows& windows) {
  return Scalar(1) / static_cast<Scalar>(windows.size * windows.size);
}

}  // namespace

void MaxPool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y, saved = v.saved;
  for (Index j = 0; j < y.cols(); ++j) {
    max_pool_any(windows_, v.x.col(j).data(), y.col(j).data(), saved.col(j).data());
  }
}

void MaxPool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    max_unpool_any(windows_, v.delta.col(j).data(), v.saved.col(j).data(),
                   input_delta.col(j).data());
  }
}

void AveragePool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y;
  for (Index j = 0; j < y.cols(); ++j) {
    avg_pool_any(windows_, v.x.col(j).data(), share(windows_), y.col(j).data());
  }
}

void AveragePool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    upsample_any(windows_, v.delta.col(j).data(), share(windows_), input_delta.col(j).data());
  }
}

void Upsample::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y;
  for (Index j = 0; j < y.cols(); ++j) {
    upsample_any(windows_, v.x.col(j).data(), Scalar(1), y.col(j).data());
  }
}

void Upsample::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    if (gets_sums_) {
      std::copy_n(v.delta.col(j).data(), input_delta.rows(), input_delta.col(j).data());
      continue;
    }
    avg_pool_any(windows_, v.delta.col(j).data(), Scalar(1), input_delta.col(j).data());
  }
}

void MaxUnpool::forward(const Pass&, const Scalar*, const ForwardViews& v) const {
  MatrixView y = v.y;
  for (Index j = 0; j < y.cols(); ++j) {
    max_unpool_any(windows_, v.x.col(j).data(), v.pool_indices.col(j).data(), y.col(j).data());
  }
}

void MaxUnpool::backward(const Pass&, const Scalar*, const BackwardViews& v) const {
  MatrixView input_delta = v.input_delta;
  const Index width = windows_.image.columns, count = windows_.pooled().columns;
  const Index size = windows_.size;
  for (Index j = 0; j < input_delta.cols(); ++j) {
    const Scalar* const delta = v.delta.col(j).data();
    const Scalar* const places = v.pool_indices.col(j).data();
    Scalar* const out = input_delta.col(j).data();
    for_each_line(windows_, [&](Index window, Index pixel) {
      for (Index i = 0; i < count; ++i) {
        const auto place = static_cast<Index>(places[window + i]);
        out[window + i] = delta[pixel + i * size + place / size * width + place % size];
      }
    });
  }
}

}  // namespace hourglass
