#include "core/data/import/table_match.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "core/base/error.h"
#include "core/data/import/table_columns.h"
#include "core/data/import/table_header.h"

namespace hourglass {

std::string quoted_some(const std::vector<std::string>& names) {
  constexpr std::size_t kNamed = 5;
  const std::size_t named = std::min(names.size(), kNamed);
  std::string text;
  for (std::size_t i = 0; i < named; ++i) {
    const bool is_last = i + 1 == names.size();
    text += (i == 0 ? "'" : is_last ? " and '" : ", '") + names[i].substr(0, 60) + "'";
  }
  return names.size() > named ? text + " and " + std::to_string(names.size() - named) + " more"
                              : text;
}

std::vector<std::size_t> columns_of_model(const std::vector<std::string>& titles,
                                          const std::vector<std::string>& wanted,
                                          const std::string& name) {
  std::map<std::string_view, std::vector<std::size_t>> places;  // the last is taken first
  for (std::size_t i = titles.size(); i-- > 0;) places[titles[i]].push_back(i);
  std::vector<std::size_t> found;
  std::vector<std::string> missing;
  for (const std::string& title : wanted) {
    auto at = places.find(title);
    if (at == places.end() || at->second.empty()) {
      at = std::ranges::find_if(places, [&](const auto& place) {
        return !place.second.empty() && is_same_word(place.first, title);
      });
    }
    if (at == places.end()) {
      missing.push_back(title);
      continue;
    }
    found.push_back(at->second.back());
    at->second.pop_back();
  }
  if (found.empty() || missing.empty()) return found;
  throw Error("'" + name + "' has no column " + quoted_some(missing) +
              ", which the model was trained on; there " + (titles.size() == 1 ? "is " : "are ") +
              quoted_some(titles) + ".");
}

// A table that is read as the one before needs nothing. Labels that stand beside pixels are found
// later.
void TableColumns::take_columns_of_model(const TrainedOn& trained, const std::string& name) {
  const std::vector<std::string> own = feature_titles();
  if (trained.columns.empty() || own.empty() || own == trained.columns) return;
  const bool may_have_labels = !trained.shape.is_vector();
  if (may_have_labels && !std::ranges::search(own, trained.columns).empty()) return;
  const std::vector<std::size_t> found = columns_of_model(titles_, trained.columns, name);
  if (found.empty()) {
    notes_.push_back("'" + name + "' has none of the titles of the columns that the model was " +
                     "trained on, so its columns are taken in their order.");
    return;
  }
  std::vector<std::string> left_out;
  for (std::size_t i = 0; i < count(); ++i) {
    if (plan_.columns[i] != ColumnUse::kValue || std::ranges::count(found, i) > 0) continue;
    plan_.columns[i] = ColumnUse::kSkip;
    left_out.push_back(plan_.keys[i]);
  }
  for (const std::size_t column : found) {
    plan_.columns[column] = ColumnUse::kValue;
    if (label_ == column) label_.reset();
    if (counting_ == column) counting_.reset();
    order_for_model_.push_back(static_cast<std::size_t>(
        std::ranges::count_if(found, [&](std::size_t other) { return other < column; })));
  }
  all_data_ = true;
  if (left_out.empty()) return;
  notes_.push_back("'" + name + "' has columns that the model was not trained on, which are left " +
                   "out: " + quoted_some(left_out) + ".");
}

}  // namespace hourglass
