// Every word that is shown, by key, in each language.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hourglass::ui {

enum class Language { kEnglish, kChinese };

// "en" or "zh".
std::string_view language_code(Language language);
// The language of a code such as "zh", "zh-CN" or "en-GB"; English for any other.
Language language_of(std::string_view code);

class Texts {
 public:
  // The texts that are embedded in the program: English and, but for the web, Chinese.
  static Texts embedded();

  // Reads one language from JSON, an object of key -> text. Throws Error if it is anything else.
  void load(Language language, std::span<const std::uint8_t> json);
  // The same; returns false in place of the error.
  bool try_load(Language language, std::span<const std::uint8_t> json);

  void set_language(Language language) { language_ = language; }
  Language language() const { return language_; }

  // The text of `key` in the current language, else in English, else the key itself: a missing text
  // is seen on the screen, and by the tests, but stops nobody.
  const std::string& get(std::string_view key) const;
  bool has(Language language, std::string_view key) const;

  // get(key) with {0}, {1}, ... replaced by the arguments.
  std::string format(std::string_view key, std::initializer_list<std::string_view> arguments) const;

  // Texts of settings and of their choices.
  const std::string& setting_label(std::string_view key) const;
  const std::string& setting_help(std::string_view key) const;
  const std::string& choice(std::string_view value) const;
  // Of an activation ("relu") and of a layer ("encoder.0"); what has no text is its own name.
  const std::string& activation(std::string_view name) const;
  std::string layer_name(std::string_view name) const;
  // Of a class of a data set that comes with the program; `name` itself for others.
  const std::string& class_name(std::string_view data, const std::string& name) const;

  const std::map<std::string, std::string, std::less<>>& all(Language language) const {
    return tables_[static_cast<int>(language)];
  }

 private:
  const std::string& composed(std::string_view before, std::string_view key,
                              std::string_view after) const;

  Language language_ = Language::kEnglish;
  std::map<std::string, std::string, std::less<>> tables_[2];
  // Keys asked for without a text; get() returns a reference.
  mutable std::map<std::string, std::string, std::less<>> missing_;
};

}  // namespace hourglass::ui
