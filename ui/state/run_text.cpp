#include "ui/state/run_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/session/settings/settings.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

using session::Setting;
using session::SettingType;
using session::Value;

template <typename... Keys>
bool one_of(std::string_view key, Keys... keys) {
  return ((key == keys) || ...);
}

Value value_of(const RunConfig& terms, std::string_view key) {
  const auto found = terms.settings.find(key);
  return found == terms.settings.end() ? session::find_setting(key).initial : found->second;
}

std::string text_of(const RunConfig& terms, std::string_view key) {
  const Value value = value_of(terms, key);
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : std::string();
}

bool is_on(const RunConfig& terms, std::string_view key) {
  const Value value = value_of(terms, key);
  const auto* number = std::get_if<double>(&value);
  return number && *number > 0;
}

const session::LayerInfo* code_layer(const session::NetworkInfo& network) {
  const auto index = static_cast<std::size_t>(network.code_layer);
  return network.code_layer >= 0 && index < network.layers.size() ? &network.layers[index]
                                                                  : nullptr;
}

// "Learning rate" inside a sentence is "learning rate", but "KL weight" stays.
std::string lowered(std::string text) {
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1]))) {
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  }
  return text;
}

std::string value_words(const Texts& texts, const Setting& setting, const Value& value) {
  if (setting.type == SettingType::kChoice) return texts.choice(session::value_text(value));
  if (const auto* real = std::get_if<double>(&value)) return significant(*real, 6);
  return session::value_text(value);
}

constexpr std::array kNoDifference = {"train.threads", "train.epochs", "train.steps",
                                      "train.stop_loss", "train.patience"};

}  // namespace

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

bool setting_applies(std::string_view key, const RunConfig& terms) {
  const std::string optimizer = text_of(terms, "train.optimizer");
  if (key == "train.momentum") return one_of(optimizer, "sgd", "rmsprop");
  if (key == "train.rho") return one_of(optimizer, "rmsprop", "adadelta");
  if (one_of(key, "train.beta1", "train.beta2")) return optimizer == "adam";
  if (key == "train.epsilon") return optimizer != "sgd";

  const std::string schedule = text_of(terms, "train.schedule");
  if (key == "train.decay") return one_of(schedule, "stepped", "exponential");
  if (key == "train.decay_steps") return schedule != "constant";

  const session::LayerInfo* code = code_layer(terms.network);
  if (key == "penalty.sparsity")
    return is_on(terms, key) || (code && code->activation == "sigmoid");
  if (key == "penalty.sparsity_target") return setting_applies("penalty.sparsity", terms);
  if (key == "penalty.contractive") {
    return is_on(terms, key) || (code && terms.network.code_layer == 0 && code->kind == "dense" &&
                                 one_of(code->activation, "sigmoid", "tanh"));
  }
  if (one_of(key, "penalty.kl", "penalty.kl_warmup")) {
    return std::any_of(terms.network.layers.begin(), terms.network.layers.end(),
                       [](const session::LayerInfo& layer) { return layer.kind == "gaussian"; });
  }

  if (key == "noise.level") return text_of(terms, "noise.kind") != "none";
  if (one_of(key, "data.strokes_train", "data.strokes_test")) {
    return text_of(terms, "data.set") == "strokes";
  }
  // For folders of pictures and tables, which a run on the screen does not have.
  return !one_of(key, "data.clip", "data.image_side", "data.colour", "data.label");
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
    if (key.starts_with("view.") ||
        std::find(kNoDifference.begin(), kNoDifference.end(), key) != kNoDifference.end()) {
      continue;
    }
    if (one_of(key, "model.encoder", "model.decoder")) {
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
    if (!setting_applies(key, run) && !setting_applies(key, present)) continue;
    const std::string& label =
        key == "noise.level" ? texts.get("curves.noise_level") : texts.setting_label(key);
    add(lowered(label), value_words(texts, setting, value));
  }
  return out;
}

}  // namespace hourglass::ui
