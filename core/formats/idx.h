// The IDX format, in which MNIST and its kin are published: two zero bytes, a type, the number of
// dimensions, each dimension as a big-endian 32-bit number, then the values in C order
// (LeCun, Cortes and Burges, "The MNIST database of handwritten digits").
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/formats/numeric_array.h"
#include "core/math/types.h"

namespace hourglass {

// An array out of an IDX file: bytes of type 08 stay bytes, every other type becomes floats.
using IdxArray = NumericArray;

// `file` is the whole file, uncompressed, or, natively, compressed with gzip. `name` is what
// messages call it. Throws Error if it is anything but a well-formed array of 1 to 8 dimensions,
// none of them 0, of one of the six types (08 unsigned bytes, 09 signed bytes, 0B 16-bit and 0C
// 32-bit integers, 0D floats, 0E doubles; big-endian), with exactly as many elements as its header
// says, or larger than 4 GiB.
IdxArray read_idx(std::span<const std::uint8_t> file, const std::string& name);
// The same where the file is of no more use to the caller: of bytes that are not compressed no
// second copy is made, since the largest files are about as large as a page's memory allows.
IdxArray read_idx(std::vector<std::uint8_t>&& file, const std::string& name);

// An IDX file, uncompressed. `shape` has 1 to 4 dimensions whose product is the number of elements.
// Throws Error if a dimension is 0 or does not fit in 32 bits.
std::vector<std::uint8_t> write_idx(std::span<const Index> shape,
                                    std::span<const std::uint8_t> bytes);
std::vector<std::uint8_t> write_idx(std::span<const Index> shape, std::span<const float> values);

}  // namespace hourglass
