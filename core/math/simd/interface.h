// What the kernels are: the loops where the time goes, compiled once for each instruction set.
// Without anything of the standard library that has code: see simd.h.
#pragma once

#include <cstdint>

#include "core/base/scalar.h"

namespace hourglass {

// Panels have this many numbers of room for each vector of rows, whatever the instruction set: so
// that sizes and cuts are the same for all.
inline constexpr Index kMaxLanes = 16;

// c = [c, or bias] + op(a) * b. No operand may overlap c.
struct ProductTask {
  enum class Layout {
    kRows,    // op(a)[i][k] = a[i + k * a_stride]: a column-major matrix
    kDepth,   // op(a)[i][k] = a[k + i * a_stride]: its transpose
    kPacked,  // panels, as pack() leaves them
  };
  Index rows, columns, depth;  // op(a) is rows x depth, b depth x columns
  const Scalar* a;
  Layout layout;
  Index a_stride;
  const Scalar* b;  // b[k][j] = b[k * b_depth + j * b_column]
  Index b_depth, b_column;
  Scalar* c;  // c[i][j] = c[i + j * c_stride]
  Index c_stride;
  bool add;            // to what c holds
  const Scalar* bias;  // rows numbers that each column begins with; may be null. Not with `add`
  Scalar* scratch;     // kProductScratch numbers
};
inline constexpr Index kProductScratch = 32768;

// A number of a column of which few are not 0, and its row.
struct SparseEntry {
  std::uint32_t row;
  Scalar value;
};

// One column of c = bias + op(a) x, where op(a) is packed and x has `count` entries.
struct SparseProductTask {
  const Scalar* a;  // panels, as pack() leaves them
  Index rows, depth;
  const SparseEntry* entries;   // the first column's; ascending rows below `depth`
  Index entries_stride;         // from one column's entries to the next one's
  const std::uint32_t* counts;  // of each column
  Index columns;
  Scalar* c;  // c[i][j] = c[i + j * c_stride]
  Index c_stride;
  const Scalar* bias;  // `rows` numbers, or null
};

// c = [c +] x b', with x of sparse columns and b dense: a gradient of weights.
struct SparseOuterTask {
  Index rows, columns;         // of c, whose columns lie one after the other
  const SparseEntry* entries;  // of the first sample's column of x; ascending rows below `rows`
  Index entries_stride;
  const std::uint32_t* counts;  // of each sample
  Index samples;
  const Scalar* b;  // b[j][sample] = b[j + sample * b_stride]
  Index b_stride;
  Scalar* c;
  bool add;
  Scalar* scratch;  // rows * kMaxLanes numbers
};

// Convolution with stride 1 over an image with zeros around it; see
// core/math/conv/padded_correlation.h.
struct CorrelateTask {
  const Scalar* image;   // padded; kCorrelateSlack numbers behind what is used must be there
  Index width;           // of a row of the padded image
  const Index* offsets;  // of each of the kernel's places: where the shifted image begins
  Index depth;           // how many: input channels * kernel^2
  const Scalar* weight;  // depth x channels, row-major
  const Scalar* bias;    // a number for each channel, or null
  bool relu;             // of the results
  Index channels, rows, columns;
  Scalar* out;  // channels x rows x columns
};
struct CorrelateGradientTask {
  const Scalar* image;  // as above; what is there must be finite
  const Index* offsets;
  Index depth, channels;
  const Scalar* wide;  // for each channel its rows as far apart as the image's, zeros in between
  Index wide_stride;   // from one channel to the next
  Index count;         // numbers of a channel, a multiple of kMaxLanes
  Scalar* sums;        // channels x depth vectors, row-major
};
inline constexpr Index kCorrelateSlack = kMaxLanes;

// Windows of 2 x 2 pixels side by side.
struct PoolTask {
  Index rows, columns;  // of windows
  Index width;  // of the image, at least 2 * columns; a row of windows begins 2 * width further
};

// What an optimizer's step needs, of which each uses its part; see core/nn/optim/optimizer.h.
struct OptimizerCoefficients {
  Scalar rate = 0;  // adam: already divided by 1 - beta1^t
  Scalar kept = 1;  // what decoupled weight decay leaves of a weight
  Scalar momentum = 0, rho = 0, beta1 = 0, beta2 = 0, epsilon = 0;
  Scalar inverse = 1;  // adam: 1 / sqrt(1 - beta2^t)
};

// A place in a sequence of random numbers; see core/math/random.h.
struct DrawTask {
  std::uint32_t key[2];
  std::uint32_t counter[4];  // that of the first block
};

struct NoiseTask {
  DrawTask draws;
  Scalar deviation, low, high;
};
struct DropTask {
  DrawTask draws;
  Scalar rate, dropped, scale;
};

struct Kernels {
  const char* key;   // as HOURGLASS_ISA has it: "avx512"
  const char* name;  // for people: "AVX-512"
  Index lanes;       // numbers in a vector

  // --- products (product.h) ---
  void (*multiply)(const ProductTask&);
  // Packs op(a)[first_row ..., all of depth] for kPacked: panels of `lanes` rows, in each the rows'
  // numbers side by side for one step in depth after another; rows that are missing in the last
  // panel are 0. `layout` is kRows or kDepth; `a` begins at the first row to be packed. Writes
  // ceil(rows / lanes) * lanes * depth numbers.
  void (*pack)(const Scalar* a, ProductTask::Layout layout, Index a_stride, Index rows, Index depth,
               Scalar* packed);

  // --- products with what is mostly 0 (sparse.h) ---
  void (*sparse_multiply)(const SparseProductTask&);
  void (*sparse_outer)(const SparseOuterTask&);
  // Lists what is not 0 (NaN is not) of `size` numbers, in their order; returns how many there are.
  std::uint32_t (*list_entries)(const Scalar* x, Index size, SparseEntry* entries);

  // --- convolution (correlate.h) ---
  // out[c][row][i] = bias[c] + sum_k weight[k][c] * image[offsets[k] + row * width + i]
  void (*correlate)(const CorrelateTask&);
  // sums[c][k] += image[offsets[k] + i] * wide[c][i] over all i, each lane for itself
  void (*add_correlate_gradient)(const CorrelateGradientTask&);
  // sums[i] += the lanes' sum of vectors[i]
  void (*add_lanes)(const Scalar* vectors, Index count, Scalar* sums);

  // --- rows of images (rows.h) ---
  // to[r][i] = from[r][i]; where `y` is not null, 0 instead unless y[r][i] > 0. Rows of `from` and
  // `y` lie one after another, those of `to` `stride` apart.
  void (*copy_rows)(const Scalar* from, const Scalar* y, Index rows, Index columns, Scalar* to,
                    Index stride);
  // to[r][2 i] = even[r][i], to[r][2 i + 1] = odd[r][i]; and the reverse, with `y` as above, whose
  // rows are as far apart as those of `from`.
  void (*zip_rows)(const Scalar* even, const Scalar* odd, Index from_stride, Index rows,
                   Index columns, Scalar* to, Index stride);
  void (*unzip_rows)(const Scalar* from, const Scalar* y, Index from_stride, Index rows,
                     Index columns, Scalar* even, Scalar* odd, Index stride);
  // The largest of each window and its place: 0, 1 above, 2, 3 below; the first where several are.
  void (*max_pool)(const PoolTask&, const Scalar* image, Scalar* out, Scalar* places);
  // Each value at its place, and 0 at the window's other three.
  void (*max_unpool)(const PoolTask&, const Scalar* values, const Scalar* places, Scalar* image);
  // `factor` times each window's sum; `factor` times each value, in its whole window.
  void (*avg_pool)(const PoolTask&, const Scalar* image, Scalar factor, Scalar* out);
  void (*upsample_nearest)(const PoolTask&, const Scalar* values, Scalar factor, Scalar* image);

  // All that follow go over `size` >= 0 numbers at any address. Arrays may be the same where one is
  // written; they may not overlap otherwise. NaN stays NaN everywhere. What becomes of an element
  // does not depend on where it stands, and sums depend on `size` and the instruction set alone.

  // --- activations and the like (elementwise.h): z becomes f(z) ---
  void (*relu)(Scalar* z, Index size);
  void (*leaky_relu)(Scalar* z, Index size);  // 0.01 z below 0
  void (*elu)(Scalar* z, Index size);
  void (*tanh)(Scalar* z, Index size);
  void (*sigmoid)(Scalar* z, Index size);
  // exp(z) over the sum of all size >= 1 of them; what is 64 below the largest z becomes 0.
  void (*softmax)(Scalar* z, Index size);

  // delta is multiplied by f'(z), given y = f(z); at a kink that of the left side.
  void (*relu_backward)(const Scalar* y, Scalar* delta, Index size);
  void (*leaky_relu_backward)(const Scalar* y, Scalar* delta, Index size);
  void (*elu_backward)(const Scalar* y, Scalar* delta, Index size);
  void (*tanh_backward)(const Scalar* y, Scalar* delta, Index size);
  void (*sigmoid_backward)(const Scalar* y, Scalar* delta, Index size);

  // delta = scale (y - target)
  void (*difference)(const Scalar* y, const Scalar* target, Scalar scale, Scalar* delta,
                     Index size);
  // delta = scale (p - target) / (p (1 - p)), where p is y held within [1e-7, 1 - 1e-7]
  void (*bce_gradient)(const Scalar* y, const Scalar* target, Scalar scale, Scalar* delta,
                       Index size);

  // y[i] += x[i + j x_stride] for all columns j, in their order.
  void (*add_columns)(const Scalar* x, Index x_stride, Index columns, Scalar* y, Index size);
  // out = bytes scale + offset, nearly as if rounded once: with 1 / 255 and 0 it is bytes / 255.
  void (*from_bytes)(const std::uint8_t* bytes, double scale, double offset, Scalar* out,
                     Index size);

  // --- sums (sums.h), to a relative 1e-6 of the sum of the absolute values ---
  double (*sum)(const Scalar* x, Index size);
  double (*sum_of_squares)(const Scalar* x, Index size);
  // of (y - target)^2
  double (*squared_error)(const Scalar* y, const Scalar* target, Index size);
  // of -target log p - (1 - target) log(1 - p), with p as above
  double (*bce)(const Scalar* y, const Scalar* target, Index size);
  // With y = sigmoid(z): z becomes scale (y - target), and the result is bce(y, target), but exact
  // to 1e-7 an element where y is rounded to 1.
  double (*sigmoid_bce)(Scalar* z, const Scalar* target, Scalar scale, Index size);
  // of -target log p, with p as y held above 1e-30
  double (*cce)(const Scalar* y, const Scalar* target, Index size);
  // With y = softmax(z) over all size >= 1 of them and s the sum of targets: z becomes
  // scale (s y - target), and the result is the sum of -target log y.
  double (*softmax_cce)(Scalar* z, const Scalar* target, Scalar scale, Index size);

  // --- optimizers (optimizers.h): parameters and moments are updated. The moments are those of
  // core/nn/optim/optimizer.h in its order; those below 1e-30 become 0. ---
  using Step = void (*)(const OptimizerCoefficients&, Scalar* parameters, Scalar* const* moments,
                        const Scalar* gradients, Index size);
  Step sgd;
  Step rmsprop;
  Step adadelta;
  Step adam;

  // --- random numbers (draws.h): four from each block of Philox, as Random's functions of these
  // names ---
  void (*uniform)(const DrawTask&, Scalar* out, Index size);  // exact: the same on all sets
  void (*normal)(const DrawTask&, Scalar* out, Index size);
  // y = x + deviation * normal, held within [low, high]; y = `dropped` where uniform < rate, else
  // x * scale.
  void (*add_normal)(const NoiseTask&, const Scalar* x, Scalar* y, Index size);
  void (*drop)(const DropTask&, const Scalar* x, Scalar* y, Index size);

  // --- selection (largest.h) ---
  // Of `size` finite numbers the k largest, 1 <= k <= size, and of equals the first: kept[i] is 1
  // for those, else 0, and y = x * kept. Where one is not finite all are kept. `x` is neither of
  // the others.
  void (*keep_largest)(const Scalar* x, Index k, Scalar* y, Scalar* kept, Index size);
};

}  // namespace hourglass
