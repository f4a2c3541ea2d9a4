// A column of words in a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

// A column of texts of which many are the same: each different one once.
class TextColumn {
 public:
  // Further different ones are not told apart.
  static constexpr std::size_t kMaxTexts = 1001;

  void push_back(std::string_view text);
  const std::vector<std::string>& texts() const { return texts_; }
  // Of each row, in texts().
  const std::vector<std::uint32_t>& rows() const { return rows_; }
  // Whether there is a row with an empty text.
  bool has_gaps() const { return known_.contains(std::string_view()); }
  std::string_view text(std::size_t row) const { return texts_[rows_[row]]; }
  void keep_rows(const std::vector<bool>& kept);

 private:
  std::map<std::string, std::uint32_t, std::less<>> known_;
  std::vector<std::string> texts_;
  std::vector<std::uint32_t> rows_;
};

}  // namespace hourglass
