#include "ui/settings/setting_widget.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/base/parse_number.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/settings/noise_link.h"
#include "ui/settings/setting_guard.h"
#include "ui/state/lesson_view.h"

namespace hourglass::ui {
namespace {

using session::Setting;
using session::SettingType;
using session::Value;

double number_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
  return 0;
}

Value number_value(const Setting& setting, double number) {
  number = std::clamp(number, setting.low, setting.high);
  if (setting.type == SettingType::kInteger) {
    return static_cast<std::int64_t>(std::llround(number));
  }
  return number;
}

double round_to_digits(double value, int digits) {
  if (value == 0) return 0;
  const double unit =
      std::pow(10.0, std::floor(std::log10(std::fabs(value))) - static_cast<double>(digits - 1));
  // Division by a power of ten keeps decimals such as 0.001 exact.
  return unit < 1 ? std::round(value / unit) / std::round(1 / unit)
                  : std::round(value / unit) * unit;
}

std::string footnote(const PanelContext& context, const Setting& setting) {
  const Texts& texts = context.texts;
  if (lesson_rules(context).locks(setting.key)) return texts.get("lesson.locked.help");
  std::string note;
  const session::DataReady& data = context.store.data;
  if (setting.key == "data.set" && data.rows > 0) {
    note =
        texts.format("data.summary", {grouped(data.train_count), grouped(data.test_count),
                                      grouped(data.columns), grouped(data.rows),
                                      grouped(static_cast<std::int64_t>(data.class_names.size()))});
  }
  if (setting.type == SettingType::kInteger || setting.type == SettingType::kReal) {
    const auto end = [&](double value) {
      return field_text(setting, number_value(setting, value));
    };
    note = texts.format("setting.range", {end(setting.low), end(setting.high)});
  }
  note += texts.get(setting.effect == session::Effect::kOnReset ? "setting.needs_reset"
                                                                : "setting.acts_at_once");
  return note;
}

void explain(PanelContext& context, const Setting& setting) {
  draw_help(context, context.texts.setting_label(setting.key),
            context.texts.setting_help(setting.key), footnote(context, setting),
            setting_formula(context, setting));
}

// "" where there is none: not everything has a formula.
std::string formula_text(const Texts& texts, std::string_view group, std::string_view key) {
  const std::string full = std::string(group) + "." + std::string(key) + ".formula";
  return texts.has(Language::kEnglish, full) ? texts.get(full) : std::string();
}

constexpr std::string_view kShownKind = "view.noise.kind", kShownLevel = "view.noise.level",
                           kTrainedKind = "noise.kind", kTrainedLevel = "noise.level";

// Of a noise setting the other one that a link ties to it, and the kind that its level is of; else
// "".
std::string_view linked_key(std::string_view key) {
  if (key == kShownKind) return kTrainedKind;
  if (key == kTrainedKind) return kShownKind;
  if (key == kShownLevel) return kTrainedLevel;
  return key == kTrainedLevel ? kShownLevel : "";
}
std::string_view kind_key(std::string_view key) {
  return key == kShownLevel ? kShownKind : key == kTrainedLevel ? kTrainedKind : "";
}

std::string widget_id(const Setting& setting) { return "setting:" + std::string(setting.key); }

void draw_label(PanelContext& context, const Rect& area, const Setting& setting) {
  const Theme& theme = context.theme;
  draw_text(context, area, context.texts.setting_label(setting.key),
            theme.color(theme.colors.muted), {theme.metrics.small});
}

// A word for 0 where 0 is no quantity: "auto"; else "".
std::string word_for_zero(const Texts& texts, const Setting& setting) {
  const std::string key = "setting." + std::string(setting.key) + ".zero";
  return texts.has(Language::kEnglish, key) ? texts.get(key) : std::string();
}

std::string spoken_value(const PanelContext& context, const Setting& setting, const Value& value) {
  const std::string zero = number_of(value) == 0 ? word_for_zero(context.texts, setting) : "";
  return zero.empty() ? field_text(setting, value) : zero;
}

void draw_number_field(PanelContext& context, const Rect& area, const Setting& setting,
                       const std::string& id, bool frame) {
  const SettingGuard guard(context, area, setting, frame);
  if (guard.hidden) return;
  const Value present = shown_value(context, setting);
  const std::string shown = spoken_value(context, setting, present);
  std::string text = shown;
  take_gestures(context, area, kDragSideways);
  if (draw_field(context, area, id, text, frame)) {
    const Value value = text == shown ? present : field_value(setting, text, present);
    if (value != present) change_setting(context, setting, value);
  }
  explain(context, setting);
}

void draw_number_slider(PanelContext& context, const Rect& area, const Setting& setting) {
  const SettingGuard guard(context, area, setting, false);
  if (guard.hidden) return;
  const Value present = shown_value(context, setting);
  double position = slider_position(setting, number_of(present));
  int key_steps = 0;
  if (draw_slider(context, area, widget_id(setting), position, &key_steps)) {
    const Value value = key_steps != 0 ? stepped_value(setting, present, key_steps)
                                       : slider_value(setting, position);
    if (value != present) change_setting(context, setting, value);
  }
  if (context.mirror) {
    mirror_item(context,
                {.role = MirrorRole::kSlider, .value = spoken_value(context, setting, present)});
  }
  explain(context, setting);
}

void draw_number(PanelContext& context, Rect area, const Setting& setting) {
  const Metrics& m = context.theme.metrics;
  Rect line = area.cut_top(m.label);
  const Rect field = line.cut_right(m.px(72));
  draw_label(context, line, setting);
  mark_locked(context, line, setting);
  draw_number_field(context, field, setting, widget_id(setting) + ":field", false);
  area.cut_top(m.px(4));
  draw_number_slider(context, area, setting);
}

// A logarithmic scale has no 0: where it belongs to the range, it has the slider's left end to
// itself.
double least_on_scale(const Setting& setting) {
  return setting.low > 0 ? setting.low : setting.smallest;
}
double off_width(const Setting& setting) { return setting.low > 0 ? 0 : 0.05; }

// cce goes with a softmax output, and no other loss does: to change one of them alone makes no
// model.
bool is_offered(const Setting& setting, std::string_view present, std::string_view choice) {
  return setting.key != "model.loss" || (choice == "cce") == (present == "cce");
}

}  // namespace

double slider_position(const Setting& setting, double value) {
  value = std::clamp(value, setting.low, setting.high);
  if (setting.high <= setting.low) return 0;
  if (setting.scale == session::Scale::kLogarithmic) {
    const double least = least_on_scale(setting), off = off_width(setting);
    if (value < least) return 0;
    const double low = std::log(least), high = std::log(setting.high);
    return off + (1 - off) * (std::log(value) - low) / (high - low);
  }
  return (value - setting.low) / (setting.high - setting.low);
}

Value slider_value(const Setting& setting, double position) {
  position = std::clamp(position, 0.0, 1.0);
  if (position <= 0) return number_value(setting, setting.low);
  if (position >= 1) return number_value(setting, setting.high);
  if (setting.scale == session::Scale::kLogarithmic) {
    const double least = least_on_scale(setting), off = off_width(setting);
    if (position < off) return number_value(setting, 0);
    const double low = std::log(least), high = std::log(setting.high);
    const double value = std::exp(low + (position - off) / (1 - off) * (high - low));
    return number_value(setting, round_to_digits(value, 2));
  }
  const double range = setting.high - setting.low;
  if (setting.type == SettingType::kInteger) {
    return number_value(setting, setting.low + position * range);
  }
  // A round step of about a hundredth of the range.
  const double decimals = std::pow(10.0, std::ceil(-std::log10(range / 100)));
  return number_value(setting, std::round((setting.low + position * range) * decimals) / decimals);
}

std::string field_text(const Setting& setting, const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (setting.type == SettingType::kInteger) {
    return std::to_string(static_cast<std::int64_t>(number_of(value)));
  }
  return significant(number_of(value), 6);
}

Value field_value(const Setting& setting, std::string_view text, const Value& present) {
  if (setting.type == SettingType::kText || setting.type == SettingType::kChoice) {
    return std::string(text);
  }
  std::string plain;
  for (const char c : text) {
    if (c != ' ' && c != '_' && c != '+') plain += c == ',' ? '.' : c;
  }
  // "1,000" is a thousand where only whole numbers are meant.
  if (setting.type == SettingType::kInteger) std::erase(plain, '.');
  double number = 0;
  if (!parse_number(plain, number) || !std::isfinite(number)) return present;
  return number_value(setting, number);
}

Value shown_value(const PanelContext& context, const Setting& setting) {
  if (const auto draft = context.view.pending_values.find(setting.key);
      draft != context.view.pending_values.end()) {
    return draft->second;
  }
  if (const auto found = context.store.settings.find(setting.key);
      found != context.store.settings.end()) {
    return found->second;
  }
  return setting.initial();
}

Value stepped_value(const Setting& setting, const Value& present, int steps) {
  const double start = slider_position(setting, number_of(present));
  for (int hundredths = std::abs(steps); hundredths <= 100; ++hundredths) {
    const double position = start + (steps > 0 ? 0.01 : -0.01) * hundredths;
    Value value = slider_value(setting, position);
    // A whole number may need more than a hundredth to become another one.
    const bool forward =
        steps > 0 ? number_of(value) > number_of(present) : number_of(value) < number_of(present);
    if (forward) return value;
    if (position < 0 || position > 1) break;
  }
  return present;
}

void change_setting(PanelContext& context, const Setting& setting, const Value& value) {
  std::vector<std::pair<std::string, Value>> values{{std::string(setting.key), value}};
  const auto add = [&](std::string_view key, const Value& other) {
    if (lesson_rules(context).locks(key)) return;
    if (shown_value(context, session::find_setting(key)) != other) {
      values.emplace_back(std::string(key), other);
    }
  };
  const std::string_view kind = kind_key(setting.key), linked = linked_key(setting.key);
  const Value none = std::string("none"), gaussian = std::string("gaussian");
  // Without a kind there is nothing to be strong or weak.
  const bool wakes = !kind.empty() && shown_value(context, session::find_setting(kind)) == none;
  if (wakes) add(kind, gaussian);
  if (context.state<NoiseLink>().on && !linked.empty()) {
    add(linked, value);
    if (wakes) add(linked_key(kind), gaussian);
  }
  change_settings(context, std::move(values));
}

void change_settings(PanelContext& context, std::vector<std::pair<std::string, Value>> values) {
  for (const auto& [key, value] : values) context.view.pending_values.insert_or_assign(key, value);
  if (values.size() == 1) {
    context.send(session::SetSetting{values[0].first, values[0].second});
  } else if (!values.empty()) {
    context.send(session::SetSettings{std::move(values)});
  }
}

std::string setting_formula(const PanelContext& context, const Setting& setting) {
  // A level's formula is that of its kind of noise.
  const std::string_view kind = kind_key(setting.key);
  const Setting& row = kind.empty() ? setting : session::find_setting(kind);
  const Value present = shown_value(context, row);
  std::string formula;
  if (const auto* name = std::get_if<std::string>(&present);
      name && row.type == SettingType::kChoice) {
    formula = formula_text(context.texts, "choice", *name);
  }
  return formula.empty() ? formula_text(context.texts, "setting", setting.key) : formula;
}

void draw_setting_choice(PanelContext& context, const Rect& area, std::string_view key) {
  const Setting& setting = session::find_setting(key);
  const SettingGuard guard(context, area, setting);
  if (guard.hidden) return;
  const Value present = shown_value(context, setting);
  const auto* name = std::get_if<std::string>(&present);
  std::vector<Choice> items;
  int selected = -1;
  for (const std::string_view choice : setting.choices()) {
    if (name && !is_offered(setting, *name, choice)) continue;
    if (name && *name == choice) selected = static_cast<int>(items.size());
    items.push_back(
        {choice, context.texts.choice(choice), formula_text(context.texts, "choice", choice)});
  }
  const int chosen = draw_choice(context, area, widget_id(setting), selected, items);
  take_gestures(context, area, kDragSideways);
  explain(context, setting);
  if (chosen >= 0 && chosen != selected) {
    change_setting(context, setting, std::string(items[static_cast<std::size_t>(chosen)].value));
  }
}

void draw_setting_slider(PanelContext& context, const Rect& area, std::string_view key) {
  draw_number_slider(context, area, session::find_setting(key));
}

void draw_setting_number(PanelContext& context, const Rect& area, std::string_view key) {
  const Setting& setting = session::find_setting(key);
  draw_number_field(context, area, setting, widget_id(setting) + ":field", false);
}

void draw_setting_field(PanelContext& context, const Rect& area, std::string_view key) {
  const Setting& setting = session::find_setting(key);
  draw_number_field(context, area, setting, widget_id(setting), true);
}

void draw_setting(PanelContext& context, const Rect& area, std::string_view key) {
  const Setting& setting = session::find_setting(key);
  const Metrics& m = context.theme.metrics;
  if (lesson_rules(context).hides(setting.key)) return;
  switch (setting.type) {
    case SettingType::kChoice: {
      Rect rest = area;
      draw_label(context, rest.cut_top(m.label), setting);
      draw_setting_choice(context, rest.cut_top(m.control), key);
      break;
    }
    case SettingType::kInteger:
    case SettingType::kReal:
      draw_number(context, area, setting);
      break;
    case SettingType::kBool: {
      Rect rest = area;
      rest.cut_top(m.label);
      const Rect line = rest.cut_top(m.control);
      const SettingGuard guard(context, line, setting);
      const bool on = number_of(shown_value(context, setting)) != 0;
      if (draw_button(context, line,
                      {.id = widget_id(setting),
                       .label = context.texts.setting_label(key),
                       .help_title = context.texts.setting_label(key),
                       .help = context.texts.setting_help(key),
                       .on = on})) {
        change_setting(context, setting, !on);
      }
      break;
    }
    case SettingType::kText: {
      Rect rest = area;
      draw_label(context, rest.cut_top(m.label), setting);
      draw_number_field(context, rest.cut_top(m.control), setting, widget_id(setting), true);
      break;
    }
  }
}

}  // namespace hourglass::ui
