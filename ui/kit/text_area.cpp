#include "ui/kit/text_area.h"

#include <imgui.h>
#include <misc/cpp/imgui_stdlib.h>

#include <algorithm>

#include "ui/kit/glyphs.h"
#include "ui/kit/item.h"
#include "ui/kit/line_break.h"

namespace hourglass::ui {
namespace {

constexpr std::string_view kSoftBreak = "\r\n";

float area_side(const Metrics& m) { return m.px(10); }
float area_edge(const Metrics& m) { return m.px(7); }

int soft_breaks(std::string_view text) { return static_cast<int>(std::ranges::count(text, '\r')); }

// The field that is edited: what its callback has to know.
struct SoftEdit {
  const Kit* kit = nullptr;
  float width = 0;
  int breaks = 0, length = 0, cursor = 0;  // after the last callback
};

// Where the character is that stands at `plain` in the text without soft breaks.
std::size_t place_in(std::string_view text, std::size_t plain) {
  std::size_t at = 0;
  while (at < text.size() && plain > 0) {
    const bool soft = text[at] == '\r';
    at += soft ? kSoftBreak.size() : 1;
    if (!soft) --plain;
  }
  return at;
}

void break_again(ImGuiInputTextCallbackData& data, const SoftEdit& edited) {
  const auto cursor = static_cast<std::size_t>(data.CursorPos);
  std::string now(data.Buf, static_cast<std::size_t>(data.BufTextLen));
  const std::string before = now;
  // The first half of a break was deleted, as by the key Delete at the end of a line.
  if (soft_breaks(now) + 1 == edited.breaks && data.BufTextLen + 1 == edited.length &&
      cursor < now.size() && now[cursor] == '\n') {
    now.erase(cursor, 1);
  }
  const std::size_t plain = without_soft_breaks(std::string_view(now).substr(0, cursor)).size();
  const std::string again = with_soft_breaks(*edited.kit, edited.width, without_soft_breaks(now));
  if (again == before) return;
  data.DeleteChars(0, data.BufTextLen);
  data.InsertChars(0, again.data(), again.data() + again.size());
  data.CursorPos = static_cast<int>(place_in(again, plain));
  data.SelectionStart = data.SelectionEnd = data.CursorPos;
}

int on_edit(ImGuiInputTextCallbackData* data) {
  SoftEdit& edited = *static_cast<SoftEdit*>(data->UserData);
  if (data->EventFlag == ImGuiInputTextFlags_CallbackEdit) {
    break_again(*data, edited);
  } else {
    // Between the halves of a break there is no place: on, whichever way the cursor goes.
    const int at = data->CursorPos;
    if (at > 0 && at < data->BufTextLen && data->Buf[at - 1] == '\r' && data->Buf[at] == '\n') {
      const bool selects = data->HasSelection();
      data->CursorPos = edited.cursor == at - 1 ? at + 1 : at - 1;
      if (data->SelectionEnd == at) data->SelectionEnd = data->CursorPos;
      if (!selects) data->SelectionStart = data->SelectionEnd = data->CursorPos;
    }
    edited.cursor = data->CursorPos;
  }
  edited.length = data->BufTextLen;
  edited.breaks = soft_breaks({data->Buf, static_cast<std::size_t>(data->BufTextLen)});
  return 0;
}

}  // namespace

std::string with_soft_breaks(const Kit& kit, float width, std::string_view text) {
  ImFont& font = *kit.theme.fonts.regular;
  const float size = glyph_size(kit.theme.metrics.text);
  const auto char_width = [&](char32_t c) { return glyph_advance(font, size, c); };
  std::string broken;
  while (!text.empty()) {
    const std::size_t length = first_line(text, width, char_width);
    broken += text.substr(0, length);
    text.remove_prefix(length);
    if (text.empty()) break;
    const bool hard = text[0] == '\n';
    broken += hard ? "\n" : kSoftBreak;
    if (hard) text.remove_prefix(1);
  }
  return broken;
}

std::string without_soft_breaks(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      plain += text[i];
    } else if (text.substr(i, 2) == kSoftBreak) {
      ++i;
    }
  }
  return plain;
}

float text_area_height(const Kit& kit, float width, std::string_view value, int least) {
  const Metrics& m = kit.theme.metrics;
  const std::string text = with_soft_breaks(kit, width - 2 * area_side(m), value);
  const auto lines = static_cast<int>(std::ranges::count(text, '\n')) + 1;
  return static_cast<float>(std::max(lines, least)) * m.text + 2 * area_edge(m) + m.px(2);
}

bool draw_text_area(Kit& kit, const Rect& area, std::string_view id, std::string& value) {
  static SoftEdit edited;  // of the one field that has the keyboard
  const Metrics& m = kit.theme.metrics;
  const float width = area.w - 2 * area_side(m);
  std::string shown = with_soft_breaks(kit, width, value);
  SoftEdit drawn = edited;
  drawn.kit = &kit;
  drawn.width = width;
  ImGui::SetCursorScreenPos(top_left(area));
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(area_side(m), area_edge(m)));
  const std::string name = "##" + std::string(id);
  ImGui::InputTextMultiline(name.c_str(), &shown, {area.w, area.h},
                            ImGuiInputTextFlags_CallbackEdit | ImGuiInputTextFlags_CallbackAlways |
                                ImGuiInputTextFlags_NoUndoRedo |
                                ImGuiInputTextFlags_NoHorizontalScroll,
                            on_edit, &drawn);
  ImGui::PopStyleVar();
  register_item(kit, id);
  mirror_item(kit, {.role = MirrorRole::kTextArea, .value = value});
  InputState& input = kit.input;
  if (ImGui::IsItemActive()) {
    edited = drawn;
    input.edited_key = id;
    input.edited_text.clear();
    input.edits_words = true;
  } else if (input.edited_key == id) {
    input.edited_key.clear();
    input.edits_words = false;
  }
  std::string plain = without_soft_breaks(shown);
  if (const std::string* written = kit.mirror ? kit.mirror->take(MirrorAct::kWrite) : nullptr) {
    plain = *written;
  }
  if (plain == value) return false;
  value = std::move(plain);
  return true;
}

}  // namespace hourglass::ui
