#include "ui/state/run_text.h"

#include <algorithm>
#include <cctype>

#include "core/session/settings/settings.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

using session::Setting;
using session::SettingType;
using session::Value;

Value value_of(const RunConfig& terms, std::string_view key) {
  const auto found = terms.settings.find(key);
  return found == terms.settings.end() ? session::find_setting(key).initial() : found->second;
}

// "Learning rate" inside a sentence is "learning rate", but "KL weight" stays.
std::string lowered(std::string text) {
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1]))) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

}  // namespace

std::string value_words(const Texts& texts, const Setting& setting, const Value& value) {
  if (setting.type == SettingType::kChoice) return texts.choice(session::value_text(value));
  if (const auto* real = std::get_if<double>(&value)) return significant(*real, 6);
  return session::value_text(value);
}

std::string shape_text(const session::NetworkInfo& network, const Texts* activations) {
  std::string text = std::to_string(network.input_features);
  for (const session::LayerInfo& layer : network.layers) {
    const auto& sides = layer.output_shape;
    const bool image = sides.size() == 3 && sides[1] * sides[2] > 1 && sides[0] > 1;
    std::int64_t units = 1;
    std::string shape;
    for (const std::int64_t side : sides) {
      units *= side;
      shape += (shape.empty() ? "" : "×") + std::to_string(side);
    }
    text += "–" + (image ? shape : std::to_string(units));
    if (activations && !layer.activation.empty()) {
      text += " " + activations->activation(layer.activation);
    }
  }
  return text;
}

bool setting_applies(const Setting& setting, const RunConfig& terms) {
  if (!setting.on_screen) return false;
  return !setting.applies ||
         setting.applies(
             {[&terms](std::string_view key) { return value_of(terms, key); }, terms.network});
}

std::string run_differences(const Texts& texts, const RunConfig& run, const RunConfig& present) {
  std::string out;
  const auto add = [&](const std::string& name, const std::string& value) {
    if (!out.empty()) out += texts.get("curves.difference_comma");
    out += texts.format("curves.difference", {name, value});
  };
  const bool layers = value_of(run, "model.encoder") != value_of(present, "model.encoder") ||
                      value_of(run, "model.decoder") != value_of(present, "model.decoder");
  bool layers_named = false;
  for (const Setting& setting : session::settings_table()) {
    const std::string_view key = setting.key;
    if (setting.scope != session::Scope::kRun || setting.is_limit) continue;
    if (key == "model.encoder" || key == "model.decoder") {
      if (!layers || layers_named) continue;
      layers_named = true;
      const bool finer = shape_text(run.network) == shape_text(present.network);
      const Texts* activations = finer ? &texts : nullptr;
      const std::string shape = shape_text(run.network, activations);
      if (finer && shape == shape_text(present.network, activations)) {
        if (!out.empty()) out += texts.get("curves.difference_comma");
        out += texts.get("curves.other_layers");
      } else {
        add(texts.get("curves.layers"), shape);
      }
      continue;
    }
    const Value value = value_of(run, key);
    if (value == value_of(present, key)) continue;
    if (!setting_applies(setting, run) && !setting_applies(setting, present)) continue;
    const std::string& label =
        key == "noise.level" ? texts.get("curves.noise_level") : texts.setting_label(key);
    add(lowered(label), value_words(texts, setting, value));
  }
  return out;
}

}  // namespace hourglass::ui
