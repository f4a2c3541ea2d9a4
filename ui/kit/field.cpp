#include "ui/kit/field.h"

#include <imgui.h>
#include <misc/cpp/imgui_stdlib.h>

#include <algorithm>

#include "ui/kit/glyphs.h"
#include "ui/kit/item.h"
#include "ui/kit/text.h"

namespace hourglass::ui {

bool draw_field(Kit& kit, const Rect& area, std::string_view id, std::string& value, bool frame,
                bool words) {
  const Theme& theme = kit.theme;
  const Metrics& m = theme.metrics;
  InputState& input = kit.input;
  const bool mine = input.edited_key == id;
  std::string& text = mine ? input.edited_text : value;
  const float side = frame ? m.px(10) : m.px(4);
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::SetNextItemWidth(area.w);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding,
                      ImVec2(side, std::max(0.0f, (area.h - m.text) / 2)));
  const float width = text_width(kit, text);
  if (!frame) {
    // Right-aligned at rest: the padding pushes a short number to the edge.
    const float pad = std::max(side, area.w - width - side);
    ImGui::PushStyleVarX(ImGuiStyleVar_FramePadding, mine ? side : pad);
    if (!mine) ImGui::PushStyleColor(ImGuiCol_FrameBg, IM_COL32_BLACK_TRANS);
  }
  const std::string name = "##" + std::string(id);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const int vertices = list.VtxBuffer.Size;
  ImGui::InputText(name.c_str(), &text, ImGuiInputTextFlags_AutoSelectAll);
  align_glyphs(list, vertices, ImGui::GetItemRectMin().y + ImGui::GetStyle().FramePadding.y);
  if (!frame) {
    if (!mine) ImGui::PopStyleColor();
    ImGui::PopStyleVar();
  }
  ImGui::PopStyleVar();
  register_item(kit, id);
  mirror_item(kit, {.role = MirrorRole::kField, .value = text});
  bool finished = ImGui::IsItemDeactivatedAfterEdit();
  if (ImGui::IsItemActivated() || (ImGui::IsItemActive() && !mine)) {
    input.edited_text = text;
    input.edited_key = id;
    input.edits_words = words;
  } else if (mine && !ImGui::IsItemActive()) {
    if (finished) value = input.edited_text;
    input.edits_words = false;
    input.edited_key.clear();
    input.edited_text.clear();
  }
  if (const std::string* written = kit.mirror ? kit.mirror->take(MirrorAct::kWrite) : nullptr) {
    value = *written;
    finished = true;
  }
  return finished;
}

}  // namespace hourglass::ui
