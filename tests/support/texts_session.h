// A session on the texts that come with Hourglass.
#pragma once

#include <string>

#include "core/text/corpus.h"
#include "tests/support/session_driver.h"

namespace hourglass::tests {

inline ProvideData built_in_texts() {
  const std::string_view text = built_in_documents();
  ProvideData data;
  data.name = "texts";
  data.documents.assign(text.begin(), text.end());
  return data;
}

// Answers what the session asks for, and waits until it has taken it in.
inline void provide_texts(Driver& driver) {
  REQUIRE(!driver.wanted.empty());
  REQUIRE(driver.wanted.back() == "texts");
  driver.send(built_in_texts());
  driver.settle();
}

// The preset text-quick, untrained, with `words` words.
inline void use_texts(Driver& driver, std::int64_t words = 300) {
  driver.send(LoadPreset{"text-quick"});
  driver.set("data.vocabulary", words);
  driver.advance_until([&] { return !driver.wanted.empty(); });
  provide_texts(driver);
}

}  // namespace hourglass::tests
