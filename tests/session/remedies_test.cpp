#include "core/session/settings/remedies.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/diagnosis.h"

using namespace hourglass;
using namespace hourglass::session;

namespace {

using Pairs = std::vector<std::pair<std::string, Value>>;

Settings with(const Pairs& pairs) {
  Settings settings;
  for (const auto& [key, value] : pairs) settings.set(key, value);
  return settings;
}

// The remedy's name and first change: "lower_rate train.learning_rate=0.0001"; "" for none.
std::string remedy(const char* kind, const Settings& settings,
                   const std::vector<double>& evidence = {}, RemedyCase more = {Settings()}) {
  const auto found = remedy_for({.settings = settings,
                                 .kind = kind,
                                 .evidence = evidence,
                                 .features = 784,
                                 .is_past_end = more.is_past_end,
                                 .epochs = more.epochs,
                                 .can_rescale = more.can_rescale});
  if (!found) return "";
  std::string text = found->name;
  for (const auto& [key, value] : found->changes) text += " " + key + "=" + value_text(value);
  return text + (found->restart ? " anew" : "");
}

}  // namespace

TEST_CASE("rates go by tens, in two digits, within what they may be, and to what is usual") {
  CHECK(remedy("rate_too_high", with({{"train.learning_rate", 0.3}})) ==
        "lower_rate train.learning_rate=0.03");
  CHECK(remedy("rate_too_high", with({{"train.learning_rate", 1e-6}})) == "");
  CHECK(remedy("rate_too_low", with({{"train.learning_rate", 1e-5}})) ==
        "raise_rate train.learning_rate=0.001");
  CHECK(remedy("rate_too_low", with({{"train.learning_rate", 0.0005}})) ==
        "raise_rate train.learning_rate=0.005");
  CHECK(remedy("rate_too_low",
               with({{"train.optimizer", std::string("sgd")}, {"train.learning_rate", 0.01}})) ==
        "raise_rate train.learning_rate=0.1");
  CHECK(remedy("rate_too_low", with({{"train.optimizer", std::string("adadelta")},
                                     {"train.learning_rate", 0.001}})) ==
        "raise_rate train.learning_rate=1");
  CHECK(remedy("rate_too_low", with({{"train.learning_rate", 10.0}})) == "");
  CHECK(remedy("dead_code", with({{"train.learning_rate", 0.1234}})) ==
        "restart_rate train.learning_rate=0.001 anew");
  CHECK(remedy("dead_code", with({{"train.learning_rate", 0.001234}})) ==
        "restart_rate train.learning_rate=0.00012 anew");
  CHECK(remedy("dead_code",
               with({{"train.optimizer", std::string("sgd")}, {"train.learning_rate", 0.1234}})) ==
        "restart_rate train.learning_rate=0.012 anew");
}

TEST_CASE("a schedule is fitted to its run, made slower, or its run longer") {
  const Settings fixed =
      with({{"train.schedule", std::string("cosine")}, {"train.decay_steps", std::int64_t{100}}});
  CHECK(remedy("schedule_ends_early", fixed) == "fit_schedule train.decay_steps=0");
  CHECK(remedy("schedule_over", fixed) == "fit_schedule train.decay_steps=0");
  const Settings fast =
      with({{"train.schedule", std::string("exponential")}, {"train.decay", 0.1}});
  CHECK(remedy("schedule_ends_early", fast) == "slower_decay train.decay=0.5");
  const Settings fitted = with({{"train.schedule", std::string("cosine")}});
  CHECK(remedy("schedule_over", fitted) == "");
  const Settings none;
  CHECK(
      remedy("schedule_over", fitted, {}, {.settings = none, .is_past_end = true, .epochs = 60}) ==
      "train_longer train.epochs=120");
  CHECK(remedy("schedule_over", fixed, {}, {.settings = none, .is_past_end = true, .epochs = 50}) ==
        "train_longer train.epochs=100 train.decay_steps=0");
}

TEST_CASE("targets are brought into reach by their scale, or by the last layer") {
  const Settings signed_scale = with({{"data.scaling", std::string("signed")}});
  CHECK(remedy("unreachable_targets", signed_scale) == "unit_scaling data.scaling=unit");
  CHECK(remedy("targets_outside_loss", signed_scale) == "unit_scaling data.scaling=unit");
  const RemedyCase own{.settings = signed_scale, .can_rescale = false};
  CHECK(remedy("targets_outside_loss", signed_scale, {}, own) ==
        "squared_error model.loss=mse anew");
  const std::string layer = remedy("unreachable_targets", signed_scale, {}, own);
  CHECK(layer.starts_with("linear_output model.decoder="));
  CHECK(layer.find("sigmoid") == std::string::npos);
  CHECK(layer.ends_with(" anew"));
}

TEST_CASE("the others") {
  CHECK(remedy("overfitting", Settings(), {7, 0.1, 0.2}) == "best_epoch train.epochs=7 anew");
  CHECK(remedy("overfitting", Settings()) == "");
  CHECK(remedy("dead_units", with({{"penalty.activity_l1", 0.01}})) ==
        "weaker_penalty penalty.activity_l1=0.001 anew");
  CHECK(remedy("collapsed_posterior", with({{"penalty.kl", 100.0}})) ==
        "lower_kl penalty.kl=0.0013 anew");
  CHECK(remedy("collapsed_posterior", with({{"penalty.kl", 0.001}})) ==
        "kl_warmup penalty.kl_warmup=10 anew");
  CHECK(remedy("collapsed_posterior",
               with({{"penalty.kl", 0.001}, {"penalty.kl_warmup", std::int64_t{20}}})) ==
        "lower_kl penalty.kl=0.00025 anew");
  CHECK(
      remedy("mean_output", with({{"train.optimizer", std::string("sgd")},
                                  {"train.learning_rate", 0.9},
                                  {"model.initializer", std::string("normal")}})) ==
      "adam train.optimizer=adam train.learning_rate=0.001 model.initializer=glorot-uniform anew");
  CHECK(remedy("mean_output", Settings()) == "");
  CHECK(remedy("unheard_of", Settings()) == "");
}

TEST_CASE("there is a rule for every kind of diagnosis") {
  // Of settings in which each has something to change.
  const Settings settings = with({{"data.scaling", std::string("signed")},
                                  {"train.schedule", std::string("cosine")},
                                  {"train.decay_steps", std::int64_t{9}},
                                  {"train.learning_rate", 0.01},
                                  {"penalty.kl", 1.0}});
  const std::vector<double> evidence(5, 3);
  for (const DiagnosisRow& row : diagnosis_table()) {
    CAPTURE(std::string(row.name));
    const auto found =
        remedy_for({.settings = settings, .kind = row.name, .evidence = evidence, .features = 784});
    REQUIRE(found.has_value());
    CHECK_FALSE(found->changes.empty());
    for (const auto& [key, value] : found->changes) {
      CHECK(checked_value(find_setting(key), value) == value);
      CHECK(value != settings.get(key));
    }
  }
}
