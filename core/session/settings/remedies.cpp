#include "core/session/settings/remedies.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "core/model/spec.h"

namespace hourglass::session {
namespace {

constexpr const char* kRateKey = "train.learning_rate";

// To two significant digits, which is what a person would set, and within the setting's range.
double settable(const char* key, double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.2g", value);
  const Setting& setting = find_setting(key);
  return std::clamp(std::strtod(text, nullptr), setting.low, setting.high);
}

// The rate that the optimizer's paper and the usual libraries begin with, for losses that are means
// over pixels: Kingma and Ba 2015 for Adam (and RMSProp's course notes by Hinton), Zeiler 2012 for
// Adadelta. SGD has none, for its rate has the scale of the loss.
double usual_rate(const std::string& optimizer) {
  if (optimizer == "adam" || optimizer == "rmsprop") return 0.001;
  return optimizer == "adadelta" ? 1 : 0;
}

// What killed units was a step far too long: a tenth of the rate, and no more than is usual.
Remedy restart_slower(const RemedyCase& of) {
  const double usual = usual_rate(of.settings.text("train.optimizer"));
  const double tenth = of.settings.real(kRateKey) / 10;
  return {"restart_rate",
          {{kRateKey, settable(kRateKey, usual > 0 ? std::min(tenth, usual) : tenth)}},
          true};
}

std::optional<Remedy> of_unreachable(const RemedyCase& of) {
  if (of.can_rescale && of.settings.text("data.scaling") != "unit") {
    return Remedy{"unit_scaling", {{"data.scaling", std::string("unit")}}, false};
  }
  std::vector<LayerSpec> decoder = parse_layers(of.settings.text("model.decoder"), "model.decoder");
  decoder.back().set("activation", std::string("linear"));
  return Remedy{"linear_output", {{"model.decoder", layers_text(decoder)}}, true};
}

std::optional<Remedy> of_loss_domain(const RemedyCase& of) {
  if (of.can_rescale && of.settings.text("data.scaling") != "unit") {
    return Remedy{"unit_scaling", {{"data.scaling", std::string("unit")}}, false};
  }
  if (of.settings.text("model.loss") != "bce") {
    return Remedy{"clip_values", {{"data.clip", true}}, false};
  }
  return Remedy{"squared_error", {{"model.loss", std::string("mse")}}, true};
}

// A schedule that is fitted to the run is over only with it, or decays too fast: fitted, it decays
// ten times, and of 0.25 or less nothing is left then.
std::optional<Remedy> of_schedule(const RemedyCase& of) {
  Remedy remedy;
  const auto change = [&](const char* name, const char* key, Value value) {
    if (remedy.name.empty()) remedy.name = name;
    remedy.changes.emplace_back(key, std::move(value));
  };
  if (of.is_past_end && of.settings.integer("train.steps") == 0) {
    const double epochs =
        std::max(of.epochs, static_cast<double>(of.settings.integer("train.epochs")));
    const double most = find_setting("train.epochs").high;
    change("train_longer", "train.epochs",
           static_cast<std::int64_t>(std::min(most, std::ceil(epochs * 2))));
  }
  if (of.settings.integer("train.decay_steps") != 0) {
    change("fit_schedule", "train.decay_steps", std::int64_t{0});
  }
  if (of.settings.text("train.schedule") != "cosine" && of.settings.real("train.decay") < 0.3) {
    change("slower_decay", "train.decay", 0.5);
  }
  if (remedy.changes.empty()) return {};
  return remedy;
}

std::optional<Remedy> of_high_rate(const RemedyCase& of) {
  return Remedy{
      "lower_rate", {{kRateKey, settable(kRateKey, of.settings.real(kRateKey) / 10)}}, false};
}

// Below a tenth of what is usual the way there by tens is long.
std::optional<Remedy> of_low_rate(const RemedyCase& of) {
  const double usual = usual_rate(of.settings.text("train.optimizer"));
  const double rate = std::max(of.settings.real(kRateKey) * 10, usual);
  return Remedy{"raise_rate", {{kRateKey, settable(kRateKey, rate)}}, false};
}

std::optional<Remedy> of_overfitting(const RemedyCase& of) {
  if (of.evidence.empty()) return {};
  const auto best = static_cast<std::int64_t>(of.evidence.front());
  return Remedy{"best_epoch", {{"train.epochs", best}}, true};
}

std::optional<Remedy> of_dead_code(const RemedyCase& of) { return restart_slower(of); }

// A penalty on activity switches units off by itself; else it was a step too long.
std::optional<Remedy> of_dead_units(const RemedyCase& of) {
  constexpr const char* kPenalty = "penalty.activity_l1";
  const double penalty = of.settings.real(kPenalty);
  if (penalty > 0) {
    return Remedy{"weaker_penalty", {{kPenalty, settable(kPenalty, penalty / 10)}}, true};
  }
  return restart_slower(of);
}

// Beside a mean over features, the KL term of the theory has the weight 1 / features (Kingma and
// Welling 2014, whose likelihood is a sum over them). What is well above that is too much whenever
// it comes in; with less than that the code needs time to be in use before it pays (Bowman et al.
// 2016, "Generating Sentences from a Continuous Space", section 3.1).
std::optional<Remedy> of_collapse(const RemedyCase& of) {
  const bool is_sum = of.settings.text("model.loss") == "sse";
  const double theory =
      is_sum ? 1 : 1 / static_cast<double>(std::max<std::int64_t>(1, of.features));
  const double weight = of.settings.real("penalty.kl");
  if (weight > 1.5 * theory) {
    return Remedy{"lower_kl", {{"penalty.kl", settable("penalty.kl", theory)}}, true};
  }
  const std::int64_t warmup = of.settings.integer("penalty.kl_warmup");
  if (warmup < 10) return Remedy{"kl_warmup", {{"penalty.kl_warmup", std::int64_t{10}}}, true};
  return Remedy{"lower_kl", {{"penalty.kl", settable("penalty.kl", weight / 4)}}, true};
}

std::optional<Remedy> of_mean_output(const RemedyCase& of) {
  Remedy remedy{"adam", {}, true};
  const auto change = [&](const char* key, Value value) {
    if (of.settings.get(key) != value) remedy.changes.emplace_back(key, std::move(value));
  };
  change("train.optimizer", std::string("adam"));
  change(kRateKey, usual_rate("adam"));
  // From N(0, 1) sums over many inputs drive any sigmoid or tanh into its flat ends (Glorot and
  // Bengio 2010).
  if (of.settings.text("model.initializer") == "normal") {
    change("model.initializer", std::string("glorot-uniform"));
  }
  if (remedy.changes.empty()) return {};
  return remedy;
}

struct RemedyRow {
  std::string_view kind;
  std::optional<Remedy> (*remedy)(const RemedyCase& of);
};

constexpr RemedyRow kRemedyRows[] = {
    {"unreachable_targets", of_unreachable},
    {"targets_outside_loss", of_loss_domain},
    {"schedule_ends_early", of_schedule},
    {"schedule_over", of_schedule},
    {"rate_too_high", of_high_rate},
    {"rate_too_low", of_low_rate},
    {"dead_code", of_dead_code},
    {"dead_units", of_dead_units},
    {"collapsed_posterior", of_collapse},
    {"mean_output", of_mean_output},
    {"overfitting", of_overfitting},
};

}  // namespace

std::optional<Remedy> remedy_for(const RemedyCase& of) {
  const RemedyRow* const row = std::ranges::find(kRemedyRows, of.kind, &RemedyRow::kind);
  if (row == std::end(kRemedyRows)) return {};
  std::optional<Remedy> remedy = row->remedy(of);
  if (!remedy) return {};
  // A setting that is at its bound already has no further to go.
  for (const auto& [key, value] : remedy->changes) {
    if (of.settings.get(key) == value) return {};
  }
  return remedy;
}

}  // namespace hourglass::session
