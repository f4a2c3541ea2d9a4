#include "core/data/split.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <map>
#include <numeric>

#include "core/base/error.h"
#include "core/base/page_advice.h"
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
  expect_to_fill(out.data(), out.capacity() * sizeof(Value));
  for (const std::uint32_t index : order) {
    const auto start = values.begin() + static_cast<std::ptrdiff_t>(index * features);
    out.insert(out.end(), start, start + static_cast<std::ptrdiff_t>(features));
  }
  return out;
}

std::vector<std::uint32_t> random_order(Index count, std::uint32_t which, std::int64_t seed = 0) {
  std::vector<std::uint32_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0u);
  shuffle_indices(kSplitSeed + static_cast<std::uint64_t>(seed), RandomStream::kSplit, which,
                  order);
  return order;
}

// Whether the i-th of a row is held out, so that of the first n always `share` * n are, cut to a
// whole number: every sixth of one in six.
bool is_held_out(std::size_t i, double share) {
  if (share <= 0) return (i + 1) % std::size_t{kHoldOutOneIn} == 0;
  const auto before = [&](std::size_t n) {
    return std::floor(share * static_cast<double>(n) + 1e-9);
  };
  return before(i + 1) > before(i);
}

std::string share_text(double share) {
  if (share <= 0) return "one in six";
  char text[40];
  std::snprintf(text, sizeof text, "%.3g%%", 100 * share);
  return text;
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

Samples joined(const Samples& a, const Samples& b) {
  const auto both = []<typename Value>(std::span<const Value> x, std::span<const Value> y) {
    std::vector<Value> all;
    all.reserve(x.size() + y.size());
    all.insert(all.end(), x.begin(), x.end());
    all.insert(all.end(), y.begin(), y.end());
    return all;
  };
  assert(a.features() == b.features());
  Samples all;
  if (a.values().empty() && b.values().empty()) {
    all = Samples(a.features(), both(a.bytes(), b.bytes()));
  } else {
    // Bytes stand for [0, 1]; of two kinds of values floats have room for both.
    std::vector<float> values;
    for (const Samples* samples : {&a, &b}) {
      for (const std::uint8_t byte : samples->bytes()) {
        values.push_back(static_cast<float>(byte) / 255);
      }
      values.insert(values.end(), samples->values().begin(), samples->values().end());
    }
    all = Samples(a.features(), std::move(values));
  }
  if (a.labels.empty() == b.labels.empty()) {
    all.labels = both(std::span(a.labels), std::span(b.labels));
  }
  for (std::size_t f = 0; f < std::min(a.factors.size(), b.factors.size()); ++f) {
    all.factors.push_back(both(std::span(a.factors[f]), std::span(b.factors[f])));
  }
  if (!a.rows.empty() && !b.rows.empty()) all.rows = both(std::span(a.rows), std::span(b.rows));
  return all;
}

void split_samples(const Samples& all, const std::string& name, Dataset& data,
                   const SplitWish& wish) {
  const Index count = all.count();
  if (count < 2) {
    throw Error("'" + name + "' holds " + (count == 0 ? "no samples" : "one sample") +
                "; at least two are needed, one to train on and one to hold out.");
  }
  // Class after class, each in random order: every sixth of that is its share of each class.
  std::vector<std::uint32_t> order = random_order(count, 0, wish.seed);
  if (!all.labels.empty()) {
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return all.labels[a] < all.labels[b];
    });
  }
  std::vector<bool> held_out(order.size());
  Index held_out_count = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!is_held_out(i, wish.share)) continue;
    held_out[order[i]] = true;
    ++held_out_count;
  }
  if (held_out_count == 0) held_out[order.back()] = true;
  std::vector<std::uint32_t> train, test;
  for (const std::uint32_t index : random_order(count, 1, wish.seed)) {
    (held_out[index] ? test : train).push_back(index);
  }
  const std::string share = share_text(wish.share);
  data.split_by = (held_out_count == 0  ? "one"
                   : all.labels.empty() ? share
                                        : share + " of each class") +
                  ", chosen at random";
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

}  // namespace hourglass
