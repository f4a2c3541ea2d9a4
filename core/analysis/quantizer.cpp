#include "core/analysis/quantizer.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

namespace hourglass {

Quantizer::Quantizer(Index size, int bits) : bits_(bits) {
  assert(size >= 1 && bits >= 1 && bits <= 8);
  low_.setConstant(size, std::numeric_limits<Scalar>::max());
  high_.setConstant(size, std::numeric_limits<Scalar>::lowest());
}

void Quantizer::see(const ConstMatrixView& codes) {
  assert(codes.rows() == size());
  for (Index j = 0; j < codes.cols(); ++j) {
    for (Index i = 0; i < codes.rows(); ++i) {
      const Scalar value = codes(i, j);
      if (!std::isfinite(value)) continue;
      low_[i] = std::min(low_[i], value);
      high_[i] = std::max(high_[i], value);
    }
  }
}

Index Quantizer::changing_units() const {
  Index count = 0;
  for (Index i = 0; i < size(); ++i) count += changes(i) ? 1 : 0;
  return count;
}

std::uint8_t Quantizer::cell(Index unit, Scalar value) const {
  if (!changes(unit)) return 0;
  const double cells = static_cast<double>(1 << bits_);
  const double low = static_cast<double>(low_[unit]), high = static_cast<double>(high_[unit]);
  const double place = (static_cast<double>(value) - low) / (high - low) * cells;
  // Not a number goes to the first cell.
  return static_cast<std::uint8_t>(place > 0 ? std::min(place, cells - 1) : 0.0);
}

Scalar Quantizer::value(Index unit, std::uint8_t cell) const {
  if (!changes(unit)) {
    // Of a unit that no code has shown nothing is known.
    return low_[unit] > high_[unit] ? Scalar(0) : low_[unit];
  }
  const double low = static_cast<double>(low_[unit]), high = static_cast<double>(high_[unit]);
  const double width = (high - low) / static_cast<double>(1 << bits_);
  return static_cast<Scalar>(low + (static_cast<double>(cell) + 0.5) * width);
}

void Quantizer::pack(std::span<const Scalar> code, std::span<std::uint8_t> bytes) const {
  assert(static_cast<Index>(code.size()) == size() &&
         static_cast<Index>(bytes.size()) == packed_bytes());
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
  std::size_t at = 0;  // in bits
  for (Index i = 0; i < size(); ++i) {
    if (!changes(i)) continue;
    const unsigned cell = this->cell(i, code[static_cast<std::size_t>(i)]);
    const unsigned shifted = cell << (at % 8);
    bytes[at / 8] |= static_cast<std::uint8_t>(shifted);
    if (shifted > 0xFF) bytes[at / 8 + 1] |= static_cast<std::uint8_t>(shifted >> 8);
    at += static_cast<std::size_t>(bits_);
  }
}

void Quantizer::unpack(std::span<const std::uint8_t> bytes, std::span<Scalar> code) const {
  assert(static_cast<Index>(code.size()) == size() &&
         static_cast<Index>(bytes.size()) == packed_bytes());
  std::size_t at = 0;
  for (Index i = 0; i < size(); ++i) {
    unsigned cell = 0;
    if (changes(i)) {
      cell = bytes[at / 8];
      if (at / 8 + 1 < bytes.size()) cell |= static_cast<unsigned>(bytes[at / 8 + 1]) << 8;
      cell = cell >> (at % 8) & ((1u << bits_) - 1);
      at += static_cast<std::size_t>(bits_);
    }
    code[static_cast<std::size_t>(i)] = value(i, static_cast<std::uint8_t>(cell));
  }
}

CellCounts::CellCounts(const Quantizer& quantizer)
    : cells_(Index{1} << quantizer.bits()),
      counts_(static_cast<std::size_t>(cells_ * quantizer.size())) {}

void CellCounts::add(const Quantizer& quantizer, std::span<const Scalar> code) {
  for (Index i = 0; i < quantizer.size(); ++i) {
    const Index cell = quantizer.cell(i, code[static_cast<std::size_t>(i)]);
    counts_[static_cast<std::size_t>(i * cells_ + cell)] += 1;
  }
  ++codes_;
}

void CellCounts::add(const CellCounts& other) {
  assert(counts_.size() == other.counts_.size());
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  codes_ += other.codes_;
}

double CellCounts::bits_per_code() const {
  if (codes_ == 0) return 0;
  double bits = 0;
  for (const std::uint32_t count : counts_) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(codes_);
    bits -= share * std::log2(share);
  }
  return std::max(0.0, bits);
}

}  // namespace hourglass
