#include "core/formats/table_values.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/error.h"
#include "core/base/page_advice.h"
#include "core/formats/byte_reader.h"

namespace hourglass {
namespace {

constexpr float kNotThere = std::numeric_limits<float>::quiet_NaN();
// A number of the usual kind ends within so many characters, and a line end or separator follows.
constexpr std::ptrdiff_t kLongestPlainNumber = 48;
constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                   1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19};
// Rows after which the size of the whole is known well enough.
constexpr std::size_t kRowsThatTellSize = 64;

unsigned digit_of(char c) { return static_cast<unsigned>(static_cast<unsigned char>(c)) - '0'; }

// Behind one to three digits; `at` itself where there are none. Reads at most four characters.
const char* scan_small_whole(const char* at, unsigned& value) {
  unsigned digit = digit_of(*at);
  if (digit > 9) return at;
  value = digit;
  digit = digit_of(*++at);
  if (digit > 9) return at;
  value = value * 10 + digit;
  digit = digit_of(*++at);
  if (digit > 9) return at;
  value = value * 10 + digit;
  return ++at;
}

// Behind a number in plain decimals: at most 18 digits, whose whole a double holds, so that one
// division by a power of ten rounds right (Clinger, How to Read Floating Point Numbers Accurately,
// 1990). `at` itself for any other. Reads at most 22 characters.
const char* scan_decimals(const char* at, char point, double& value) {
  const char* c = at;
  const bool is_negative = *c == '-';
  c += is_negative ? 1 : 0;
  const char* const start = c;
  std::uint64_t digits = 0;
  for (unsigned digit; c < start + 19 && (digit = digit_of(*c)) <= 9; ++c) {
    digits = digits * 10 + digit;
  }
  std::ptrdiff_t count = c - start, decimals = 0;
  if (*c == point && count < 19) {
    const char* const first = ++c;
    for (unsigned digit; c < start + 20 && (digit = digit_of(*c)) <= 9; ++c) {
      digits = digits * 10 + digit;
    }
    decimals = c - first;
    count += decimals;
  }
  constexpr std::uint64_t kExact = std::uint64_t{1} << 53;
  if (count == 0 || count > 18 || digits > kExact) return at;
  const double size = static_cast<double>(digits) / kPowersOfTen[decimals];
  value = is_negative ? -size : size;
  return c;
}

template <typename Number>
void keep_some_rows(std::vector<Number>& values, std::size_t features,
                    const std::vector<bool>& kept) {
  std::size_t to = 0;
  for (std::size_t row = 0; row < kept.size() && row * features < values.size(); ++row) {
    if (!kept[row]) continue;
    const auto from = values.begin() + static_cast<std::ptrdiff_t>(row * features);
    std::copy(from, from + static_cast<std::ptrdiff_t>(features),
              values.begin() + static_cast<std::ptrdiff_t>(to));
    to += features;
  }
  values.resize(to);
}

template <typename Number>
void keep_some_features(std::vector<Number>& values, const std::vector<bool>& kept) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i]) places.push_back(i);
  }
  std::size_t to = 0;
  for (std::size_t start = 0; start + kept.size() <= values.size(); start += kept.size()) {
    for (const std::size_t place : places) values[to++] = values[start + place];
  }
  values.resize(to);
}

}  // namespace

TableValues::TableValues(TablePlan plan) : plan_(std::move(plan)) {
  for (std::size_t i = 0; i < plan_.columns.size(); ++i) {
    const ColumnUse use = plan_.columns[i];
    if (use == ColumnUse::kValue) ++features_;
    if (use == ColumnUse::kPixels) features_ += plan_.pixels;
    if (use == ColumnUse::kText) texts_.emplace_back();
    if (use == ColumnUse::kNumber) numbers_.emplace_back();
    first_gaps_.resize(texts_.size());
    if (runs_.empty() || runs_.back().use != use) runs_.push_back({use, i, 0});
    ++runs_.back().count;
  }
  missing_.resize(features_);
  first_missing_.resize(features_);
}

void TableValues::add(TableScanner& records) {
  const std::size_t first_row = rows_, bytes = records.bytes_left();
  while (records.begin_record()) {
    const std::uint64_t size = std::uint64_t{features_} * (rows_ + 1) * sizeof(float);
    if (rows_ == kMaxRows || size > kMaxArrayBytes) {
      throw Error("'" + records.name() + "' has more rows than can be used: 10,000,000, or " +
                  std::to_string(kMaxArrayBytes >> 20) + " MiB as numbers.");
    }
    const std::size_t wanted = (rows_ + 1) * features_;
    is_bytes_ ? bytes_.resize(wanted) : floats_.resize(wanted);
    read_record(records);
    ++rows_;
    if (rows_ - first_row == kRowsThatTellSize) reserve_for(records, first_row, bytes);
  }
}

// The rows to come are about as long as those that were read; more are read, too.
void TableValues::reserve_for(const TableScanner& records, std::size_t first_row,
                              std::size_t bytes_before) {
  const double read = static_cast<double>(bytes_before - records.bytes_left());
  const double rows = static_cast<double>(rows_ - first_row);
  const double left = static_cast<double>(records.bytes_left()) * rows / read;
  // A number takes two characters at least, that of a line of one field alone among them.
  const double most = static_cast<double>(filled_) + static_cast<double>(bytes_before) / 2 + 1;
  const double numbers =
      (static_cast<double>(rows_) + 1.02 * left + 16) * static_cast<double>(features_);
  const auto size = static_cast<std::size_t>(std::min(numbers, most));
  if (is_bytes_) {
    bytes_.reserve(size);
    expect_to_fill(bytes_.data(), bytes_.capacity());
  } else {
    floats_.reserve(size);
    expect_to_fill(floats_.data(), floats_.capacity() * sizeof(float));
  }
}

void TableValues::read_record(TableScanner& records) {
  row_has_missing_ = false;
  filled_ = rows_ * features_;
  std::size_t texts = 0, numbers = 0;
  for (const Run& run : runs_) {
    if (run.use == ColumnUse::kValue) {
      read_values(records, run.first, run.count);
      continue;
    }
    for (std::size_t column = run.first; column < run.first + run.count; ++column) {
      if (records.is_record_over()) throw_bad_length(records, column);
      if (run.use == ColumnUse::kPixels) {
        read_pixels(records, column);
        continue;
      }
      const std::string_view field = records.next_field();
      if (run.use == ColumnUse::kText) {
        if (field.empty() && first_gaps_[texts].empty()) first_gaps_[texts] = records.place();
        texts_[texts++].push_back(field);
      }
      if (run.use == ColumnUse::kNumber) {
        double value = 0;
        const bool is_there = parse_table_number(field, records.layout(), value);
        numbers_[numbers++].push_back(is_there ? static_cast<float>(value) : kNotThere);
      }
    }
  }
  finish_record(records);
}

void TableValues::finish_record(TableScanner& records) {
  // A separator at the line's end is no field.
  std::size_t fields = plan_.columns.size();
  bool has_more = false;
  while (!records.is_record_over()) {
    has_more = !records.next_field().empty() || fields > plan_.columns.size() || has_more;
    ++fields;
  }
  if (has_more) throw_bad_length(records, fields);
  rows_with_missing_ += row_has_missing_ ? 1 : 0;
}

void TableValues::read_values(TableScanner& records, std::size_t column, std::size_t count) {
  const std::size_t done = is_bytes_ ? read_bytes(records, column, count) : 0;
  if (done < count) read_floats(records, column + done, count - done);
}

// Whole numbers from 0 to 255, of which one after another is taken without a look at the rest of
// the grammar; stops behind the first field that is none, which has become a float, as have all
// before it. Returns how many fields were read.
std::size_t TableValues::read_bytes(TableScanner& records, std::size_t column, std::size_t count) {
  const char separator = records.layout().separator;
  const char point = records.layout().point();
  const bool has_blanks = separator == ' ';
  const char* const safe_end =
      records.end() -
      std::min<std::ptrdiff_t>(records.end() - records.position(), kLongestPlainNumber);
  std::uint8_t* const out = bytes_.data() + filled_;
  std::size_t i = 0;
  while (i < count) {
    const char* at = records.position();
    bool is_over = records.is_record_over();
    while (i < count && !is_over && at < safe_end) {
      unsigned value = 0;
      const char* behind = scan_small_whole(at, value);
      if (*behind == point) {
        double decimals = 0;
        behind = scan_decimals(at, point, decimals);
        if (!(decimals >= 0 && decimals <= 255) || decimals != std::floor(decimals)) break;
        value = static_cast<unsigned>(decimals);
      }
      if (behind == at || value > 255) break;
      const char next = *behind;
      if (next == '\n' || next == '\r') {
        is_over = true;
      } else if (next != separator || (has_blanks && digit_of(behind[1]) > 9)) {
        break;
      }
      at = behind + 1;
      out[i++] = static_cast<std::uint8_t>(value);
    }
    records.move_to(at, is_over);
    if (i == count) break;
    if (is_over) throw_bad_length(records, column + i);
    const double value = number_of(records, records.next_field(), column + i, filled_ + i);
    if (value >= 0 && value <= 255 && value == std::floor(value)) {
      out[i++] = static_cast<std::uint8_t>(value);
      continue;
    }
    filled_ += i;
    make_floats();
    store(value);
    return i + 1;
  }
  filled_ += count;
  return count;
}

void TableValues::read_floats(TableScanner& records, std::size_t column, std::size_t count) {
  const char separator = records.layout().separator;
  const char point = records.layout().point();
  const bool has_blanks = separator == ' ';
  const char* const safe_end =
      records.end() -
      std::min<std::ptrdiff_t>(records.end() - records.position(), kLongestPlainNumber);
  float* const out = floats_.data() + filled_;
  std::size_t i = 0;
  while (i < count) {
    const char* at = records.position();
    bool is_over = records.is_record_over();
    while (i < count && !is_over && at < safe_end) {
      double value = 0;
      const char* behind = scan_decimals(at, point, value);
      if (behind == at) break;
      // A blank at the line's end divides nothing, and is left to the scanner as several are.
      if (*behind == '\n' || *behind == '\r') {
        is_over = true;
      } else if (*behind != separator ||
                 (has_blanks && behind[1] != '-' && digit_of(behind[1]) > 9)) {
        break;
      }
      at = behind + 1;
      out[i++] = static_cast<float>(value);
    }
    records.move_to(at, is_over);
    if (i == count) break;
    if (is_over) throw_bad_length(records, column + i);
    const double value = number_of(records, records.next_field(), column + i, filled_ + i);
    out[i++] = static_cast<float>(value);
  }
  filled_ += count;
}

// What the field is; NaN where it is missing, which is counted. `place` is among all numbers.
double TableValues::number_of(TableScanner& records, std::string_view field, std::size_t column,
                              std::size_t place) {
  double value = 0;
  if (parse_table_number(field, records.layout(), value)) return value;
  if (!is_missing_value(field)) {
    throw Error("In " + records.place() + ", " + plan_.titles[column] + " holds '" +
                std::string(field.substr(0, 40)) +
                "'; a number such as 0.5 is needed (data.leave_out=" + plan_.keys[column] +
                " trains without that column).");
  }
  const std::size_t feature = place - rows_ * features_;
  if (missing_[feature]++ == 0) first_missing_[feature] = records.place();
  row_has_missing_ = true;
  return static_cast<double>(kNotThere);
}

void TableValues::store(double value) {
  if (is_bytes_) {
    if (value >= 0 && value <= 255 && value == std::floor(value)) {
      bytes_[filled_++] = static_cast<std::uint8_t>(value);
      return;
    }
    make_floats();
  }
  floats_[filled_++] = static_cast<float>(value);
}

void TableValues::read_pixels(TableScanner& records, std::size_t column) {
  const std::string_view field = records.next_field();
  std::size_t count = 0, at = 0;
  while (true) {
    at = std::min(field.find_first_not_of(" \t\r\n", at), field.size());
    if (at == field.size()) break;
    const std::size_t end = std::min(field.find_first_of(" \t\r\n", at), field.size());
    if (++count <= plan_.pixels) {
      unsigned small = 0;
      const std::string_view number = field.substr(at, end - at);
      const bool is_small = number.size() <= 3 && end < field.size() &&
                            scan_small_whole(number.data(), small) == number.data() + number.size();
      store(is_small ? small : number_of(records, number, column, filled_));
    }
    at = end;
  }
  if (count == plan_.pixels) return;
  throw Error("In " + records.place() + ", " + plan_.titles[column] + " holds " +
              std::to_string(count) + " numbers, and the first line of data " +
              std::to_string(plan_.pixels) + ".");
}

void TableValues::throw_bad_length(const TableScanner& records, std::size_t fields) const {
  throw Error("In " + records.place() + ", there " +
              (fields == 1 ? "is 1 field" : "are " + std::to_string(fields) + " fields") +
              ", and there are " + std::to_string(plan_.columns.size()) + " in the " +
              plan_.pattern + " (divided by " + records.layout().separator_name() + ").");
}

void TableValues::keep_rows(const std::vector<bool>& kept) {
  assert(kept.size() == rows_);
  keep_some_rows(bytes_, features_, kept);
  keep_some_rows(floats_, features_, kept);
  for (TextColumn& column : texts_) column.keep_rows(kept);
  for (std::vector<float>& column : numbers_) keep_some_rows(column, 1, kept);
  rows_ = static_cast<std::size_t>(std::ranges::count(kept, true));
}

void TableValues::keep_features(const std::vector<bool>& kept) {
  assert(kept.size() == features_);
  keep_some_features(bytes_, kept);
  keep_some_features(floats_, kept);
  features_ = static_cast<std::size_t>(std::ranges::count(kept, true));
}

void TableValues::reorder_features(const std::vector<std::size_t>& order) {
  assert(order.size() == features_);
  const auto reorder = [&]<typename Number>(std::vector<Number>& numbers) {
    std::vector<Number> row(features_);
    for (auto at = numbers.begin(); at != numbers.end();
         at += static_cast<std::ptrdiff_t>(features_)) {
      for (std::size_t i = 0; i < features_; ++i) {
        row[i] = at[static_cast<std::ptrdiff_t>(order[i])];
      }
      std::ranges::copy(row, at);
    }
  };
  reorder(bytes_);
  reorder(floats_);
}

void TableValues::fill(const std::vector<float>& fill) {
  for (std::size_t i = 0; i < floats_.size(); ++i) {
    if (std::isnan(floats_[i])) floats_[i] = fill[i % features_];
  }
}

bool TableValues::make_bytes() {
  if (is_bytes_) return true;
  for (const float value : floats_) {
    if (!(value >= 0 && value <= 255) || value != std::floor(value)) return false;
  }
  bytes_.assign(floats_.begin(), floats_.end());
  std::vector<float>().swap(floats_);
  is_bytes_ = true;
  return true;
}

void TableValues::make_floats() {
  if (!is_bytes_) return;
  floats_.reserve(bytes_.capacity());
  expect_to_fill(floats_.data(), floats_.capacity() * sizeof(float));
  floats_.assign(bytes_.begin(), bytes_.end());
  std::vector<std::uint8_t>().swap(bytes_);
  is_bytes_ = false;
}

}  // namespace hourglass
