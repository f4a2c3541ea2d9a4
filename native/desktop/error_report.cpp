#include "native/desktop/error_report.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <variant>

#include "core/base/json.h"
#include "ui/latent_map/map_state.h"

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

// The widget that Tab has gone to, or "".
std::string widget_with_keyboard(const ui::App& app) {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  if (!g.NavCursorVisible || g.NavId == 0 || !g.NavWindow) return {};
  const ImRect place = ImGui::WindowRectRelToAbs(g.NavWindow, g.NavWindow->NavRectRel[0]);
  const ImVec2 middle = place.GetCenter();
  std::string found;
  float smallest = 0;
  for (const auto& [id, rect] : app.widgets().all()) {
    const float size = rect.w * rect.h;
    if (!rect.contains(middle.x, middle.y) || (!found.empty() && size >= smallest)) continue;
    found = id;
    smallest = size;
  }
  return found;
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
      {"data", store.data.name},
      {"language", ui::language_code(app.language())},
      {"theme", app.theme() == ui::ThemeKind::kDark ? "dark" : "light"},
      {"map_scale", app.state<ui::MapState>().view.scale},
      {"focused", focused},
      {"keyboard", widget_with_keyboard(app)},
      {"pointer", {ImGui::GetIO().MousePos.x, ImGui::GetIO().MousePos.y}},
      {"settings", std::move(settings)},
      {"widgets", nlohmann::json::parse(app.widgets_json())},
  };
  return json_text(report);
}

}  // namespace hourglass
