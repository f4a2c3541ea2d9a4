#include "ui/state/texts.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "core/analysis/diagnosis.h"
#include "core/base/error.h"
#include "core/data/import/sentences.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings.h"

namespace hourglass::ui {
namespace {

std::set<std::string> placeholders(const std::string& text) {
  std::set<std::string> found;
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] == '{' && text[i + 2] == '}') found.insert(text.substr(i, 3));
  }
  return found;
}

bool contains_all(const std::set<std::string>& all, const std::set<std::string>& some) {
  return std::ranges::includes(all, some);
}

TEST_CASE("texts: both languages have the same keys, none empty, with the same places to fill in") {
  const Texts texts = Texts::embedded();
  REQUIRE(texts.all(Language::kEnglish).size() > 100);
  for (const auto& [key, text] : texts.all(Language::kEnglish)) {
    CAPTURE(key);
    REQUIRE(texts.has(Language::kChinese, key));
    const std::string& chinese = texts.all(Language::kChinese).at(key);
    CHECK_FALSE(text.empty());
    CHECK_FALSE(chinese.empty());
    CHECK(placeholders(text) == placeholders(chinese));
  }
  for (const auto& [key, text] : texts.all(Language::kChinese)) {
    CAPTURE(key);
    CHECK((texts.has(Language::kEnglish, key) || key.starts_with("import.")));
  }
}

TEST_CASE("texts: every sentence of the import is said in Chinese, with all of its values") {
  const Texts texts = Texts::embedded();
  std::size_t rows = 0;
  for (const std::span<const SentenceRow> table : import_sentences()) {
    for (const SentenceRow& row : table) {
      const std::string key = "import." + std::string(row.key);
      CAPTURE(key);
      ++rows;
      REQUIRE(texts.has(Language::kChinese, key));
      const std::string english(row.english);
      const std::string& chinese = texts.all(Language::kChinese).at(key);
      CHECK(contains_all(placeholders(english), placeholders(chinese)));
      if (row.key != "chosen_at_random") {  // whose noun Chinese does without
        CHECK(placeholders(english) == placeholders(chinese));
      }
    }
  }
  const auto is_of_import = [](const auto& entry) { return entry.first.starts_with("import."); };
  CHECK(rows == static_cast<std::size_t>(
                    std::ranges::count_if(texts.all(Language::kChinese), is_of_import)));
}

TEST_CASE("texts: the status line says what the engine is and on how many threads it runs") {
  Texts texts = Texts::embedded();
  CHECK(texts.format("status.engine", {"simd+fma", "2"}) == "engine: simd+fma, 2 threads");
  CHECK(texts.format("status.engine.one_thread", {"simd", "1"}) == "engine: simd, 1 thread");
  texts.set_language(Language::kChinese);
  CHECK(texts.format("status.engine", {"simd+fma", "2"}) == "引擎：simd+fma，2 个线程");
  CHECK(texts.format("status.engine.one_thread", {"simd", "1"}) == "引擎：simd，1 个线程");
}

TEST_CASE("texts: every setting has a label and a help, every choice and preset a name") {
  const Texts texts = Texts::embedded();
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    for (const session::Setting& setting : session::settings_table()) {
      const std::string key = "setting." + std::string(setting.key);
      CAPTURE(key);
      CHECK(texts.has(language, key + ".label"));
      CHECK(texts.has(language, key + ".help"));
      for (const std::string_view choice : setting.choices()) {
        CAPTURE(choice);
        CHECK(texts.has(language, "choice." + std::string(choice)));
      }
    }
    for (const session::Preset& preset : session::presets()) {
      CAPTURE(preset.name);
      CHECK(texts.has(language, "preset." + preset.name + ".label"));
      CHECK(texts.has(language, "preset." + preset.name + ".help"));
    }
  }
}

TEST_CASE("texts: every diagnosis has a sentence that names all of its numbers") {
  const Texts texts = Texts::embedded();
  for (const DiagnosisRow& row : diagnosis_table()) {
    const std::string key = "diagnosis." + std::string(row.name);
    CAPTURE(key);
    for (const Language language : {Language::kEnglish, Language::kChinese}) {
      REQUIRE(texts.has(language, key));
      CHECK(placeholders(texts.all(language).at(key)).size() == row.evidence.size());
      CHECK(texts.has(language, key + ".title"));
    }
  }
}

TEST_CASE(
    "texts: classes, layers and activations have Chinese words, and anybody's own keep theirs") {
  Texts texts = Texts::embedded();
  const std::string fashion[] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                 "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
  for (const std::string& name : fashion) {
    CAPTURE(name);
    texts.set_language(Language::kEnglish);
    CHECK(texts.class_name("fashion-mnist", name) == name);
    texts.set_language(Language::kChinese);
    CHECK(texts.class_name("fashion-mnist", name) != name);
    CHECK(texts.class_name("my pictures", name) == name);
  }
  CHECK(texts.class_name("mnist", "7") == "7");
  for (const auto& [name, written] : {std::pair{"linear", "linear"},
                                      {"relu", "ReLU"},
                                      {"leaky-relu", "Leaky ReLU"},
                                      {"elu", "ELU"},
                                      {"tanh", "tanh"},
                                      {"sigmoid", "sigmoid"}}) {
    CAPTURE(std::string(name));
    CHECK(texts.has(Language::kChinese, "activation." + std::string(name)));
    texts.set_language(Language::kEnglish);
    CHECK(texts.activation(name) == written);
  }
  CHECK(texts.activation("swish") == "swish");
  CHECK(texts.layer_name("encoder.0") == "encoder.0");
  texts.set_language(Language::kChinese);
  CHECK(texts.activation("linear") == "线性");
  CHECK(texts.layer_name("encoder.0") == "编码器 0");
  CHECK(texts.layer_name("head.1") == "head.1");
}

TEST_CASE("texts: arguments are put in their places, and a missing key shows itself") {
  Texts texts = Texts::embedded();
  CHECK(texts.format("status.epoch", {"3.00"}) == "epoch 3.00");
  texts.set_language(Language::kChinese);
  CHECK(texts.format("status.epoch", {"3.00"}) == "第 3.00 轮");
  CHECK(texts.format("status.epoch", {}) == "第 {0} 轮");
  CHECK(texts.get("no.such.key") == "no.such.key");
}

TEST_CASE("texts: what is no object of texts is refused") {
  Texts texts;
  const auto load = [&](std::string_view json) {
    texts.load(Language::kEnglish,
               {reinterpret_cast<const std::uint8_t*>(json.data()), json.size()});
  };
  CHECK_NOTHROW(load(R"({"a": "b"})"));
  CHECK_THROWS_AS(load(""), Error);
  CHECK_THROWS_AS(load("[1]"), Error);
  CHECK_THROWS_AS(load(R"({"a": 1})"), Error);
}

TEST_CASE("texts: a language is known by its code") {
  CHECK(language_of("zh-CN") == Language::kChinese);
  CHECK(language_of("zh") == Language::kChinese);
  CHECK(language_of("en-GB") == Language::kEnglish);
  CHECK(language_of("fr") == Language::kEnglish);
  CHECK(language_of("") == Language::kEnglish);
}

}  // namespace
}  // namespace hourglass::ui
