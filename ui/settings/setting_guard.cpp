#include "ui/settings/setting_guard.h"

#include <imgui.h>

#include "ui/kit/controls.h"
#include "ui/kit/signs.h"
#include "ui/state/lesson_view.h"

namespace hourglass::ui {

SettingGuard::SettingGuard(PanelContext& context, const Rect& area, const session::Setting& setting,
                           bool sign)
    : hidden(lesson_rules(context).hides(setting.key)),
      context_(context),
      area_(area),
      locked_(!hidden && lesson_rules(context).locks(setting.key)),
      sign_(sign) {
  if (locked_) ImGui::BeginDisabled();
}

SettingGuard::~SettingGuard() {
  if (!locked_) return;
  ImGui::EndDisabled();
  const Theme& theme = context_.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(top_left(area_), bottom_right(area_), theme.color(theme.colors.card, 0.5f),
                     m.radius);
  if (!sign_) return;
  // In the place of the list's arrow.
  const float side = m.px(13);
  const ImVec2 center{area_.right() - m.px(17), area_.y + area_.h / 2};
  list.AddRectFilled({center.x - side, center.y - side}, {center.x + side, center.y + side},
                     theme.color(theme.colors.field), m.radius);
  draw_lock_sign(list, center, side, theme.color(theme.colors.muted));
}

void mark_locked(PanelContext& context, Rect line, const session::Setting& setting) {
  if (!lesson_rules(context).locks(setting.key)) return;
  const Theme& theme = context.theme;
  const float side = theme.metrics.small * 0.85f;
  line.cut_left(
      text_width(context, context.texts.setting_label(setting.key), {theme.metrics.small}) +
      theme.metrics.px(6));
  if (line.w < side) return;
  draw_lock_sign(*ImGui::GetWindowDrawList(), {line.x + side / 2, line.y + line.h / 2}, side,
                 theme.color(theme.colors.muted));
}

}  // namespace hourglass::ui
