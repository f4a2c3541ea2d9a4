#include "core/data/import/table_missing.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/data/import/sentences.h"

namespace hourglass {
namespace {

constexpr std::size_t kMostNamed = 4;

// The titles of the features, which are columns or, of a field of pixels, that one column.
std::size_t column_of_feature(const TableColumns& columns, std::size_t feature) {
  const auto pixels = columns.with_use(ColumnUse::kPixels);
  return pixels.empty() ? columns.with_use(ColumnUse::kValue)[feature] : pixels[0];
}

Sentence listed_some(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNamed); ++i) {
    text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  }
  const std::size_t more = names.size() - std::min(names.size(), kMostNamed);
  if (more == 0) return text;
  return sentence("list.more", {text, more});
}

[[noreturn]] void throw_missing(const TableValues& values, const TableColumns& columns,
                                const std::vector<bool>& kept, const std::string& name) {
  std::string places;
  std::size_t named = 0, with_gaps = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (!kept[i] || values.missing()[i] == 0) continue;
    ++with_gaps;
    if (named == kMostNamed) continue;
    ++named;
    const std::size_t count = values.missing()[i];
    const std::string& first = values.first_missing(i);
    places += (places.empty() ? "" : "; ") + first.substr(first.rfind("line ")) + ", " +
              columns.title(column_of_feature(columns, i)).text +
              (count == 1 ? "" : " (the first of " + std::to_string(count) + ")");
  }
  if (with_gaps > named) {
    places += "; and " + std::to_string(with_gaps - named) + " more columns";
  }
  const std::size_t rows = values.rows_with_missing();
  throw Refusal(sentence("table.missing", {name, rows, values.rows(), places}));
}

}  // namespace

std::vector<bool> features_to_keep(const TableValues& values, const TableColumns& columns,
                                   const ImportOptions& options, const std::string& name,
                                   std::vector<Sentence>& notes) {
  std::vector<bool> kept(values.features(), true);
  std::vector<std::string> empty, with_gaps;
  bool has_missing = false;
  for (std::size_t i = 0; i < values.features(); ++i) {
    const std::size_t missing = values.missing()[i];
    if (missing == 0) continue;
    if (missing == values.rows()) {
      kept[i] = false;
      empty.push_back(columns.title(column_of_feature(columns, i)));
    } else if (options.missing == Missing::kLeaveColumns) {
      kept[i] = false;
      with_gaps.push_back(
          sentence("table.with_count", {columns.title(column_of_feature(columns, i)), missing}));
    } else {
      has_missing = true;
    }
  }
  if (has_missing && options.missing == Missing::kRefuse) {
    throw_missing(values, columns, kept, name);
  }
  if (std::ranges::count(kept, true) == 0) {
    throw Refusal(sentence("table.no_value_column", {name}));
  }
  if (!empty.empty()) {
    notes.push_back(sentence("table.empty_columns", {listed_some(empty)}));
  }
  if (!with_gaps.empty()) {
    notes.push_back(sentence("table.columns_with_gaps", {listed_some(with_gaps)}));
  }
  return kept;
}

std::vector<bool> complete_rows(const TableValues& values, const std::vector<bool>& kept_features) {
  std::vector<bool> complete(values.rows(), true);
  if (values.is_bytes()) return complete;
  const std::size_t features = values.features();
  for (std::size_t row = 0; row < values.rows(); ++row) {
    for (std::size_t i = 0; i < features && complete[row]; ++i) {
      complete[row] = !kept_features[i] || !std::isnan(values.floats()[row * features + i]);
    }
  }
  return complete;
}

std::vector<float> medians_of(const TableValues& values, const std::vector<std::uint32_t>& rows) {
  std::vector<float> medians(values.features()), present;
  if (values.is_bytes()) return medians;
  for (std::size_t i = 0; i < medians.size(); ++i) {
    present.clear();
    for (const std::uint32_t row : rows) {
      const float value = values.floats()[row * values.features() + i];
      if (!std::isnan(value)) present.push_back(value);
    }
    if (present.empty()) continue;
    const auto middle = present.begin() + static_cast<std::ptrdiff_t>(present.size() / 2);
    std::nth_element(present.begin(), middle, present.end());
    medians[i] = *middle;
    // The mean of the two in the middle, as everywhere.
    if (present.size() % 2 == 0) {
      medians[i] = (medians[i] + *std::max_element(present.begin(), middle)) / 2;
    }
  }
  return medians;
}

}  // namespace hourglass
