#include "core/data/split.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

// The same for everybody, whatever the run's seed: results on the held-out samples are comparable.
constexpr std::uint64_t kSplitSeed = 1;

template <typename Value>
std::vector<Value> picked(std::span<const Value> values, std::size_t features,
                          const std::vector<std::uint32_t>& order) {
  std::vector<Value> out;
  out.reserve(order.size() * features);
  for (const std::uint32_t index : order) {
    const auto start = values.begin() + static_cast<std::ptrdiff_t>(index * features);
    out.insert(out.end(), start, start + static_cast<std::ptrdiff_t>(features));
  }
  return out;
}

std::vector<std::uint32_t> random_order(Index count, std::uint32_t which) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0u);
  shuffle_indices(kSplitSeed, RandomStream::kSplit, which, order);
  return order;
}

bool is_whole(const std::string& text) {
  std::int64_t number = 0;
  return parse_number(text, number);
}

}  // namespace

Samples permuted(const Samples& samples, const std::vector<std::uint32_t>& order) {
  const auto features = static_cast<std::size_t>(samples.features());
  Samples out = samples.values().empty()
                    ? Samples(samples.features(), picked(samples.bytes(), features, order))
                    : Samples(samples.features(), picked(samples.values(), features, order));
  const auto [black, white] = samples.byte_bounds();
  if (samples.values().empty()) out.scale({{white - black}, {black}});
  if (!samples.labels.empty()) {
    for (const std::uint32_t index : order) out.labels.push_back(samples.labels[index]);
  }
  for (const std::vector<float>& factor : samples.factors) {
    std::vector<float>& to = out.factors.emplace_back();
    for (const std::uint32_t index : order) to.push_back(factor[index]);
  }
  out.rows.reserve(order.size());
  for (const std::uint32_t index : order) {
    out.rows.push_back(samples.rows.empty() ? index : samples.rows[index]);
  }
  return out;
}

Samples without_class(const Samples& samples, std::int32_t label) {
  std::vector<std::uint32_t> order;
  for (std::size_t i = 0; i < samples.labels.size(); ++i) {
    if (samples.labels[i] != label) order.push_back(static_cast<std::uint32_t>(i));
  }
  return permuted(samples, order);
}

Samples mixed(const Samples& samples) {
  return permuted(samples, random_order(samples.count(), 1));
}

void split_samples(const Samples& all, const std::string& name, Dataset& data) {
  const Index count = all.count();
  if (count < 2) {
    throw Error("'" + name + "' holds " + (count == 0 ? "no samples" : "one sample") +
                "; at least two are needed, one to train on and one to hold out.");
  }
  // Class after class, each in random order: every sixth of that is its share of each class.
  std::vector<std::uint32_t> order = random_order(count, 0);
  if (!all.labels.empty()) {
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return all.labels[a] < all.labels[b];
    });
  }
  std::vector<bool> held_out(order.size());
  for (std::size_t i = kHoldOutOneIn - 1; i < order.size(); i += kHoldOutOneIn) {
    held_out[order[i]] = true;
  }
  if (count < kHoldOutOneIn) held_out[order.back()] = true;
  std::vector<std::uint32_t> train, test;
  for (const std::uint32_t index : random_order(count, 1)) {
    (held_out[index] ? test : train).push_back(index);
  }
  data.split_by = count < kHoldOutOneIn ? "one, chosen at random"
                  : all.labels.empty()  ? "one in six, chosen at random"
                                        : "one in six of each class, chosen at random";
  data.train = permuted(all, train);
  data.test = permuted(all, test);
}

std::vector<std::int32_t> labels_from_texts(const std::vector<std::string>& texts,
                                            const std::string& what,
                                            std::vector<std::string>& class_names) {
  std::map<std::string, std::int32_t> classes;
  for (const std::string& text : texts) {
    classes.try_emplace(text, 0);
    if (classes.size() > kMaxClasses) {
      throw Error(what + ": more than " + std::to_string(kMaxClasses) +
                  " different ones are too many to be classes.");
    }
  }
  class_names.clear();
  for (const auto& [text, label] : classes) class_names.push_back(text);
  if (std::all_of(class_names.begin(), class_names.end(), is_whole)) {
    std::stable_sort(class_names.begin(), class_names.end(),
                     [](const std::string& a, const std::string& b) {
                       std::int64_t x = 0, y = 0;
                       parse_number(a, x);
                       parse_number(b, y);
                       return x < y;
                     });
  }
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    classes[class_names[i]] = static_cast<std::int32_t>(i);
  }
  // Names go into JSON, to the screen and into pictures.
  for (std::string& name : class_names) name = to_utf8(name);
  std::vector<std::int32_t> labels;
  labels.reserve(texts.size());
  for (const std::string& text : texts) labels.push_back(classes.at(text));
  return labels;
}

void LabelTexts::push_back(std::string_view text) {
  const auto found = known_.find(text);
  if (found != known_.end()) {
    places_.push_back(found->second);
    return;
  }
  // One too many is enough to know that these are no classes.
  const auto place = static_cast<std::uint32_t>(texts_.size());
  if (texts_.size() <= kMaxClasses) {
    known_.emplace(text, place);
    texts_.emplace_back(text);
  }
  places_.push_back(place);
}

std::vector<std::int32_t> labels_from_texts(const LabelTexts& texts, const std::string& what,
                                            std::vector<std::string>& class_names) {
  const std::vector<std::int32_t> of_texts = labels_from_texts(texts.texts_, what, class_names);
  std::vector<std::int32_t> labels;
  labels.reserve(texts.places_.size());
  for (const std::uint32_t place : texts.places_) labels.push_back(of_texts[place]);
  return labels;
}

}  // namespace hourglass
