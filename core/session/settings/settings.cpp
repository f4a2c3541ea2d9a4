#include "core/session/settings/settings.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/parse_number.h"
#include "core/base/write_number.h"
#include "core/data/corruption.h"
#include "core/data/scaling.h"
#include "core/nn/initializer.h"
#include "core/nn/loss.h"
#include "core/nn/optim/optimizer.h"
#include "core/nn/optim/schedule.h"

namespace hourglass::session {
namespace {

constexpr const char* kInitialEncoder = R"([{"type":"dense","units":32,"activation":"relu"}])";
constexpr const char* kInitialDecoder =
    R"([{"type":"dense","units":"input","activation":"sigmoid"}])";

std::vector<std::string_view> list(std::span<const std::string_view> names) {
  return {names.begin(), names.end()};
}

Setting choice(std::string_view key, const char* initial, std::vector<std::string_view> choices,
               Effect effect) {
  return {.key = key,
          .type = SettingType::kChoice,
          .initial = std::string(initial),
          .choices = std::move(choices),
          .unit = "",
          .effect = effect};
}

Setting flag(std::string_view key, bool initial, Effect effect) {
  return {.key = key,
          .type = SettingType::kBool,
          .initial = initial,
          .choices = {},
          .unit = "",
          .effect = effect};
}

Setting text(std::string_view key, const char* initial, Effect effect) {
  return {.key = key,
          .type = SettingType::kText,
          .initial = std::string(initial),
          .choices = {},
          .unit = "",
          .effect = effect};
}

Setting integer(std::string_view key, std::int64_t initial, double low, double high, Scale scale,
                std::string_view unit, Effect effect) {
  return {.key = key,
          .type = SettingType::kInteger,
          .initial = initial,
          .low = low,
          .high = high,
          .scale = scale,
          .choices = {},
          .unit = unit,
          .effect = effect};
}

// A number that switches something off where it is 0, and otherwise wants a logarithmic scale.
Setting off_or_real(std::string_view key, double initial, double smallest, double high) {
  return {.key = key,
          .type = SettingType::kReal,
          .initial = initial,
          .low = 0,
          .high = high,
          .scale = Scale::kLogarithmic,
          .smallest = smallest,
          .choices = {},
          .unit = "",
          .effect = Effect::kAtOnce};
}

Setting off_or_integer(std::string_view key, double high, std::string_view unit) {
  return {.key = key,
          .type = SettingType::kInteger,
          .initial = std::int64_t{0},
          .low = 0,
          .high = high,
          .scale = Scale::kLogarithmic,
          .smallest = 1,
          .choices = {},
          .unit = unit,
          .effect = Effect::kAtOnce};
}

Setting real(std::string_view key, double initial, double low, double high, Scale scale,
             Effect effect) {
  return {.key = key,
          .type = SettingType::kReal,
          .initial = initial,
          .low = low,
          .high = high,
          .scale = scale,
          .choices = {},
          .unit = "",
          .effect = effect};
}

std::vector<Setting> make_table() {
  using enum Effect;
  using enum Scale;
  return {
      choice("data.set", "strokes", {"mnist", "fashion-mnist", "strokes"}, kOnReset),
      choice("data.scaling", "unit", list(scaling_names()), kOnReset),
      flag("data.clip", false, kOnReset),
      integer("data.image_side", 28, 4, 64, kLinear, "pixels", kOnReset),
      flag("data.colour", false, kOnReset),
      text("data.label", "auto", kOnReset),
      integer("data.strokes_train", 10000, 100, 200000, kLogarithmic, "images", kOnReset),
      integer("data.strokes_test", 2000, 100, 20000, kLogarithmic, "images", kOnReset),
      text("model.encoder", kInitialEncoder, kOnReset),
      text("model.decoder", kInitialDecoder, kOnReset),
      choice("model.initializer", "glorot-uniform", list(initializer_names()), kOnReset),
      choice("model.loss", "bce", list(loss_names()), kOnReset),
      choice("noise.kind", "none", list(corruption_names()), kAtOnce),
      real("noise.level", 0.3, 0, 1, kLinear, kAtOnce),
      off_or_real("penalty.activity_l1", 0, 1e-6, 1),
      off_or_real("penalty.sparsity", 0, 1e-4, 100),
      real("penalty.sparsity_target", 0.05, 0.001, 0.5, kLogarithmic, kAtOnce),
      off_or_real("penalty.weight_l2", 0, 1e-8, 1),
      off_or_real("penalty.contractive", 0, 1e-6, 100),
      off_or_real("penalty.kl", 1, 1e-5, 100),
      off_or_integer("penalty.kl_warmup", 1000, "epochs"),
      choice("train.optimizer", "adam", list(optimizer_names()), kOnReset),
      real("train.learning_rate", 0.001, 1e-6, 10, kLogarithmic, kAtOnce),
      real("train.momentum", 0, 0, 0.999, kLinear, kAtOnce),
      real("train.rho", 0.95, 0, 0.9999, kLinear, kAtOnce),
      real("train.beta1", 0.9, 0, 0.9999, kLinear, kAtOnce),
      real("train.beta2", 0.999, 0, 0.99999, kLinear, kAtOnce),
      real("train.epsilon", 1e-7, 1e-12, 1, kLogarithmic, kAtOnce),
      off_or_real("train.weight_decay", 0, 1e-6, 1),
      off_or_real("train.clip_norm", 0, 1e-3, 1000),
      choice("train.schedule", "constant", list(schedule_names()), kAtOnce),
      real("train.decay", 0.9, 0.01, 1, kLinear, kAtOnce),
      off_or_integer("train.decay_steps", 1e7, "steps"),  // 0: by the length of the run
      off_or_integer("train.warmup_steps", 1e6, "steps"),
      integer("train.batch_size", 256, 1, 4096, kLogarithmic, "images", kOnReset),
      integer("train.epochs", 50, 1, 100000, kLogarithmic, "epochs", kAtOnce),
      off_or_integer("train.steps", 1e9, "steps"),
      off_or_real("train.stop_loss", 0, 1e-4, 1e6),
      off_or_integer("train.patience", 1000, "epochs"),
      integer("train.seed", 1, 0, 9007199254740991.0, kLinear, "", kOnReset),
      integer("train.threads", 0, 0, 64, kLinear, "threads", kOnReset),
      choice("view.noise.kind", "gaussian", list(corruption_names()), kAtOnce),
      real("view.noise.level", 0, 0, 1, kLinear, kAtOnce),
      integer("view.images", 20, 1, 100, kLinear, "images", kAtOnce),
      integer("view.image_set", 0, 0, 2147483647, kLinear, "", kAtOnce),
      choice("view.image_order", "set", {"set", "worst"}, kAtOnce),
      integer("view.map_points", 10000, 100, 20000, kLogarithmic, "images", kAtOnce),
      choice("view.map_plane", "pca", {"pca", "units"}, kAtOnce),
      integer("view.map_unit_x", 0, 0, 65535, kLinear, "", kAtOnce),
      integer("view.map_unit_y", 1, 0, 65535, kLinear, "", kAtOnce),
      integer("view.sample", 0, 0, 2147483647, kLinear, "", kAtOnce),
      choice("view.tiles", "none", {"none", "inputs", "outputs"}, kAtOnce),
      off_or_integer("view.steps_per_second", 1000, "steps"),
  };
}

std::size_t row_of(std::string_view key) {
  const auto table = settings_table();
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].key == key) return i;
  }
  const auto nearest =
      std::min_element(table.begin(), table.end(), [&](const auto& a, const auto& b) {
        return edit_distance(a.key, key) < edit_distance(b.key, key);
      });
  throw Error("There is no setting '" + std::string(key.substr(0, 100)) + "'; the nearest is '" +
              std::string(nearest->key) + "'.");
}

std::string choices_text(const Setting& setting) {
  std::string all;
  for (const std::string_view choice : setting.choices) {
    all += (all.empty() ? "" : ", ") + std::string(choice);
  }
  return all;
}

// What the row allows, as the end of a sentence.
std::string allowed(const Setting& setting) {
  switch (setting.type) {
    case SettingType::kBool:
      return "true or false";
    case SettingType::kInteger:
      return "a whole number from " + std::to_string(static_cast<std::int64_t>(setting.low)) +
             " to " + std::to_string(static_cast<std::int64_t>(setting.high));
    case SettingType::kReal:
      return "a number from " + shortest_text(setting.low) + " to " + shortest_text(setting.high);
    case SettingType::kChoice:
      return "one of " + choices_text(setting);
    case SettingType::kText:
      return "text";
  }
  return "";
}

[[noreturn]] void refuse(const Setting& setting, const Value& value) {
  throw Error("The setting '" + std::string(setting.key) + "' cannot be '" +
              value_text(value).substr(0, 100) + "'; it must be " + allowed(setting) + ".");
}

}  // namespace

std::span<const Setting> settings_table() {
  static const std::vector<Setting> table = make_table();
  return table;
}

const Setting& find_setting(std::string_view key) { return settings_table()[row_of(key)]; }

std::string value_text(const Value& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* number = std::get_if<double>(&value)) return shortest_text(*number);
  return std::get<std::string>(value);
}

Value checked_value(const Setting& setting, const Value& value) {
  const auto* const text = std::get_if<std::string>(&value);
  switch (setting.type) {
    case SettingType::kBool:
      if (std::holds_alternative<bool>(value)) return value;
      if (text && (*text == "true" || *text == "1")) return true;
      if (text && (*text == "false" || *text == "0")) return false;
      break;
    case SettingType::kInteger: {
      std::int64_t whole = 0;
      bool good = false;
      if (const auto* given = std::get_if<std::int64_t>(&value)) {
        whole = *given;
        good = true;
      } else if (const auto* number = std::get_if<double>(&value)) {
        good = *number == std::floor(*number) && std::abs(*number) <= 9007199254740992.0;
        if (good) whole = static_cast<std::int64_t>(*number);
      } else if (text) {
        good = parse_number(*text, whole);
      }
      const auto as_real = static_cast<double>(whole);
      if (good && as_real >= setting.low && as_real <= setting.high) return whole;
      break;
    }
    case SettingType::kReal: {
      double number = 0;
      bool good = false;
      if (const auto* given = std::get_if<double>(&value)) {
        number = *given;
        good = true;
      } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
        number = static_cast<double>(*whole);
        good = true;
      } else if (text) {
        good = parse_number(*text, number);
      }
      // Written so that a NaN fails.
      if (good && number >= setting.low && number <= setting.high) return number;
      break;
    }
    case SettingType::kChoice:
      if (text && std::find(setting.choices.begin(), setting.choices.end(), *text) !=
                      setting.choices.end()) {
        return value;
      }
      break;
    case SettingType::kText:
      if (text) return value;
      break;
  }
  refuse(setting, value);
}

Settings::Settings() {
  for (const Setting& setting : settings_table()) values_.push_back(setting.initial);
}

const Value& Settings::get(std::string_view key) const { return values_[row_of(key)]; }

void Settings::set(std::string_view key, const Value& value) {
  const std::size_t row = row_of(key);
  values_[row] = checked_value(settings_table()[row], value);
}

bool Settings::flag(std::string_view key) const { return std::get<bool>(get(key)); }
std::int64_t Settings::integer(std::string_view key) const {
  return std::get<std::int64_t>(get(key));
}
double Settings::real(std::string_view key) const { return std::get<double>(get(key)); }
const std::string& Settings::text(std::string_view key) const {
  return std::get<std::string>(get(key));
}

std::vector<std::pair<std::string, Value>> Settings::all() const {
  std::vector<std::pair<std::string, Value>> all;
  const auto table = settings_table();
  for (std::size_t i = 0; i < table.size(); ++i) all.emplace_back(table[i].key, values_[i]);
  return all;
}

}  // namespace hourglass::session
