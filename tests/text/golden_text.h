// Texts and what scikit-learn makes of them: tests/golden/make_text.py.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/text/bag_of_words.h"
#include "core/text/vocabulary.h"
#include "tests/support/source_path.h"

namespace hourglass::tests {

struct GoldenText {
  nlohmann::json json;
  std::vector<std::string> texts;
  std::vector<std::string_view> all, searched, asking;  // every third text asks
  std::vector<std::int32_t> searched_labels, asking_labels;

  Vocabulary vocabulary() const {
    return Vocabulary(all, static_cast<Index>(json["vocabulary"].size()), {.stop_words = false});
  }
};

// One for all, since views go with the texts that they see.
inline const GoldenText& golden_text() {
  static GoldenText golden;
  if (!golden.texts.empty()) return golden;
  std::ifstream file(source_path("/tests/golden/text.json"));
  golden.json = nlohmann::json::parse(file);
  golden.texts = golden.json["texts"].get<std::vector<std::string>>();
  for (std::size_t i = 0; i < golden.texts.size(); ++i) {
    const bool asks = i % 3 == 0;
    golden.all.push_back(golden.texts[i]);
    (asks ? golden.asking : golden.searched).push_back(golden.texts[i]);
    (asks ? golden.asking_labels : golden.searched_labels).push_back(golden.json["labels"][i]);
  }
  return golden;
}

}  // namespace hourglass::tests
