// The card of what is wrong with a run: its words, the button that mends it, and the one that takes
// that back.
#include "core/analysis/diagnosis.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/session/settings/remedies.h"
#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

using session::Value;
using Pairs = std::vector<std::pair<std::string, Value>>;

// A harness whose engine has these settings.
struct Engine {
  explicit Engine(Harness& given) : harness(given) {}

  void set(const Pairs& pairs) {
    for (const auto& [key, value] : pairs) settings.set(key, value);
    harness.app.receive(session::SettingsChanged{settings.all()});
    harness.settle();
  }
  void tell(std::vector<session::DiagnosisInfo> found) {
    harness.app.receive(session::Diagnoses{std::move(found)});
    harness.settle();
  }
  void phase(session::Phase phase) {
    session::Status status;
    status.phase = phase;
    status.step = 400;
    status.epoch = 10;
    harness.app.receive(status);
    harness.settle();
  }
  // Takes what was sent last as the session does.
  void obey() {
    if (const auto* changed = harness.last<session::SetSettings>()) set(changed->values);
  }

  Harness& harness;
  session::Settings settings;
};

const session::DiagnosisInfo kTooHigh{"rate_too_high", {0.3, 0.2, 50, 4}, "in English"};
const session::DiagnosisInfo kDead{"dead_code", {32}, "in English"};

TEST_CASE("diagnosis: its button mends it at once, and another takes that back") {
  Harness harness;
  feed(harness);
  Engine engine(harness);
  engine.set({{"train.learning_rate", 0.3}});
  engine.phase(session::Phase::kRunning);
  engine.tell({kTooHigh});
  REQUIRE_FALSE(harness.widget("message:diagnosis").empty());
  REQUIRE(harness.click("remedy"));
  REQUIRE(harness.sent<session::SetSettings>() == 1);
  CHECK(harness.last<session::SetSettings>()->values == Pairs{{"train.learning_rate", 0.03}});
  CHECK(harness.sent<session::Reset>() == 0);
  CHECK(harness.widget("message:diagnosis").empty());  // it is on its way
  CHECK(harness.widget("message:remedy").empty());
  engine.obey();
  engine.tell({});
  CHECK_FALSE(harness.widget("message:remedy").empty());
  REQUIRE(harness.click("take_back"));
  CHECK(harness.last<session::SetSettings>()->values == Pairs{{"train.learning_rate", 0.3}});
  CHECK(harness.sent<session::Reset>() == 0);
  CHECK(harness.widget("message:remedy").empty());
}

TEST_CASE("diagnosis: where the run must begin anew it does, and the one before comes back") {
  Harness harness;
  feed(harness);
  Engine engine(harness);
  engine.set({{"train.learning_rate", 0.3}});
  harness.app.receive(session::History{.restart = true, .run = 4});
  harness.app.receive(session::History{.losses = {{1, 0.1, 0.5}}});
  engine.phase(session::Phase::kRunning);
  engine.tell({kDead});
  REQUIRE(harness.click("remedy"));
  CHECK(harness.sent<session::SetSettings>() == 1);
  CHECK(harness.sent<session::Reset>() == 1);
  CHECK(harness.sent<session::Run>() == 1);  // as it was running
  engine.obey();
  session::RunKept kept;
  kept.run = kept.present = 4;
  harness.app.receive(kept);
  harness.app.receive(session::History{.restart = true, .run = 5});
  engine.tell({});
  REQUIRE(harness.click("take_back"));
  REQUIRE(harness.sent<session::LoadKeptRun>() == 1);
  CHECK(harness.last<session::LoadKeptRun>()->run == 4);
  CHECK(harness.sent<session::SetSettings>() == 1);

  // One that the engine has not kept begins again with its settings.
  engine.set({{"train.learning_rate", 0.3}});
  engine.phase(session::Phase::kPaused);
  engine.tell({kDead});
  REQUIRE(harness.click("remedy"));
  CHECK(harness.sent<session::Run>() == 2);  // that of the button before, and none of a pause
  engine.obey();
  engine.tell({});
  REQUIRE(harness.click("take_back"));
  CHECK(harness.last<session::SetSettings>()->values == Pairs{{"train.learning_rate", 0.3}});
  CHECK(harness.sent<session::Reset>() == 3);
}

TEST_CASE("diagnosis: what was chosen is forgotten when the settings are others, or refused") {
  Harness harness;
  feed(harness);
  Engine engine(harness);
  engine.set({{"train.learning_rate", 0.3}});
  engine.tell({kTooHigh});
  REQUIRE(harness.click("remedy"));
  engine.obey();
  CHECK_FALSE(harness.widget("message:remedy").empty());
  engine.set({{"train.learning_rate", 0.02}});
  CHECK(harness.widget("message:remedy").empty());
  CHECK_FALSE(harness.widget("message:diagnosis").empty());  // which was not mended
  REQUIRE(harness.click("remedy"));
  CHECK(harness.widget("message:diagnosis").empty());
  harness.app.receive(session::Failure{1, "It cannot be."});
  harness.settle();
  CHECK(harness.widget("message:remedy").empty());
  CHECK_FALSE(harness.widget("message:diagnosis").empty());
}

TEST_CASE("diagnosis: of several each has its turn, and its own remedy") {
  Harness harness;
  feed(harness);
  Engine engine(harness);
  engine.set({{"train.learning_rate", 0.3},
              {"train.schedule", std::string("cosine")},
              {"train.decay_steps", std::int64_t{9}}});
  engine.tell({{"schedule_ends_early", {9, 2000}, ""}, kDead});
  REQUIRE(harness.click("next_diagnosis"));
  REQUIRE(harness.click("next_diagnosis"));
  REQUIRE(harness.click("remedy"));
  CHECK(harness.last<session::SetSettings>()->values ==
        Pairs{{"train.decay_steps", std::int64_t{0}}});
  engine.tell({kDead});
  CHECK(harness.widget("next_diagnosis").empty());
}

TEST_CASE("diagnosis: a refusal that is a failure, too, is said once") {
  Harness harness;
  feed(harness);
  Engine engine(harness);
  engine.set({{"data.scaling", std::string("signed")}});
  const std::string sentence = "The loss needs data in [0, 1].";
  harness.app.receive(session::Failure{0, sentence});
  engine.tell({{"targets_outside_loss", {600, 600, -1}, sentence}});
  CHECK(harness.widget("message:failure").empty());
  REQUIRE(harness.click("remedy"));
  CHECK(harness.last<session::SetSettings>()->values ==
        Pairs{{"data.scaling", std::string("unit")}});
  CHECK(harness.sent<session::Reset>() == 0);
}

TEST_CASE("diagnosis: every kind has words for its remedy in both languages, and room on a phone") {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    for (const float scale : {1.0f, 2.0f}) {
      AppOptions options;
      options.language = language;
      options.text_scale = scale;
      Harness harness(390, 2400, std::move(options));
      feed(harness);
      Engine engine(harness);
      engine.set({{"data.scaling", std::string("signed")},
                  {"train.learning_rate", 0.3},
                  {"train.schedule", std::string("cosine")},
                  {"train.decay_steps", std::int64_t{9}},
                  {"penalty.activity_l1", 0.01}});
      const Texts texts = Texts::embedded();
      for (const DiagnosisRow& row : diagnosis_table()) {
        const std::vector<double> evidence(row.evidence.size(), 12.34567);
        engine.tell({{std::string(row.name), evidence, ""}});
        CAPTURE(std::string(row.name));
        const Rect card = harness.widget("message:diagnosis");
        const Rect button = harness.widget("remedy");
        REQUIRE_FALSE(card.empty());
        REQUIRE_FALSE(button.empty());
        CHECK(button.x >= card.x);
        CHECK(button.right() <= card.right());
        CHECK(button.bottom() <= card.bottom());
        const auto remedy = session::remedy_for(
            {.settings = engine.settings, .kind = row.name, .evidence = evidence, .features = 784});
        REQUIRE(remedy.has_value());
        CHECK(texts.has(language, "remedy." + remedy->name));
      }
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
