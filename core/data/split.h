// What readers of a person's own files share: bounds, and the division into training and held-out
// samples.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/dataset.h"

namespace hourglass {

// Images may have this many pixels a side, and plain vectors as many features as the largest image
// in colour has values.
inline constexpr Index kMaxPixelsASide = 64;
inline constexpr Index kMaxFeatures = 3 * kMaxPixelsASide * kMaxPixelsASide;
// Different labels of one data set.
inline constexpr std::size_t kMaxClasses = 1000;
// One sample in so many is held out.
inline constexpr Index kHoldOutOneIn = 6;

// Samples in the order of `order`, scaled as they are, with their labels and factors. Every index
// must be below samples.count().
Samples permuted(const Samples& samples, const std::vector<std::uint32_t>& order);

// Those whose label is another one, in their order; none of samples without labels.
Samples without_class(const Samples& samples, std::int32_t label);

// `samples` in a random order that is always the same.
Samples mixed(const Samples& samples);

// Puts one sample in six of `all` into data.test and the others into data.train, both in random
// order. The choice is always the same for the same number of samples and the same labels, and each
// class has its share of both, give or take one sample. `name` is what messages call the file.
// Throws Error if there are fewer than two samples.
void split_samples(const Samples& all, const std::string& name, Dataset& data);

// Labels out of texts: the different ones become class names, sorted as numbers if all are whole
// numbers, else as text, and as UTF-8 (see to_utf8()). Throws Error if there are more than
// kMaxClasses; `what` names the column or file in it.
std::vector<std::int32_t> labels_from_texts(const std::vector<std::string>& texts,
                                            const std::string& what,
                                            std::vector<std::string>& class_names);

// A column of texts in which the same ones come again and again: holds each once, of kMaxClasses
// and one more, and four bytes a sample.
class LabelTexts {
 public:
  bool empty() const { return places_.empty(); }
  void push_back(std::string_view text);

 private:
  friend std::vector<std::int32_t> labels_from_texts(const LabelTexts& texts,
                                                     const std::string& what,
                                                     std::vector<std::string>& class_names);
  std::map<std::string, std::uint32_t, std::less<>> known_;
  std::vector<std::string> texts_;
  std::vector<std::uint32_t> places_;  // in texts_, one a sample
};
std::vector<std::int32_t> labels_from_texts(const LabelTexts& texts, const std::string& what,
                                            std::vector<std::string>& class_names);

}  // namespace hourglass
