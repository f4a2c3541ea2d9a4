#include "ui/state/known_settings.h"

#include "core/base/error.h"

namespace hourglass::ui {

session::Settings known_settings(const Store& store) {
  session::Settings settings;
  for (const auto& [key, value] : store.settings) {
    try {
      settings.set(key, value);
    } catch (const Error&) {
      // It does not belong to a preset that is known here.
    }
  }
  return settings;
}

}  // namespace hourglass::ui
