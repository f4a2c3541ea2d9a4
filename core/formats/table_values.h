// The values of a table in memory: numbers row by row, as bytes for as long as they are that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/formats/table_text.h"
#include "core/formats/text_column.h"

namespace hourglass {

enum class ColumnUse : std::uint8_t {
  kValue,   // a number of each row's features
  kPixels,  // a field with all of them, blanks between
  kText,    // kept as text: labels, words
  kNumber,  // a number that is none of the features
  kSkip,
};

struct TablePlan {
  std::vector<ColumnUse> columns;
  std::vector<std::string> titles;  // what messages call each column: "column 'age'", "column 3"
  std::vector<std::string> keys;    // what data.leave_out and data.label call it
  std::size_t pixels = 0;           // numbers in each field of a column kPixels
  const char* pattern = "first line of data";  // what has as many fields as every row must have
};

// The values of one file's records, or of several files' with the same columns, one after another.
// A missing number is NaN, and nothing else is: "inf" and what no float can hold are refused.
class TableValues {
 public:
  // Rows that can be read, and bytes that the numbers may take.
  static constexpr std::size_t kMaxRows = 10'000'000;

  explicit TableValues(TablePlan plan);

  // Reads all records that are left. `first_of_file`: their `pattern`. Memory is taken as the
  // records come, at most four bytes for each number, of which the text has at least two for each.
  // Throws Error naming the line if one has more or fewer fields than the plan, a field is no
  // number where one is needed, or there is more than can be held.
  void add(TableScanner& records);

  const TablePlan& plan() const { return plan_; }
  std::size_t features() const { return features_; }
  std::size_t rows() const { return rows_; }
  // rows() x features(): one of them is empty. Bytes are what all numbers are until one is not.
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }
  const std::vector<float>& floats() const { return floats_; }
  bool is_bytes() const { return is_bytes_; }
  // Moved out, with nothing left.
  std::vector<std::uint8_t> take_bytes() { return std::move(bytes_); }
  std::vector<float> take_floats() { return std::move(floats_); }
  double value(std::size_t row, std::size_t feature) const {
    const std::size_t at = row * features_ + feature;
    return is_bytes_ ? static_cast<double>(bytes_[at]) : static_cast<double>(floats_[at]);
  }

  // In the order of their columns in the plan.
  std::vector<TextColumn>& texts() { return texts_; }
  std::vector<std::vector<float>>& numbers() { return numbers_; }
  // Where the first empty field of a column of texts is, as first_missing(); "" without.
  const std::string& first_gap(std::size_t text) const { return first_gaps_[text]; }

  // Rows without a value for each feature, and where the first of them is: "'NAME', line 3".
  const std::vector<std::size_t>& missing() const { return missing_; }
  const std::string& first_missing(std::size_t feature) const { return first_missing_[feature]; }
  std::size_t rows_with_missing() const { return rows_with_missing_; }

  // Leaves out the others. missing() stays what it was.
  void keep_rows(const std::vector<bool>& kept);
  void keep_features(const std::vector<bool>& kept);
  // Feature i becomes what feature order[i] was; `order` has each once.
  void reorder_features(const std::vector<std::size_t>& order);
  // Replaces missing numbers of feature i by fill[i].
  void fill(const std::vector<float>& fill);
  // All whole numbers from 0 to 255 in floats become bytes.
  bool make_bytes();
  // Bytes become floats.
  void make_floats();

 private:
  void read_record(TableScanner& records);
  void read_values(TableScanner& records, std::size_t column, std::size_t count);
  std::size_t read_bytes(TableScanner& records, std::size_t column, std::size_t count);
  void read_floats(TableScanner& records, std::size_t column, std::size_t count);
  void read_pixels(TableScanner& records, std::size_t column);
  double number_of(TableScanner& records, std::string_view field, std::size_t column,
                   std::size_t feature);
  void store(double value);
  void reserve_for(const TableScanner& records, std::size_t first_row, std::size_t bytes_before);
  void finish_record(TableScanner& records);
  [[noreturn]] void throw_bad_length(const TableScanner& records, std::size_t fields) const;

  TablePlan plan_;
  struct Run {
    ColumnUse use;
    std::size_t first, count;
  };
  std::vector<Run> runs_;  // of columns with the same use
  std::size_t features_ = 0, rows_ = 0;
  std::size_t filled_ = 0;  // numbers that are written, those of the present row among them
  bool is_bytes_ = true, row_has_missing_ = false;
  std::vector<std::uint8_t> bytes_;
  std::vector<float> floats_;
  std::vector<TextColumn> texts_;
  std::vector<std::string> first_gaps_;  // one for each of texts_
  std::vector<std::vector<float>> numbers_;
  std::vector<std::size_t> missing_;
  std::vector<std::string> first_missing_;
  std::size_t rows_with_missing_ = 0;
};

}  // namespace hourglass
