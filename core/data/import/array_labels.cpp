#include "core/data/import/array_labels.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/import/sentences.h"
#include "core/data/split.h"

namespace hourglass {
namespace {

constexpr Index kQmnistColumns = 8;

std::int64_t whole_number(float value, const std::string& name) {
  constexpr float kMaxLabel = 1'000'000;
  if (!(std::abs(value) <= kMaxLabel) || value != std::floor(value)) {
    throw Refusal(sentence("labels.not_whole", {name}));
  }
  return static_cast<std::int64_t>(value);
}

bool is_one_hot(const NumericArray& array) {
  const auto columns = static_cast<std::size_t>(array.shape[1]);
  for (std::size_t row = 0; row < static_cast<std::size_t>(array.shape[0]); ++row) {
    std::size_t ones = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      const float value = array.value(row * columns + c);
      if (value != 0 && value != 1) return false;
      ones += value == 1 ? 1 : 0;
    }
    if (ones != 1) return false;
  }
  return true;
}

}  // namespace

bool can_be_labels(const std::vector<Index>& shape, Index count) {
  if (shape.size() == 1) return shape[0] == count;
  if (shape.size() != 2) return false;
  return (shape[0] == count && shape[1] <= static_cast<Index>(kMaxClasses)) ||
         (shape[0] == 1 && shape[1] == count);
}

std::vector<std::int64_t> label_numbers(const NumericArray& array, const std::string& name,
                                        Index count, const std::string& samples,
                                        std::vector<Sentence>& notes) {
  const auto& shape = array.shape;
  const bool is_line =
      shape.size() == 1 || (shape.size() == 2 && (shape[1] == 1 || (shape[0] == 1 && count != 1)));
  if (shape.size() > 2) {
    throw Refusal(sentence("labels.shape", {name, tuple_text(shape)}));
  }
  const Index labels = is_line ? static_cast<Index>(array.elements()) : shape[0];
  if (labels != count) {
    throw Refusal(sentence("labels.count", {name, labels, samples, count}));
  }
  std::vector<std::int64_t> numbers;
  numbers.reserve(static_cast<std::size_t>(labels));
  if (is_line) {
    for (std::size_t i = 0; i < array.elements(); ++i) {
      numbers.push_back(whole_number(array.value(i), name));
    }
    return numbers;
  }
  const auto columns = static_cast<std::size_t>(shape[1]);
  const bool one_hot = is_one_hot(array);
  if (!one_hot && shape[1] != kQmnistColumns) {
    throw Refusal(sentence("labels.rows", {name, tuple_text(shape)}));
  }
  for (std::size_t row = 0; row < static_cast<std::size_t>(labels); ++row) {
    std::size_t at = row * columns;
    if (one_hot) {
      while (array.value(at) != 1) ++at;
      numbers.push_back(static_cast<std::int64_t>(at - row * columns));
    } else {
      numbers.push_back(whole_number(array.value(at), name));
    }
  }
  notes.push_back(sentence(one_hot ? "labels.one_hot" : "labels.qmnist", {name}));
  return numbers;
}

void set_labels(const std::vector<std::int64_t>& train, const std::vector<std::int64_t>& test,
                const ClassNames& names, const std::string& what, Dataset& data) {
  std::map<std::int64_t, std::int32_t> classes;
  for (const auto& [number, text] : names) classes.emplace(number, 0);
  for (const auto* labels : {&train, &test}) {
    for (const std::int64_t label : *labels) {
      if (label != kNoLabel) classes.emplace(label, 0);
      if (classes.size() > kMaxClasses) {
        throw Refusal(sentence("labels.too_many", {what, kMaxClasses}));
      }
    }
  }
  data.class_names.clear();
  for (auto& [number, place] : classes) {
    place = static_cast<std::int32_t>(data.class_names.size());
    const auto named = names.find(number);
    data.class_names.push_back(named == names.end() ? std::to_string(number)
                                                    : to_utf8(named->second));
  }
  const auto places = [&](const std::vector<std::int64_t>& labels) {
    std::vector<std::int32_t> found;
    found.reserve(labels.size());
    for (const std::int64_t label : labels) {
      found.push_back(label == kNoLabel ? -1 : classes.at(label));
    }
    return found;
  };
  data.train.labels = places(train);
  data.test.labels = places(test);
}

ClassNames class_names_of_lines(const std::vector<std::uint8_t>& text, std::int64_t first) {
  ClassNames names;
  std::string_view rest(reinterpret_cast<const char*>(text.data()), text.size());
  while (!rest.empty() && names.size() <= kMaxClasses) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) {
      line.remove_suffix(1);
    }
    if (!line.empty()) names.emplace(first + static_cast<std::int64_t>(names.size()), line);
  }
  return names;
}

}  // namespace hourglass
