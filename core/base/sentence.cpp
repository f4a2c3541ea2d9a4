#include "core/base/sentence.h"

#include <algorithm>
#include <cassert>

#include "core/base/json.h"
#include "core/base/text.h"

namespace hourglass {
namespace {

Json json_of(const Sentence& sentence) {
  Json values = Json::array();
  for (const Sentence& value : sentence.values) values.push_back(json_of(value));
  return {{"key", sentence.key}, {"text", to_utf8(sentence.text)}, {"values", std::move(values)}};
}

// What stands for "0" or "0:one|several" between braces.
std::string_view filled(std::string_view hole, const std::vector<Sentence>& values) {
  const auto at = static_cast<std::size_t>(hole[0] - '0');
  if (at >= values.size()) return "";
  const std::string_view value = values[at].text;
  if (hole.size() == 1) return value;
  const std::size_t bar = hole.find('|');
  assert(hole[1] == ':' && bar != hole.npos);
  return value == "1" ? hole.substr(2, bar - 2) : hole.substr(bar + 1);
}

}  // namespace

std::string fill_pattern(std::string_view pattern, const std::vector<Sentence>& values) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size();) {
    const std::size_t open = std::min(pattern.find('{', i), pattern.size());
    text += pattern.substr(i, open - i);
    if (open == pattern.size()) break;
    const std::size_t close = pattern.find('}', open);
    assert(close != pattern.npos);
    text += filled(pattern.substr(open + 1, close - open - 1), values);
    i = close + 1;
  }
  return text;
}

Sentence sentence_of(const Error& error) {
  try {
    throw;  // the page is compiled without type information, but for what is thrown
  } catch (const Refusal& refusal) {
    return refusal.sentence();
  } catch (const Error&) {
    return Sentence(error.what());
  }
}

std::string sentence_json(const Sentence& sentence) { return json_text(json_of(sentence)); }

}  // namespace hourglass
