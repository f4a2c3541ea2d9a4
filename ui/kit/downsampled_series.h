// A series of any length in a bounded number of items.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace hourglass::ui {

// Takes items one by one. When there would be more than kMost, neighbours are merged two by two,
// and from then on as many of what comes go into one: the whole series stays equally fine.
// Merge::merge(into, count, later, later_count) adds the `later_count` items that are in `later` to
// the `count` before them that are in `into`.
template <typename Item, typename Merge, std::size_t kMost>
class DownsampledSeries {
  static_assert(kMost >= 2 && kMost % 2 == 0);

 public:
  void add(const Item& item) {
    newest_ = item;
    if (!items_.empty() && in_last_ < per_item_) {
      Merge::merge(items_.back(), in_last_++, item, 1);
      return;
    }
    if (items_.size() == kMost) {
      for (std::size_t i = 0; i < kMost / 2; ++i) {
        Item merged = items_[2 * i];
        Merge::merge(merged, per_item_, items_[2 * i + 1], per_item_);
        items_[i] = merged;
      }
      items_.resize(kMost / 2);
      per_item_ *= 2;
    }
    items_.push_back(item);
    in_last_ = 1;
  }

  bool empty() const { return items_.empty(); }
  std::span<const Item> items() const { return items_; }
  // How many went into each item but the last, which may have fewer.
  std::size_t per_item() const { return per_item_; }
  // As it came. The series is not empty.
  const Item& newest() const { return newest_; }

  static constexpr std::size_t kMaxItems = kMost;

 private:
  std::vector<Item> items_;
  Item newest_ = {};
  std::size_t per_item_ = 1, in_last_ = 0;
};

}  // namespace hourglass::ui
