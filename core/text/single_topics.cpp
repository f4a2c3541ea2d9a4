#include <algorithm>
#include <numeric>

#include "core/text/documents.h"

namespace hourglass {

SingleTopics single_topics(const Documents& documents, std::size_t most) {
  const std::size_t count = documents.label_names().size();
  std::vector<Index> sizes(count, 0);
  for (Index i = 0; i < documents.count(); ++i) {
    const auto labels = documents.labels(i);
    if (labels.size() == 1) ++sizes[labels.front()];
  }
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return sizes[a] > sizes[b]; });
  order.resize(std::min(count, most));
  std::sort(order.begin(), order.end());
  SingleTopics topics;
  std::vector<std::int32_t> places(count, -1);
  for (const std::uint32_t label : order) {
    if (sizes[label] == 0) continue;
    places[label] = static_cast<std::int32_t>(topics.names.size());
    topics.names.push_back(documents.label_names()[label]);
  }
  for (Index i = 0; i < documents.count(); ++i) {
    const auto labels = documents.labels(i);
    if (labels.size() != 1 || places[labels.front()] < 0) continue;
    topics.documents.push_back(i);
    topics.labels.push_back(places[labels.front()]);
  }
  return topics;
}

std::string lines_text(std::span<const std::size_t> lines, const std::string& unit) {
  constexpr std::size_t kNamed = 5;
  std::string text = unit + (lines.size() == 1 ? " " : "s ");
  const std::size_t named = std::min(lines.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i) {
    const bool is_last = i + 1 == lines.size();
    text += (i == 0 ? "" : is_last ? " and " : ", ") + std::to_string(lines[i]);
  }
  if (lines.size() > named) text += " and " + std::to_string(lines.size() - named) + " more";
  return text;
}

}  // namespace hourglass
