#include "ui/frame/messages.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/frame/diagnosis_card.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/lesson/lesson_state.h"

namespace hourglass::ui {
namespace {

struct Bar {
  std::string text;
  std::string_view button_id;  // empty: no button
  std::string button_label;    // empty: a cross
  Rgb paper = 0, ink = 0;
  double progress = -1;            // 0 to 1 where it is known
  Icon icon = Icon::kNone;         // of the button
  std::string button_help = {};    // of one with a label
  std::string_view cross_id = {};  // of a cross beside it; empty: there is none
};

// What the card of a diagnosis says better, with a way out.
bool is_in_diagnosis(const Store& store, const Notice& notice) {
  return std::ranges::any_of(store.diagnoses, [&](const session::DiagnosisInfo& diagnosis) {
    return diagnosis.sentence == notice.message;
  });
}

std::vector<Bar> bars(const PanelContext& context) {
  const Store& store = context.store;
  const Texts& texts = context.texts;
  const Palette& c = context.theme.colors;
  std::vector<Bar> out;

  int unseen = 0;
  const Notice* newest = nullptr;
  for (const Notice& notice : store.notices) {
    if (notice.serial <= context.state<MessagesState>().dismissed) continue;
    if (is_in_diagnosis(store, notice)) continue;
    ++unseen;
    newest = &notice;
  }
  if (newest) {
    std::string text = newest->message;
    if (unseen > 1) text = texts.format("message.more", {text, std::to_string(unseen - 1)});
    out.push_back({std::move(text), "dismiss", "", c.warning, c.on_warning, -1});
  }
  if (!store.loading.empty()) {
    const std::string& name = texts.choice(store.loading);
    const double part = store.loading_fraction;
    std::string text = part < 0
                           ? texts.format("message.loading", {name})
                           : texts.format("message.loading_progress", {name, fixed(part * 100, 0)});
    out.push_back({std::move(text), "", "", c.notice, c.on_notice, part});
  }
  if (!store.status.pending_reset.empty()) {
    std::string names;
    for (const std::string& key : store.status.pending_reset) {
      const bool chinese = texts.language() == Language::kChinese;
      if (!names.empty()) names += chinese ? "、" : ", ";
      names += texts.setting_label(key);
    }
    Bar bar{texts.format("message.pending", {names}),
            "reset_now",
            texts.get("message.reset_now"),
            c.notice,
            c.on_notice,
            -1};
    bar.icon = Icon::kReset;
    bar.button_help = texts.get("message.reset_now.help");
    out.push_back(std::move(bar));
  }
  if (!context.state<LessonState>().offered.empty()) {
    Bar bar{texts.get("lesson.offer"),
            "lesson:offer",
            texts.get("lesson.offer.start"),
            c.notice,
            c.on_notice,
            -1};
    bar.icon = Icon::kBookmark;
    bar.button_help = texts.get("lesson.offer.help");
    bar.cross_id = "lesson:no_offer";
    out.push_back(std::move(bar));
  }
  return out;
}

Button labelled_button(const PanelContext& context, const Bar& bar) {
  return {.id = bar.button_id,
          .label = bar.button_label,
          .icon = bar.icon,
          .kind = ButtonKind::kPrimary,
          .help_title = bar.button_label,
          .help = bar.button_help};
}

float button_space(const PanelContext& context, const Bar& bar) {
  const Metrics& m = context.theme.metrics;
  if (bar.button_id.empty()) return 0;
  if (bar.button_label.empty()) return m.control + m.gap;
  const float cross = bar.cross_id.empty() ? 0 : m.control;
  return button_width(context, labelled_button(context, bar)) + cross + m.gap;
}

float text_room(const PanelContext& context, const Bar& bar, float width) {
  const Metrics& m = context.theme.metrics;
  return std::max(m.px(80), width - 2 * m.gutter - 2 * m.px(12) - button_space(context, bar));
}

float bar_height(const PanelContext& context, const Bar& bar, float width) {
  const Metrics& m = context.theme.metrics;
  const float text =
      draw_paragraph(context, 0, 0, text_room(context, bar, width), bar.text, 0, m.text, false);
  return std::ceil(std::max(m.control + m.px(6), text + m.px(14)));
}

}  // namespace

float messages_height(const PanelContext& context, float width) {
  float height = 0;
  for (const Bar& bar : bars(context)) {
    height += bar_height(context, bar, width) + context.theme.metrics.gap;
  }
  return height + diagnosis_cards_height(context, width);
}

void draw_messages(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  Rect area = context.area;
  const MirrorNews news(context);
  for (const Bar& bar : bars(context)) {
    area.cut_top(m.gap);
    const Rect box = area.cut_top(bar_height(context, bar, context.area.w)).inset(m.gutter, 0);
    list.AddRectFilled(top_left(box), bottom_right(box), theme.color(bar.paper), m.radius);
    register_widget(context,
                    bar.button_id.empty()             ? "message:loading"
                    : bar.button_id == "dismiss"      ? "message:failure"
                    : bar.button_id == "lesson:offer" ? "message:offer"
                                                      : "message:pending",
                    box);
    if (bar.progress >= 0) {
      const float part = static_cast<float>(std::clamp(bar.progress, 0.0, 1.0));
      list.PushClipRect({box.x, box.bottom() - m.px(4)}, bottom_right(box), true);
      list.AddRectFilled(top_left(box), {box.x + box.w * part, box.bottom()},
                         theme.color(theme.colors.train), m.radius);
      list.PopClipRect();
    }
    Rect inside = box.inset(m.px(12), 0);
    const float room = text_room(context, bar, context.area.w);
    const float height = draw_paragraph(context, 0, 0, room, bar.text, 0, m.text, false);
    draw_paragraph(context, inside.x, inside.y + (inside.h - height) / 2, room, bar.text,
                   theme.color(bar.ink), m.text);
    if (bar.button_id.empty()) continue;
    const float button = button_space(context, bar) - m.gap;
    Rect place = inside.cut_right(button);
    place = {place.x, place.y + (place.h - m.control) / 2, place.w, m.control};
    if (bar.button_label.empty()) {
      place = place.moved(m.px(8), 0);
      if (draw_button(context, place,
                      {.id = bar.button_id,
                       .icon = Icon::kClose,
                       .kind = ButtonKind::kBare,
                       .help = context.texts.get("message.dismiss")})) {
        context.state<MessagesState>().dismissed = context.store.notices_so_far;
      }
      continue;
    }
    LessonState& lesson = context.state<LessonState>();
    if (!bar.cross_id.empty() && draw_button(context, place.cut_right(m.control).moved(m.px(6), 0),
                                             {.id = bar.cross_id,
                                              .icon = Icon::kClose,
                                              .kind = ButtonKind::kBare,
                                              .help = context.texts.get("message.dismiss")})) {
      lesson.offered.clear();
      lesson.changed = true;  // it is not to be offered again
      context.animating = true;
      continue;
    }
    if (!draw_button(context, place, labelled_button(context, bar))) continue;
    if (bar.cross_id.empty()) {
      context.send(session::Reset{});
    } else {
      lesson.wanted = lesson.offered;
    }
  }
  draw_diagnosis_cards(context, area);
}

}  // namespace hourglass::ui
