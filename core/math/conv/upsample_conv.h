// Upsampling by 2 and the convolution behind it in one: each pixel stands for 2 x 2 equal ones.
#pragma once

#include <vector>

#include "core/math/conv/conv_strategy.h"
#include "core/math/types.h"

namespace hourglass {

// transpose_forward() and transpose_backward() for maps of which each 2 x 2 pixels are
// equal, as nearest-neighbour upsampling leaves them. Many of a kernel's weights then meet the same
// number: for the image's pixels in even rows and columns, and for each of the other three kinds,
// they are added up beforehand (a polyphase decomposition), and a kernel of 3 x 3 becomes four of
// 2 x 2 on a quarter of the pixels: 16 multiplications instead of 36.
//
// In one direction: a pixel 2 i + a of the image (a is 0 or 1), weight k, meets the map's pixel
// 2 i + a - k + padding, which is pixel i + d of the map before it was upsampled, with
// d = floor((a - k + padding) / 2). A pair (a, d) is called a tap.
class UpsampleConv final : public ConvStrategy {
 public:
  // Whether this can be done: stride 1, and maps as large as the image, with even sides.
  static bool can(const ConvGeometry& geometry);
  UpsampleConv(const ConvGeometry& geometry, Index channels);

  void transpose_forward(const Scalar* weight, const ConstMatrixView& maps, const Scalar* bias,
                         bool relu, MatrixView images) const override;
  // What is written as x's deltas are their sums over each 2 x 2, compact: channels * rows / 2 *
  // columns / 2 numbers at the beginning of each column.
  void transpose_backward(const ConvBackward& b) const override;

  // There is nothing to fuse in this direction, and nobody asks for it.
  void forward(const Scalar* weight, const ConstMatrixView& images, const Scalar* bias, bool relu,
               MatrixView maps) const override;
  void backward(const ConvBackward& b) const override;

 private:
  struct Tap {
    Index a, d;
  };

  // One pixel of each 2 x 2, rows width_ apart, channels `stride`. `aside` has room for count_
  // numbers.
  void downsample(const Scalar* maps, Scalar* to, Index stride, Scalar* aside) const;
  // Calls visit(index of a weight of a channel's kernel, row tap, column tap) for all that belong
  // together.
  template <typename Visit>
  void for_each_weight(const Visit& visit) const;
  Index padded_size(Index maps) const;

  Index image_channels_, channels_, kernel_;
  Index rows_, columns_;           // of the halved maps
  Index margin_;                   // zeros around them
  Index width_, plane_;            // with these
  Index used_, count_;             // numbers of a wide plane, and rounded up
  std::vector<Tap> taps_;          // those with a = 0, then those with a = 1
  std::vector<Index> tap_of_;      // [a][k]
  std::vector<Index> forward_[4];  // offsets for pixels (a, b): channel, row tap, column tap
  std::vector<Index> backward_;    // in the padded deltas: image channel, row tap, column tap
};

}  // namespace hourglass
