#include "native/desktop_report.h"

#include <imgui.h>

#include <nlohmann/json.hpp>
#include <variant>

namespace hourglass {
namespace {

const char* phase_name(session::Phase phase) {
  switch (phase) {
    case session::Phase::kWaitingForData:
      return "waiting_for_data";
    case session::Phase::kPaused:
      return "paused";
    case session::Phase::kRunning:
      return "running";
    case session::Phase::kFinished:
      return "finished";
  }
  return "";
}

}  // namespace

std::string report_json(const ui::App& app, bool focused) {
  const ui::Store& store = app.store();
  nlohmann::json settings = nlohmann::json::object();
  for (const auto& [key, value] : store.settings) {
    std::visit([&, &name = key](const auto& held) { settings[name] = held; }, value);
  }
  nlohmann::json report{
      {"frames", app.frame_times().statistics().frames},
      {"phase", phase_name(store.status.phase)},
      {"step", store.status.step},
      {"epoch", store.status.epoch},
      {"language", ui::language_code(app.language())},
      {"theme", app.theme() == ui::ThemeKind::kDark ? "dark" : "light"},
      {"map_scale", app.view().map.scale},
      {"focused", focused},
      {"pointer", {ImGui::GetIO().MousePos.x, ImGui::GetIO().MousePos.y}},
      {"settings", std::move(settings)},
      {"widgets", nlohmann::json::parse(app.widgets_json())},
  };
  return report.dump();
}

}  // namespace hourglass
