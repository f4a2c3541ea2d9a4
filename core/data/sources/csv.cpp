#include "core/data/sources/csv.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <string_view>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/data/sources/mnist.h"
#include "core/data/split.h"
#include "core/formats/byte_reader.h"
#include "core/formats/csv_lines.h"
#include "core/formats/gzip.h"

namespace hourglass {
namespace {

using Fields = std::vector<std::string_view>;

// All features, a label and a column of row numbers.
constexpr std::size_t kMaxColumns = static_cast<std::size_t>(kMaxFeatures) + 2;

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

bool parse_value(std::string_view field, float& value) {
  if (field.starts_with('+')) field.remove_prefix(1);
  double number = 0;
  if (!parse_number(field, number)) return false;
  if (!(std::abs(number) <= static_cast<double>(std::numeric_limits<float>::max()))) return false;
  value = static_cast<float>(number);
  return true;
}

bool is_number(std::string_view field) {
  float value = 0;
  return parse_value(field, value);
}

// How many numbers a field is that is nothing but numbers with blanks between them; else 0.
std::size_t numbers_between_blanks(std::string_view field) {
  std::size_t count = 0;
  while (!field.empty()) {
    const std::size_t end = std::min(field.find(' '), field.size());
    if (end > 0) {
      if (!is_number(field.substr(0, end))) return 0;
      ++count;
    }
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return count;
}

bool is_header(const Fields& fields) {
  bool counts = fields.size() > 1;
  for (std::size_t i = 0; i < fields.size(); ++i) counts = counts && fields[i] == std::to_string(i);
  if (counts) return true;
  return std::none_of(fields.begin(), fields.end(), is_number) ||
         std::any_of(fields.begin(), fields.end(), [](std::string_view field) {
           return same_word(field, "label") || same_word(field, "class");
         });
}

// The line `place` has another number of fields than the one before it.
[[noreturn]] void throw_bad_length(const CsvLines& lines, std::size_t fields, std::size_t expected,
                                   const char* where) {
  throw Error("In " + lines.place() + ", there " +
              (fields == 1 ? "is 1 field" : "are " + std::to_string(fields) + " fields") +
              ", and there are " + std::to_string(expected) + " in the " + where + " (divided by " +
              lines.separator_name() + ").");
}

// What each column of the file is for.
class Columns {
 public:
  Columns(const Fields& header, const Fields& first_row, bool has_header, const std::string& name,
          const std::string& label)
      : count_(first_row.size()), used_(first_row.size(), true) {
    if (has_header) {
      for (const std::string_view field : header) names_.push_back(to_utf8(field));
    }
    for (std::size_t i = 0; i < names_.size(); ++i) used_[i] = !names_[i].empty();
    if (label == "auto") {
      label_ = likely_label(first_row, name);
    } else if (label != "none") {
      label_ = named_label(name, label);
    }
    if (features() == 0) throw_no_numbers(first_row, name, label);
  }

  std::size_t count() const { return count_; }
  std::optional<std::size_t> label() const { return label_; }
  bool is_feature(std::size_t column) const { return used_[column] && column != label_; }
  std::size_t features() const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < count_; ++i) sum += is_feature(i) ? 1 : 0;
    return sum;
  }
  // Empty if the table has no header.
  std::vector<std::string> feature_names() const {
    std::vector<std::string> titles;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (is_feature(i)) titles.push_back(names_[i]);
    }
    return titles;
  }
  // "column 'age'", or "column 3" where there are no names.
  std::string title(std::size_t column) const {
    return names_.empty() ? "column " + std::to_string(column + 1)
                          : "column '" + names_[column].substr(0, 60) + "'";
  }

 private:
  // Why there is nothing to train on, as the person has it in front of them.
  [[noreturn]] void throw_no_numbers(const Fields& row, const std::string& name,
                                     const std::string& label) const {
    if (const std::size_t numbers = count_ == 1 ? numbers_between_blanks(row[0]) : 0; numbers > 1) {
      throw Error("'" + name + "' has blanks between its " + std::to_string(numbers) +
                  " columns, which makes one field of each line; commas, semicolons or tabs are "
                  "needed between them.");
    }
    if (label_) {
      const bool asked = label != "auto";
      throw Error("'" + name + "' has no column of numbers besides " + title(*label_) + ", which " +
                  (asked ? "data.label makes the labels."
                         : "holds '" + std::string(row[*label_].substr(0, 40)) +
                               "' and is taken for the labels."));
    }
    throw Error("'" + name +
                "' has no column with a name in its header; those without one are "
                "taken for row numbers.");
  }

  std::optional<std::size_t> likely_label(const Fields& row, const std::string& name) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (same_word(names_[i], "label") || same_word(names_[i], "class")) return i;
    }
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < count_; ++i) {
      if (!used_[i] || row[i].empty() || is_number(row[i])) continue;
      if (found) {
        throw Error("'" + name + "' has no numbers in " + title(*found) + " ('" +
                    std::string(row[*found].substr(0, 40)) + "') and in " + title(i) + " ('" +
                    std::string(row[i].substr(0, 40)) + "'), in its first line of data; only one " +
                    "column, that of the labels, need not hold numbers.");
      }
      found = i;
    }
    return found;
  }

  std::size_t named_label(const std::string& name, const std::string& label) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == label) return i;
    }
    const auto used = std::find(used_.begin(), used_.end(), true);
    if (label == "first" && used != used_.end()) {
      return static_cast<std::size_t>(used - used_.begin());
    }
    if (label == "last") {
      for (std::size_t i = count_; i-- > 0;) {
        if (used_[i]) return i;
      }
    }
    if (names_.empty()) {
      throw Error("'" + name + "' has no header line with names, so data.label cannot be '" +
                  label + "'; it can be first, last, none or auto.");
    }
    std::string known;
    for (std::size_t i = 0; i < names_.size() && known.size() < 200; ++i) {
      if (used_[i]) known += (known.empty() ? "" : ", ") + names_[i].substr(0, 60);
    }
    throw Error("'" + name + "' has no column '" + label + "' for data.label; there are " + known +
                ".");
  }

  std::size_t count_;
  std::vector<bool> used_;
  std::vector<std::string> names_;
  std::optional<std::size_t> label_;
};

struct Rows {
  std::size_t features = 0;
  std::vector<float> values;
  LabelTexts labels;

  std::size_t count() const { return values.size() / features; }
};

void add_row(const Fields& row, const Columns& columns, const CsvLines& lines, Rows& rows) {
  if (row.size() != columns.count()) {
    throw_bad_length(lines, row.size(), columns.count(), "first line of data");
  }
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i == columns.label()) {
      if (row[i].empty()) {
        throw Error("In " + lines.place() + ", the label in " + columns.title(i) + " is missing.");
      }
      rows.labels.push_back(row[i]);
    } else if (columns.is_feature(i)) {
      float value = 0;
      if (!parse_value(row[i], value)) {
        throw Error(
            "In " + lines.place() + ", " + columns.title(i) +
            (row[i].empty() ? " is empty" : " holds '" + std::string(row[i].substr(0, 40)) + "'") +
            "; a number such as 0.5 is needed.");
      }
      rows.values.push_back(value);
    }
  }
}

// The square's side, or 0.
std::size_t square_side(std::size_t features) {
  for (std::size_t side = 4; side <= static_cast<std::size_t>(kMaxPixelsASide); ++side) {
    if (side * side == features) return side;
  }
  return 0;
}

// Whether the values of `columns` columns from `first` on are whole numbers from 0 to 255; the
// largest.
bool are_bytes(const Rows& rows, std::size_t first, std::size_t columns, float& most) {
  most = 0;
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    const std::size_t column = i % rows.features;
    if (column < first || column >= first + columns) continue;
    const float value = rows.values[i];
    if (!(value >= 0 && value <= 255) || value != std::floor(value)) return false;
    most = std::max(most, value);
  }
  return true;
}

// Whether a column could be labels that somebody put beside pixels: a few different whole numbers.
bool looks_like_labels(const Rows& rows, std::size_t column) {
  constexpr std::size_t kMaxKinds = 100;
  std::set<float> kinds;
  for (std::size_t i = column; i < rows.values.size(); i += rows.features) {
    const float value = rows.values[i];
    if (value < 0 || value >= kMaxKinds || value != std::floor(value)) return false;
    kinds.insert(value);
  }
  return kinds.size() > 1;
}

// Without header and words: 785 columns are the pixels of 28 x 28 and a label at one of the ends.
// Returns which end that is; "" if there is no label.
std::string find_label_beside_pixels(Rows& rows) {
  constexpr std::size_t kMinSide = 8;
  if (rows.features < 2 || square_side(rows.features - 1) < kMinSide) return "";
  for (const bool at_start : {true, false}) {
    float most = 0;
    const std::size_t column = at_start ? 0 : rows.features - 1;
    if (!looks_like_labels(rows, column) ||
        !are_bytes(rows, at_start ? 1 : 0, rows.features - 1, most)) {
      continue;
    }
    std::vector<float> values;
    values.reserve(rows.values.size());
    for (std::size_t i = 0; i < rows.values.size(); ++i) {
      if (i % rows.features == column) {
        rows.labels.push_back(std::to_string(static_cast<int>(rows.values[i])));
      } else {
        values.push_back(rows.values[i]);
      }
    }
    rows.values = std::move(values);
    --rows.features;
    return at_start ? "the first column" : "the last column";
  }
  return "";
}

// The samples, as bytes of a square image where they are that.
void make_samples(Rows& rows, CsvTable& table) {
  constexpr float kHalf = 127;
  const auto features = static_cast<Index>(rows.features);
  const auto side = static_cast<Index>(square_side(rows.features));
  float most = 0;
  const bool is_image = side > 0 && are_bytes(rows, 0, rows.features, most) && most > 1 &&
                        (side >= 8 || most > kHalf);
  if (!is_image) {
    table.shape = {1, 1, features};
    table.samples = Samples(features, std::move(rows.values));
    return;
  }
  const float white = most > kHalf ? 255 : most;
  std::vector<std::uint8_t> bytes(rows.values.size());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(std::lround(rows.values[i] * 255 / white));
  }
  table.shape = {1, side, side};
  table.samples = Samples(features, std::move(bytes));
}

}  // namespace

CsvTable read_csv(std::span<const std::uint8_t> file, const std::string& name,
                  const std::string& label) {
  if (is_gzip(file)) {
    const std::vector<std::uint8_t> content = gunzip(file, name, kMaxArrayBytes);
    if (is_gzip(content)) throw Error("'" + name + "' is compressed with gzip twice.");
    return read_csv(content, name, label);
  }
  CsvLines lines({reinterpret_cast<const char*>(file.data()), file.size()}, name);
  Fields row;
  std::vector<std::string> kept;  // the header, whose fields the next record replaces
  if (!lines.next(row, kMaxColumns)) throw Error("'" + name + "' is empty.");
  const bool has_header =
      is_header(row) || (label != "first" && label != "last" &&
                         std::any_of(row.begin(), row.end(), [&](std::string_view field) {
                           return to_utf8(field) == label;
                         }));
  if (has_header) {
    kept.assign(row.begin(), row.end());
    if (!lines.next(row, kMaxColumns)) {
      throw Error("'" + name + "' has a header and no lines of data below it.");
    }
    if (row.size() != kept.size()) {
      throw_bad_length(lines, row.size(), kept.size(), "header");
    }
  }
  const Columns columns(Fields(kept.begin(), kept.end()), row, has_header, name, label);
  if (columns.features() > static_cast<std::size_t>(kMaxFeatures)) {
    throw Error("'" + name + "' has " + std::to_string(columns.features()) +
                " columns of numbers; at most " + std::to_string(kMaxFeatures) + " can be used.");
  }
  Rows rows;
  rows.features = columns.features();
  std::size_t count = 0;
  do {
    if (++count > static_cast<std::size_t>(kMaxSamples) ||
        rows.values.size() + rows.features > kMaxArrayBytes / sizeof(float)) {
      throw Error("'" + name +
                  "' has more rows than can be used: 10,000,000, or 4 GiB as numbers.");
    }
    add_row(row, columns, lines, rows);
  } while (lines.next(row, kMaxColumns));

  CsvTable table;
  if (columns.label()) {
    table.labels_from = columns.title(*columns.label());
  } else if (label == "auto") {
    table.labels_from = find_label_beside_pixels(rows);
  }
  std::vector<std::int32_t> labels;
  if (!rows.labels.empty()) {
    const std::string what =
        columns.label() ? "The labels of '" + name + "' in " + columns.title(*columns.label())
                        : "The labels of '" + name + "'";
    labels = labels_from_texts(rows.labels, what, table.class_names);
  }
  table.feature_names = columns.feature_names();
  make_samples(rows, table);
  table.samples.labels = std::move(labels);
  return table;
}

Dataset dataset_from_csv(std::span<const std::uint8_t> file, const std::string& name,
                         const std::string& set, const std::string& label) {
  CsvTable table = read_csv(file, name, label);
  Dataset data;
  data.name = set;
  data.shape = table.shape;
  data.class_names = std::move(table.class_names);
  data.labels_from = std::move(table.labels_from);
  data.feature_names = std::move(table.feature_names);
  split_samples(table.samples, name, data);
  return data;
}

}  // namespace hourglass
