// A control for each guess of the import.
#include <imgui.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/session/settings/settings.h"
#include "ui/kit/controls.h"
#include "ui/own_data/own_data_parts.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

using session::Setting;
using session::SettingType;
using session::Value;

// What may be said where nothing could be understood yet.
constexpr std::string_view kWithoutPreview[] = {"data.missing", "data.label", "data.header",
                                                "data.shape",   "data.range", "data.array",
                                                "data.tiles",   "data.fit",   "data.test_share"};

const Setting* row_named(std::string_view key) {
  const auto table = session::settings_table();
  const auto row = std::ranges::find(table, key, &Setting::key);
  return row == table.end() ? nullptr : &*row;
}

std::vector<const Setting*> shown_options(const JobFindings& found) {
  std::vector<const Setting*> rows;
  const auto add = [&](std::string_view key) {
    if (const Setting* row = row_named(key)) rows.push_back(row);
  };
  const auto controls = found.fields.find("controls");
  if (found.empty() || controls == found.fields.end()) {
    for (const std::string_view key : kWithoutPreview) add(key);
    return rows;
  }
  for (const Json& key : *controls) {
    if (key.is_string()) add(key.get<std::string>());
  }
  return rows;
}

Value option_value(const OwnDataState& state, const Setting& row) {
  const auto found = state.options.find(row.key);
  return found == state.options.end() ? row.initial() : found->second;
}

// The words among which a text can be chosen, or none where anything may be typed.
std::vector<std::string> words_of(const OwnDataState& state, std::string_view key) {
  std::vector<std::string> words;
  const bool is_label = key == "data.label";
  if (!is_label && key != "data.array") return words;
  const auto add = [&](const char* name) {
    const auto list = state.found.fields.find(name);
    if (list == state.found.fields.end() || !list->is_array()) return;
    for (const Json& word : *list) {
      if (word.is_string()) words.push_back(word.get<std::string>());
    }
  };
  add(is_label ? "columns" : "arrays");
  if (is_label && words.empty()) add("arrays");
  if (words.empty()) return words;
  if (is_label) {
    words.insert(words.begin(), {"auto", "none", "first", "last"});
  } else {
    words.insert(words.begin(), "auto");
  }
  return words;
}

// A list of words, of which the first `ours` are not those of the files; returns the one that was
// just chosen, or "".
std::string draw_words_choice(PanelContext& context, const Rect& area, std::string_view id,
                              const std::vector<std::string>& words, std::size_t ours,
                              const std::string& present) {
  std::vector<Choice> items;
  int selected = -1;
  for (const std::string& word : words) {
    if (word == present) selected = static_cast<int>(items.size());
    const std::string key = "choice." + word;
    const bool named = items.size() < ours && context.texts.has(Language::kEnglish, key);
    items.push_back({word, named ? context.texts.get(key) : word, ""});
  }
  const int chosen = draw_choice(context, area, id, selected, items, present);
  return chosen >= 0 && chosen != selected ? words[static_cast<std::size_t>(chosen)] : "";
}

void draw_option(PanelContext& context, Rect area, const Setting& row) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  OwnDataState& state = context.state<OwnDataState>();
  const std::string id = "own:" + std::string(row.key);
  const Value present = option_value(state, row);
  Value next = present;
  draw_text(context, area.cut_top(m.label), texts.setting_label(row.key),
            theme.color(theme.colors.muted), {m.small});
  const Rect place = area.cut_top(m.control);
  std::vector<std::string> words = words_of(state, row.key);
  if (row.type == SettingType::kChoice) {
    for (const std::string_view choice : row.choices()) words.emplace_back(choice);
  } else if (row.type == SettingType::kBool) {
    words = {"no", "yes"};
  }
  if (!words.empty()) {
    const auto* flag = std::get_if<bool>(&present);
    const auto* text = std::get_if<std::string>(&present);
    const std::size_t ours = row.key == "data.label"   ? 4
                             : row.key == "data.array" ? 1
                                                       : words.size();
    const std::string chosen = draw_words_choice(context, place, id, words, ours,
                                                 flag   ? (*flag ? "yes" : "no")
                                                 : text ? *text
                                                        : "");
    if (!chosen.empty()) next = flag ? Value(chosen == "yes") : Value(chosen);
  } else {
    // A word for 0 where it is no quantity.
    const std::string key = "setting." + std::string(row.key) + ".zero";
    const bool is_off = present == Value(std::int64_t{0}) || present == Value(0.0);
    const std::string word =
        is_off && texts.has(Language::kEnglish, key) ? texts.get(key) : std::string();
    std::string text = word.empty() ? field_text(row, present) : word;
    if (draw_field(context, place, id, text, true, row.type == SettingType::kText) &&
        text != word) {
      next = field_value(row, text, present);
    }
  }
  take_gestures(context, place, kDragSideways);
  draw_help(context, texts.setting_label(row.key), texts.setting_help(row.key));
  if (next == present) return;
  state.options.insert_or_assign(std::string(row.key), next);
  state.working = true;
  ask_import(context, "preview");
}

}  // namespace

void ask_import(PanelContext& context, std::string_view action, Json more) {
  Json options = Json::object();
  for (const auto& [key, value] : context.state<OwnDataState>().options) {
    options[key] = std::visit([](const auto& held) { return Json(held); }, value);
  }
  more["action"] = action;
  more["options"] = std::move(options);
  context.send(session::StartJob{"import", json_text(more), 1});
  context.animating = true;
}

float draw_import_options(PanelContext& context, Rect area, bool draw) {
  const Metrics& m = context.theme.metrics;
  const std::vector<const Setting*> rows = shown_options(context.state<OwnDataState>().found);
  const int across = area.w >= m.px(250) ? 2 : 1;
  const float width =
      (area.w - m.gap * static_cast<float>(across - 1)) / static_cast<float>(across);
  const float step = m.label + m.control + m.px(8);
  const int lines = (static_cast<int>(rows.size()) + across - 1) / across;
  for (int i = 0; draw && i < static_cast<int>(rows.size()); ++i) {
    draw_option(context,
                {area.x + static_cast<float>(i % across) * (width + m.gap),
                 area.y + static_cast<float>(i / across) * step, width, step},
                *rows[static_cast<std::size_t>(i)]);
  }
  return static_cast<float>(lines) * step;
}

}  // namespace hourglass::ui
