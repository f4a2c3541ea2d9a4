#include "core/formats/text_column.h"

namespace hourglass {

void TextColumn::push_back(std::string_view text) {
  const auto found = known_.find(text);
  if (found != known_.end()) {
    rows_.push_back(found->second);
    return;
  }
  // One too many is enough to know that these are no classes.
  if (texts_.size() < kMaxTexts) {
    known_.emplace(text, static_cast<std::uint32_t>(texts_.size()));
    texts_.emplace_back(text);
  }
  rows_.push_back(static_cast<std::uint32_t>(texts_.size() - 1));
}

void TextColumn::keep_rows(const std::vector<bool>& kept) {
  std::size_t to = 0;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (kept[row]) rows_[to++] = rows_[row];
  }
  rows_.resize(to);
}

}  // namespace hourglass
