// Codes of a few bits: how small a code can be written, and what is lost by it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/math/types.h"

namespace hourglass {

// Uniform quantisation of each unit between the least and the largest value that it had in some
// codes: 2^bits cells of the same width, each of which stands for its middle (Gersho and Gray 1992,
// "Vector Quantization and Signal Compression", section 5.2). A unit that never changes needs no
// bits, and is its value.
class Quantizer {
 public:
  // Of codes of d units; no range is known yet.
  Quantizer(Index size, int bits);  // bits 1 to 8

  // Widens the ranges to those of `codes` (d x n). What is not finite is left out.
  void see(const ConstMatrixView& codes);

  int bits() const { return bits_; }
  Index size() const { return low_.size(); }
  Index changing_units() const;
  // Of one code: whole bytes for all of its units together.
  Index packed_bytes() const { return (changing_units() * bits_ + 7) / 8; }

  // The cell of a unit's value, which is held to the unit's range; 0 for a unit that never changes.
  std::uint8_t cell(Index unit, Scalar value) const;
  Scalar value(Index unit, std::uint8_t cell) const;

  // One code as packed_bytes() bytes, the bits of one unit after those of the other, lowest first;
  // and back.
  void pack(std::span<const Scalar> code, std::span<std::uint8_t> bytes) const;
  void unpack(std::span<const std::uint8_t> bytes, std::span<Scalar> code) const;

 private:
  bool changes(Index unit) const { return high_[unit] > low_[unit]; }

  int bits_;
  Vector low_, high_;
};

// How often each cell of each unit was used, and the bits that an ideal coder needs for it.
class CellCounts {
 public:
  CellCounts() = default;
  explicit CellCounts(const Quantizer& quantizer);

  void add(const Quantizer& quantizer, std::span<const Scalar> code);
  void add(const CellCounts& other);
  // The sum over units of the entropy of their cells, in bits for one code: what an arithmetic
  // coder comes to that knows how often each cell of each unit comes, in these very codes, and
  // nothing of how units hang together (Shannon 1948).
  double bits_per_code() const;

 private:
  Index cells_ = 0, codes_ = 0;
  std::vector<std::uint32_t> counts_;  // cells_ for each unit
};

}  // namespace hourglass
