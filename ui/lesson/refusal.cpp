#include "ui/lesson/refusal.h"

#include "core/session/lesson/locks.h"

namespace hourglass::ui {

std::string refusal_sentence(const session::LessonRules& rules, const Store& store,
                             const Texts& texts, const session::Command& command) {
  const auto refusal =
      session::refusal_of(rules, command, [&](std::string_view key) -> const session::Value* {
        const auto found = store.settings.find(key);
        return found == store.settings.end() ? nullptr : &found->second;
      });
  if (!refusal) return {};
  if (refusal->setting.empty()) {
    return texts.format("lesson.locked.command", {texts.get("lesson.command." + refusal->command)});
  }
  return texts.format("lesson.locked.setting", {texts.setting_label(refusal->setting)});
}

}  // namespace hourglass::ui
