#include "core/math/conv/im2col.h"

#include <algorithm>

namespace hourglass {
namespace {

// Which positions along one side see a pixel of the image, not its padding, with the kernel's place
// `shift` on them: [first, end).
struct Seen {
  Index first, end;
};

Seen seen(Index side, Index positions, Index stride, Index shift) {
  // 0 <= stride * p + shift < side
  const Index first = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
  const Index end = side - shift <= 0 ? 0 : (side - shift + stride - 1) / stride;
  return {std::min(first, positions), std::clamp(end, std::min(first, positions), positions)};
}

// Calls row(pixels, numbers, columns) for each run of numbers in one row of positions that sees
// pixels: pixels[stride * i] belongs to numbers[i], for i in [0, count). `blank(numbers, count)`
// for those that see padding.
template <typename Pixel, typename Number, typename Row, typename Blank>
void for_each_contiguous_block(const ConvGeometry& g, Pixel* image, Number* patches, Row row,
                               Blank blank) {
  for (Index channel = 0; channel < g.image.channels; ++channel) {
    Pixel* const plane = image + channel * g.image.rows * g.image.columns;
    for (Index ky = 0; ky < g.kernel; ++ky) {
      const Seen down = seen(g.image.rows, g.rows, g.stride, ky - g.padding);
      for (Index kx = 0; kx < g.kernel; ++kx, patches += g.positions()) {
        const Index shift = kx - g.padding;
        const Seen across = seen(g.image.columns, g.columns, g.stride, shift);
        blank(patches, down.first * g.columns);
        for (Index y = down.first; y < down.end; ++y) {
          Pixel* const pixels = plane + (y * g.stride + ky - g.padding) * g.image.columns +
                                across.first * g.stride + shift;
          Number* const numbers = patches + y * g.columns;
          blank(numbers, across.first);
          row(pixels, numbers + across.first, across.end - across.first);
          blank(numbers + across.end, g.columns - across.end);
        }
        blank(patches + down.end * g.columns, (g.rows - down.end) * g.columns);
      }
    }
  }
}

}  // namespace

void im2col(const ConvGeometry& g, const Scalar* image, Scalar* patches) {
  const auto row = [stride = g.stride](const Scalar* pixels, Scalar* numbers, Index count) {
    if (stride == 1) {
      std::copy_n(pixels, count, numbers);
    } else {
      for (Index i = 0; i < count; ++i) numbers[i] = pixels[stride * i];
    }
  };
  for_each_contiguous_block(g, image, patches, row, [](Scalar* numbers, Index count) {
    std::fill_n(numbers, count, Scalar(0));
  });
}

void col2im(const ConvGeometry& g, const Scalar* patches, Scalar* image) {
  const auto row = [stride = g.stride](Scalar* pixels, const Scalar* numbers, Index count) {
    for (Index i = 0; i < count; ++i) pixels[stride * i] += numbers[i];
  };
  for_each_contiguous_block(g, image, patches, row, [](const Scalar*, Index) {});
}

}  // namespace hourglass
