#include "ui/state/texts.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "ui/kit/assets.h"

namespace hourglass::ui {
namespace {

// Of the texts that a page gets after the others (cmake/first_texts.py).
constexpr std::string_view kLaterText = "lesson.step";

}  // namespace

std::string_view language_code(Language language) {
  return language == Language::kChinese ? "zh" : "en";
}

Language language_of(std::string_view code) {
  return code.substr(0, 2) == "zh" ? Language::kChinese : Language::kEnglish;
}

Texts Texts::embedded() {
  Texts texts;
  texts.load(Language::kEnglish, asset("texts/en.json"));
  const auto chinese = asset("texts/zh.json");
  if (!chinese.empty()) texts.load(Language::kChinese, chinese);
  return texts;
}

void Texts::load(Language language, std::span<const std::uint8_t> json) {
  const Json parsed = parse_json({reinterpret_cast<const char*>(json.data()), json.size()});
  if (!parsed.is_object()) {
    throw Error("The texts in '" + std::string(language_code(language)) +
                "' are not a JSON object of key and text.");
  }
  auto& table = tables_[static_cast<int>(language)];
  for (const auto& [key, text] : parsed.items()) {
    if (!text.is_string()) throw Error("The text of '" + key + "' is not a string.");
    table[key] = text.get<std::string>();
  }
}

bool Texts::try_load(Language language, std::span<const std::uint8_t> json) {
  try {
    load(language, json);
  } catch (const Error&) {
    return false;
  }
  return true;
}

bool Texts::has(Language language, std::string_view key) const {
  return all(language).contains(key);
}

const std::string& Texts::get(std::string_view key) const {
  for (const Language language : {language_, Language::kEnglish}) {
    const auto& table = all(language);
    if (const auto found = table.find(key); found != table.end()) return found->second;
  }
  // While some are still to come, nothing stands in the place of one: it may be among them.
  const bool is_whole = all(Language::kEnglish).contains(kLaterText);
  return missing_.try_emplace(std::string(key), is_whole ? key : std::string_view()).first->second;
}

std::string Texts::format(std::string_view key,
                          std::initializer_list<std::string_view> arguments) const {
  const std::string& pattern = get(key);
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}') {
      const std::size_t index = static_cast<std::size_t>(pattern[i + 1] - '0');
      if (index < arguments.size()) {
        out += arguments.begin()[index];
        i += 2;
        continue;
      }
    }
    out += pattern[i];
  }
  return out;
}

const std::string& Texts::composed(std::string_view before, std::string_view key,
                                   std::string_view after) const {
  std::string full;
  full.reserve(before.size() + key.size() + after.size());
  full.append(before).append(key).append(after);
  return get(full);
}

const std::string& Texts::setting_label(std::string_view key) const {
  return composed("setting.", key, ".label");
}

const std::string& Texts::setting_help(std::string_view key) const {
  return composed("setting.", key, ".help");
}

const std::string& Texts::choice(std::string_view value) const {
  return composed("choice.", value, "");
}

const std::string& Texts::activation(std::string_view name) const {
  const std::string key = "activation." + std::string(name);
  if (has(Language::kEnglish, key)) return get(key);
  return missing_.try_emplace(std::string(name), name).first->second;
}

std::string Texts::layer_name(std::string_view name) const {
  const std::size_t dot = name.find('.');
  const std::string key = "layer.name." + std::string(name.substr(0, dot));
  if (dot == std::string_view::npos || !has(Language::kEnglish, key)) return std::string(name);
  return format(key, {name.substr(dot + 1)});
}

const std::string& Texts::class_name(std::string_view data, const std::string& name) const {
  const std::string key = "class." + std::string(data) + "." + name;
  if (has(Language::kEnglish, key)) return get(key);
  const std::string of_any = "class." + name;  // data set
  return has(Language::kEnglish, of_any) ? get(of_any) : name;
}

}  // namespace hourglass::ui
