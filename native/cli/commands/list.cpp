// `hourglass presets` and `hourglass settings`.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"

namespace hourglass {
namespace {

using Json = OrderedJson;
using session::Effect;
using session::Preset;
using session::Scale;
using session::Setting;
using session::SettingType;
using session::value_text;

Json json_value(const session::Value& value) {
  return std::visit([](const auto& held) { return Json(held); }, value);
}

// A number of the table without a needless ".0".
Json json_number(const Setting& setting, double number) {
  if (setting.type == SettingType::kInteger) return static_cast<std::int64_t>(number);
  return number;
}

Json preset_json(const Preset& preset) {
  Json published = Json::array();
  for (const session::Published& figure : preset.published) {
    published.push_back(
        {{"metric", figure.metric}, {"value", figure.value}, {"epoch", figure.epoch}});
  }
  return {{"name", preset.name},
          {"source", preset.source},
          {"teaches", {{"en", preset.teaches_en}, {"zh", preset.teaches_zh}}},
          {"published", published},
          {"linear_probe", std::isfinite(preset.linear_probe) ? Json(preset.linear_probe) : Json()},
          {"settings", Json::parse(preset.settings)}};
}

int list_presets(bool as_json) {
  Json all = Json::array();
  for (const Preset& preset : session::presets()) {
    if (as_json) {
      all.push_back(preset_json(preset));
      continue;
    }
    session::Settings settings;
    session::apply_preset(preset, settings);
    print_text(preset.name + "\n");
    print_text(wrapped(preset.source, kTextWidth, "    "));
    print_text(wrapped(preset.teaches_en, kTextWidth, "    "));
    std::string facts = "On " + settings.text("data.set") + ": " +
                        settings.text("train.optimizer") + ", learning rate " +
                        value_text(settings.get("train.learning_rate")) + ", batch " +
                        value_text(settings.get("train.batch_size")) + ", " +
                        value_text(settings.get("train.epochs")) + " epochs.";
    for (const session::Published& figure : preset.published) {
      facts += " Published: " + figure.metric + " " + value_text(figure.value) + " after epoch " +
               std::to_string(figure.epoch) + ".";
    }
    if (std::isfinite(preset.linear_probe)) {
      facts += " Linear probe of the code: " + fixed(100 * preset.linear_probe, 1) + " %.";
    }
    print_text(wrapped(facts, kTextWidth, "    ") + "\n");
  }
  if (as_json) {
    print_text(json_text(all, 2) + "\n");
    return kDone;
  }
  print_text("hourglass train --preset NAME trains one of them.\n\nFor documents:\n\n");
  for (const Preset& preset : session::document_presets()) {
    print_text(preset.name + "\n");
    print_text(wrapped(preset.source, kTextWidth, "    "));
    print_text(wrapped(preset.teaches_en, kTextWidth, "    ") + "\n");
  }
  print_text(
      "hourglass text eval --preset NAME --data FILE trains one of these and measures what it "
      "finds, hourglass train --preset NAME one like the others.\n");
  return kDone;
}

const char* type_name(SettingType type) {
  switch (type) {
    case SettingType::kBool:
      return "bool";
    case SettingType::kInteger:
      return "integer";
    case SettingType::kReal:
      return "real";
    case SettingType::kChoice:
      return "choice";
    case SettingType::kText:
      return "text";
  }
  return "";
}

Json setting_json(const Setting& setting) {
  const std::string key(setting.key);
  Json json{{"key", key},
            {"type", type_name(setting.type)},
            {"default", json_value(setting.initial())},
            {"unit", setting.unit},
            {"live", setting.effect == Effect::kAtOnce},
            {"label", "setting." + key + ".label"},
            {"help", "setting." + key + ".help"}};
  if (setting.type == SettingType::kInteger || setting.type == SettingType::kReal) {
    json["low"] = json_number(setting, setting.low);
    json["high"] = json_number(setting, setting.high);
    json["scale"] = setting.scale == Scale::kLogarithmic ? "logarithmic" : "linear";
  }
  if (setting.type == SettingType::kChoice) {
    const auto choices = setting.choices();
    json["choices"] = std::vector<std::string_view>(choices.begin(), choices.end());
  }
  return json;
}

// What may be written where a setting takes words.
std::string text_range(const Setting& setting) {
  struct Words {
    std::string_view key, text;
  };
  static constexpr Words kWords[] = {
      {"data.label", "auto, none, first, last, or a column's or array's name or number"},
      {"data.shape", "auto, table, documents, or sides as 28x28 and 3x32x32"},
      {"data.range", "auto, own, or black and white as 0..255 and -1..1"},
      {"data.array", "auto, or the name of an array or a set of IDX files"},
      {"data.leave_out", "titles or numbers of columns, commas between; none keeps row numbers"},
      {"data.tiles", "nothing, or rows and columns of a tile as 28x28"},
  };
  for (const Words& words : kWords) {
    if (words.key == setting.key) return std::string(words.text);
  }
  return std::get<std::string>(setting.initial()).starts_with('[') ? "JSON" : "text";
}

std::string range_text(const Setting& setting) {
  switch (setting.type) {
    case SettingType::kBool:
      return "true or false";
    case SettingType::kInteger:
    case SettingType::kReal:
      return json_text(json_number(setting, setting.low)) + " to " +
             json_text(json_number(setting, setting.high)) +
             (setting.unit.empty() ? "" : " " + std::string(setting.unit));
    case SettingType::kChoice: {
      std::string all;
      for (const std::string_view choice : setting.choices()) {
        all += (all.empty() ? "" : ", ") + std::string(choice);
      }
      return all;
    }
    case SettingType::kText:
      return text_range(setting);
  }
  return "";
}

int list_settings(bool as_json) {
  std::vector<const Setting*> offered;
  for (const Setting& setting : session::settings_table()) {
    if (setting.on_command_line) offered.push_back(&setting);
  }
  if (as_json) {
    Json all = Json::array();
    for (const Setting* setting : offered) all.push_back(setting_json(*setting));
    print_text(json_text(all, 2) + "\n");
    return kDone;
  }
  std::size_t widest = 0;
  for (const Setting* setting : offered) widest = std::max(widest, setting->key.size());
  for (const Setting* setting : offered) {
    std::string key(setting->key);
    key.resize(widest + 2, ' ');
    print_text(key + value_text(setting->initial()) + "   (" + range_text(*setting) + ")\n");
  }
  print_text("\nKey, value without a preset, and what it may be. Set one with --set key=value.\n");
  return kDone;
}

}  // namespace

void add_list_commands(CommandLine& line) {
  const auto as_json = std::make_shared<bool>(false);
  Command& presets = line.add("presets", "List the models that come with Hourglass");
  presets.flag("--json", *as_json, "As JSON, with the settings and both languages");
  presets.runs([as_json] { return list_presets(*as_json); });
  Command& settings = line.add("settings", "List all settings, for --set key=value");
  settings.flag("--json", *as_json, "As JSON, with ranges and scales");
  settings.runs([as_json] { return list_settings(*as_json); });
}

}  // namespace hourglass
