#include "core/data/import/emnist.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/base/parse_number.h"

namespace hourglass {
namespace {

constexpr Index kSide = 28;
constexpr std::int64_t kLetters = 26;
constexpr std::string_view kAllCharacters =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
// Small letters that look like the capital one are in its class.
constexpr std::string_view kBalancedCharacters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt";

std::pair<float, float> bounds_of(const NumericArray& labels) {
  if (labels.is_bytes) {
    const auto [low, high] = std::ranges::minmax(labels.bytes);
    return {low, high};
  }
  const auto [low, high] = std::ranges::minmax(labels.values);
  return {low, high};
}

// Whether what is drawn is higher than wide, on average over at most 2,000 images.
bool are_upright(const NumericArray& images) {
  constexpr std::size_t kMostImages = 2000, kPixels = kSide * kSide;
  constexpr std::uint8_t kInk = 64;
  const auto count = static_cast<std::size_t>(images.shape[0]);
  const std::size_t step = std::max<std::size_t>(1, count / kMostImages);
  std::size_t heights = 0, widths = 0;
  for (std::size_t i = 0; i < count; i += step) {
    std::size_t top = kSide, bottom = 0, left = kSide, right = 0;
    for (std::size_t pixel = 0; pixel < kPixels; ++pixel) {
      if (images.bytes[i * kPixels + pixel] < kInk) continue;
      const std::size_t row = pixel / kSide, column = pixel % kSide;
      top = std::min(top, row);
      bottom = std::max(bottom, row + 1);
      left = std::min(left, column);
      right = std::max(right, column + 1);
    }
    if (bottom == 0) continue;
    heights += bottom - top;
    widths += right - left;
  }
  return 100 * heights > 105 * widths;
}

ClassNames characters(std::string_view all, std::int64_t first) {
  ClassNames names;
  for (const char c : all) names.emplace(first++, std::string(1, c));
  return names;
}

}  // namespace

bool looks_like_emnist(const NumericArray& images, const NumericArray& labels) {
  const std::vector<Index> shape(images.shape.begin() + 1, images.shape.end());
  if (!images.is_bytes || labels.shape.size() != 1 ||
      (shape != std::vector<Index>{kSide, kSide} && shape != std::vector<Index>{1, kSide, kSide} &&
       shape != std::vector<Index>{kSide * kSide})) {
    return false;
  }
  const auto [low, high] = bounds_of(labels);
  const bool by_labels =
      low == 1 ? high <= kLetters
               : low == 0 && (high == static_cast<float>(kBalancedCharacters.size() - 1) ||
                              high == static_cast<float>(kAllCharacters.size() - 1));
  return by_labels && !are_upright(images);
}

ClassNames emnist_class_names(const std::vector<std::string>& words, const NumericArray& labels) {
  const auto has = [&](const char* word) { return std::ranges::find(words, word) != words.end(); };
  const auto [low, high] = bounds_of(labels);
  if (low >= 1 && high <= kLetters) return characters(kAllCharacters.substr(10, kLetters), 1);
  const bool is_class = high >= 0 && high < static_cast<float>(kAllCharacters.size());
  if (!is_class) return {};
  const auto classes = static_cast<std::size_t>(high) + 1;
  if (classes <= kBalancedCharacters.size() && (has("balanced") || has("bymerge"))) {
    return characters(kBalancedCharacters, 0);
  }
  if (classes <= kAllCharacters.size() && has("byclass")) return characters(kAllCharacters, 0);
  if (classes == kBalancedCharacters.size()) return characters(kBalancedCharacters, 0);
  if (classes == kAllCharacters.size()) return characters(kAllCharacters, 0);
  return {};
}

ClassNames class_names_of_mapping(std::span<const std::uint8_t> text) {
  ClassNames names;
  std::string_view rest(reinterpret_cast<const char*>(text.data()), text.size());
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::vector<std::int64_t> numbers;
    while (true) {
      const std::size_t begin = line.find_first_not_of(" \t\r");
      if (begin == std::string_view::npos) break;
      line.remove_prefix(begin);
      const std::size_t length = std::min(line.find_first_of(" \t\r"), line.size());
      std::int64_t number = 0;
      if (!parse_number(line.substr(0, length), number)) break;
      numbers.push_back(number);
      line.remove_prefix(length);
    }
    constexpr std::int64_t kMostClasses = 1000;
    const bool good = numbers.size() >= 2 && numbers[0] >= 0 && numbers[0] < kMostClasses &&
                      numbers[1] > ' ' && numbers[1] < 127;
    if (good) names.emplace(numbers[0], std::string(1, static_cast<char>(numbers[1])));
  }
  return names;
}

}  // namespace hourglass
