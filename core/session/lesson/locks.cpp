#include "core/session/lesson/locks.h"

#include <type_traits>

#include "core/base/json.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {
namespace {

// Of a job that understands files: whether their data are to be taken into use.
bool uses_data(const std::string& arguments) {
  const Json json = parse_json(arguments);
  const auto action = json.find("action");
  return json.is_object() && action != json.end() && *action == "use";
}

class Gate {
 public:
  Gate(const LessonRules& rules, const PresentValue& present) : rules_(rules), present_(present) {}

  template <typename Body>
  std::optional<Refusal> operator()(const Body& body) const {
    if constexpr (std::is_same_v<Body, SetSetting>) {
      return setting(body.key, body.value);
    } else if constexpr (std::is_same_v<Body, SetSettings>) {
      for (const auto& [key, value] : body.values) {
        if (std::optional<Refusal> refusal = setting(key, value)) return refusal;
      }
    } else if constexpr (std::is_same_v<Body, LoadPreset>) {
      return preset(body.name);
    } else if constexpr (std::is_same_v<Body, Run>) {
      return command("run");
    } else if constexpr (std::is_same_v<Body, Pause>) {
      return command("pause");
    } else if constexpr (std::is_same_v<Body, ShowStep>) {
      // The way back to now is always open.
      if (body.step >= 0) return command("pause");
    } else if constexpr (std::is_same_v<Body, Step>) {
      return command("step");
    } else if constexpr (std::is_same_v<Body, FinishEpoch>) {
      return command("epoch");
    } else if constexpr (std::is_same_v<Body, Reset> || std::is_same_v<Body, GoOnFromStep>) {
      return command("reset");
    } else if constexpr (std::is_same_v<Body, NewSeed>) {
      if (rules_.locks("train.seed")) return Refusal{"train.seed", {}};
      return command("new_seed");
    } else if constexpr (std::is_same_v<Body, LoadCheckpoint> ||
                         std::is_same_v<Body, LoadKeptRun>) {
      return another_run();
    } else if constexpr (std::is_same_v<Body, ProvideData>) {
      // Under this name data come also where nobody has asked for them.
      if (body.name == "own") return setting("data.set", std::string("own"));
    } else if constexpr (std::is_same_v<Body, StartJob>) {
      if (body.kind == "import" && uses_data(body.arguments)) {
        return setting("data.set", std::string("own"));
      }
    }
    return std::nullopt;
  }

 private:
  std::optional<Refusal> command(std::string_view name) const {
    if (rules_.allows(name)) return std::nullopt;
    return Refusal{{}, std::string(name)};
  }

  std::optional<Refusal> setting(std::string_view name, const Value& value) const {
    for (const Setting& row : settings_table()) {
      if (!row.is_called(name)) continue;
      if (!rules_.locks(row.key)) return std::nullopt;
      const Value* const now = present_(row.key);
      if (now && (*now == value || value_text(*now) == value_text(value))) return std::nullopt;
      return Refusal{std::string(row.key), {}};
    }
    return std::nullopt;  // the session says that there is none
  }

  std::optional<Refusal> preset(std::string_view name) const {
    if (std::optional<Refusal> refusal = command("preset")) return refusal;
    for (const Preset& each : presets()) {
      if (each.name != name) continue;
      for (const Setting& row : settings_table()) {
        if (row.scope != Scope::kRun || row.stays_with_preset) continue;
        if (std::optional<Refusal> refusal = setting(row.key, each.values.get(row.key))) {
          return refusal;
        }
      }
    }
    return std::nullopt;
  }

  std::optional<Refusal> another_run() const {
    if (std::optional<Refusal> refusal = command("open")) return refusal;
    for (const Setting& row : settings_table()) {
      if (row.scope == Scope::kRun && rules_.locks(row.key)) {
        return Refusal{std::string(row.key), {}};
      }
    }
    return std::nullopt;
  }

  const LessonRules& rules_;
  const PresentValue& present_;
};

}  // namespace

std::optional<Refusal> refusal_of(const LessonRules& rules, const Command& command,
                                  const PresentValue& present) {
  return std::visit(Gate(rules, present), command.body);
}

}  // namespace hourglass::session
