// What a lesson lets through to the session.
#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "core/session/lesson/locks.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {
namespace {

struct Lock {
  LessonRules rules;
  Settings settings;

  // What is refused: "" where nothing is, a setting's key, or a command's name behind "!".
  template <typename Body>
  std::string refused(Body body) const {
    const auto refusal = refusal_of(rules, Command{0, std::move(body)},
                                    [&](std::string_view key) { return &settings.get(key); });
    if (!refusal) return "";
    return refusal->setting.empty() ? "!" + refusal->command : refusal->setting;
  }
};

}  // namespace

TEST_CASE("a locked setting is not changed, by itself, among others or by a preset") {
  Lock lock;
  lock.rules.locked = {"train.*"};
  lock.rules.unlocked = {"train.learning_rate"};
  CHECK(lock.refused(SetSetting{"train.momentum", 0.5}) == "train.momentum");
  CHECK(lock.refused(SetSetting{"train.learning_rate", 0.5}) == "");
  CHECK(lock.refused(SetSetting{"noise.level", 0.5}) == "");
  CHECK(lock.refused(SetSettings{{{"noise.level", 0.5}, {"train.momentum", 0.5}}}) ==
        "train.momentum");
  CHECK(lock.refused(SetSetting{"no.such", 1.0}) == "");  // the session says so
  // The value that it has is no change, also as text.
  const Value rate = lock.settings.get("train.batch_size");
  CHECK(lock.refused(SetSetting{"train.batch_size", rate}) == "");
  CHECK(lock.refused(SetSetting{"train.batch_size", value_text(rate)}) == "");
  // A name that a setting had is its own.
  for (const Setting& row : settings_table()) {
    for (const std::string_view alias : row.aliases) {
      Lock all;
      all.rules.locked = {std::string(row.key)};
      CHECK(all.refused(SetSetting{std::string(alias), std::string("other")}) == row.key);
    }
  }
}

TEST_CASE("a preset passes where it changes nothing that is locked") {
  Lock lock;
  lock.rules.locked = {"model.encoder"};
  apply_preset(find_preset("vanilla"), lock.settings);
  CHECK(lock.refused(LoadPreset{"vanilla"}) == "");
  CHECK(lock.refused(LoadPreset{"deep"}) == "model.encoder");
  lock.rules.commands = {"run"};
  CHECK(lock.refused(LoadPreset{"vanilla"}) == "!preset");
}

TEST_CASE("commands are let through as the lesson says") {
  Lock lock;
  CHECK(lock.refused(Run{}) == "");
  CHECK(lock.refused(LoadCheckpoint{}) == "");
  lock.rules.commands = {"run"};
  CHECK(lock.refused(Run{}) == "");
  CHECK(lock.refused(Pause{}) == "!pause");
  CHECK(lock.refused(ShowStep{3}) == "!pause");
  CHECK(lock.refused(ShowStep{-1}) == "");  // as it is now
  CHECK(lock.refused(Step{1}) == "!step");
  CHECK(lock.refused(FinishEpoch{}) == "!epoch");
  CHECK(lock.refused(Reset{}) == "!reset");
  CHECK(lock.refused(NewSeed{}) == "!new_seed");
  CHECK(lock.refused(LoadCheckpoint{}) == "!open");
  CHECK(lock.refused(LoadKeptRun{1}) == "!open");
  // What asks, or works beside the run, passes.
  CHECK(lock.refused(Decode{}) == "");
  CHECK(lock.refused(SnapshotTaken{}) == "");
  CHECK(lock.refused(SaveCheckpoint{}) == "");
  CHECK(lock.refused(StartJob{"tsne"}) == "");
}

TEST_CASE("what brings all settings along is refused where one of the run is locked") {
  Lock lock;
  lock.rules.locked = {"train.seed"};
  CHECK(lock.refused(LoadCheckpoint{}) == "train.seed");
  CHECK(lock.refused(LoadKeptRun{1}) == "train.seed");
  CHECK(lock.refused(NewSeed{}) == "train.seed");
  lock.rules.locked = {"view.images"};
  CHECK(lock.refused(LoadCheckpoint{}) == "");
}

TEST_CASE("data of one's own do not come in where the data are locked") {
  Lock lock;
  lock.rules.locked = {"data.set"};
  ProvideData own;
  own.name = "own";
  CHECK(lock.refused(own) == "data.set");
  own.name = "mnist";  // the session has asked for it
  CHECK(lock.refused(own) == "");
  CHECK(lock.refused(StartJob{"import", R"({"action":"use"})"}) == "data.set");
  CHECK(lock.refused(StartJob{"import", R"({"action":"preview"})"}) == "");
  CHECK(lock.refused(StartJob{"import", "no JSON"}) == "");
}

}  // namespace hourglass::session
