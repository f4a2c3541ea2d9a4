#include "core/data/labels.h"

#include <algorithm>
#include <cassert>
#include <string>

#include "core/base/error.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

bool any_labelled(const Samples& samples) {
  return std::any_of(samples.labels.begin(), samples.labels.end(),
                     [](std::int32_t label) { return label >= 0; });
}

// Of each class, in the order of the samples.
std::vector<std::vector<std::uint32_t>> by_class(const Samples& samples, std::size_t classes) {
  std::vector<std::vector<std::uint32_t>> found(classes);
  for (std::size_t i = 0; i < samples.labels.size(); ++i) {
    const std::int32_t label = samples.labels[i];
    if (label >= 0)
      found.at(static_cast<std::size_t>(label)).push_back(static_cast<std::uint32_t>(i));
  }
  return found;
}

std::vector<std::uint32_t> shuffled(const std::vector<std::uint32_t>& values, std::uint64_t seed,
                                    std::uint32_t step) {
  std::vector<std::uint32_t> order(values.size());
  shuffle_indices(seed, RandomStream::kLabels, step, order);
  for (std::uint32_t& place : order) place = values[place];
  return order;
}

}  // namespace

void check_labels(const Dataset& data) {
  const std::string name = "'" + data.name + "'";
  if (!any_labelled(data.train) || !any_labelled(data.test)) {
    throw Error(name + " has no labels " +
                (any_labelled(data.train) ? "for its held-out samples" : "to learn from") +
                ": a classifier needs a data set with classes, such as images in a folder for each "
                "class or a table with a column of labels (data.label).");
  }
  if (data.class_names.size() < 2) {
    throw Error(name + " has one class only; a classifier needs at least two to tell apart.");
  }
  const auto samples = by_class(data.train, data.class_names.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!samples[i].empty()) continue;
    throw Error("No training sample of " + name + " has the label '" + data.class_names[i] +
                "', so nothing can be learned of that class: leave it out, or add samples of it.");
  }
}

std::vector<std::uint32_t> labelled(const Samples& samples) {
  std::vector<std::uint32_t> indices;
  for (std::size_t i = 0; i < samples.labels.size(); ++i) {
    if (samples.labels[i] >= 0) indices.push_back(static_cast<std::uint32_t>(i));
  }
  return indices;
}

std::vector<std::uint32_t> choose_labelled(const Dataset& data, std::int64_t count,
                                           std::uint64_t seed) {
  check_labels(data);
  std::vector<std::uint32_t> all = labelled(data.train);
  if (count == 0) return all;
  const auto classes = std::ssize(data.class_names);
  if (count < classes) {
    throw Error(std::to_string(classes) + " classes need at least " + std::to_string(classes) +
                " labels, one for each, and not " + std::to_string(count) + ".");
  }
  if (count > std::ssize(all)) {
    throw Error("'" + data.name + "' has " + std::to_string(all.size()) +
                " training samples with a label, and not " + std::to_string(count) + ".");
  }
  auto samples = by_class(data.train, data.class_names.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i] = shuffled(samples[i], seed, static_cast<std::uint32_t>(i));
  }
  // Round after round one of each class that has some left. Which classes get the last ones is
  // drawn, too, or the first classes would always have one more.
  std::vector<std::uint32_t> order(samples.size());
  const auto step = static_cast<std::uint32_t>(samples.size());
  shuffle_indices(seed, RandomStream::kLabels, step, order);
  std::vector<std::uint32_t> chosen;
  for (std::size_t round = 0; std::ssize(chosen) < count; ++round) {
    for (const std::uint32_t each : order) {
      if (round < samples[each].size() && std::ssize(chosen) < count) {
        chosen.push_back(samples[each][round]);
      }
    }
  }
  return shuffled(chosen, seed, step + 1);
}

std::vector<std::int32_t> labels_of(const Samples& samples,
                                    std::span<const std::uint32_t> indices) {
  std::vector<std::int32_t> labels;
  labels.reserve(indices.size());
  for (const std::uint32_t index : indices) labels.push_back(samples.labels[index]);
  return labels;
}

Samples one_hot(std::span<const std::int32_t> labels, Index classes) {
  std::vector<std::uint8_t> bytes(labels.size() * static_cast<std::size_t>(classes));
  for (std::size_t i = 0; i < labels.size(); ++i) {
    assert(labels[i] >= 0 && labels[i] < classes);
    bytes[i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(labels[i])] = 255;
  }
  return {classes, std::move(bytes)};
}

}  // namespace hourglass
