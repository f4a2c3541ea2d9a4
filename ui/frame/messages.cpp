#include "ui/frame/messages.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>

#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

struct Bar {
  std::string text;
  std::string_view button_id;  // empty: no button
  std::string button_label;    // empty: a cross
  Rgb paper = 0, ink = 0;
  double progress = -1;     // 0 to 1 where it is known
  Icon icon = Icon::kNone;  // of the button
};

// Of what is wrong: whoever has put the sentence away has done so until something else is.
std::string kinds_of(const Store& store) {
  std::string kinds;
  for (const session::DiagnosisInfo& diagnosis : store.diagnoses) kinds += diagnosis.kind + " ";
  return kinds;
}

// A kind that only a newer engine knows comes as that engine's sentence.
std::string diagnosis_text(const Texts& texts, const session::DiagnosisInfo& diagnosis) {
  const std::string key = "diagnosis." + diagnosis.kind;
  if (!texts.has(Language::kEnglish, key)) return diagnosis.sentence;
  const auto number = [&](std::size_t i) {
    if (i >= diagnosis.evidence.size()) return std::string();
    const double value = diagnosis.evidence[i];
    return value == std::floor(value) && std::fabs(value) < 1e15
               ? grouped(static_cast<std::int64_t>(value))
               : significant(value, 4);
  };
  return texts.format(key, {number(0), number(1)});
}

std::vector<Bar> bars(const PanelContext& context) {
  const Store& store = context.store;
  const Texts& texts = context.texts;
  const Palette& c = context.theme.colors;
  std::vector<Bar> out;

  int unseen = 0;
  for (const Notice& notice : store.notices)
    unseen += notice.serial > context.state<MessagesState>().dismissed;
  if (unseen > 0) {
    std::string text = store.notices.back().message;
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
    out.push_back(std::move(bar));
  }
  if (!store.diagnoses.empty() &&
      context.state<MessagesState>().diagnosis_dismissed != kinds_of(store)) {
    out.push_back({diagnosis_text(texts, store.diagnoses.front()), "dismiss_diagnosis", "",
                   c.notice, c.on_notice, -1});
  }
  return out;
}

Button reset_button(const PanelContext& context, const Bar& bar) {
  return {.id = bar.button_id,
          .label = bar.button_label,
          .icon = bar.icon,
          .kind = ButtonKind::kPrimary,
          .help_title = bar.button_label,
          .help = context.texts.get("message.reset_now.help")};
}

float button_space(const PanelContext& context, const Bar& bar) {
  const Metrics& m = context.theme.metrics;
  if (bar.button_id.empty()) return 0;
  if (bar.button_label.empty()) return m.control + m.gap;
  return button_width(context, reset_button(context, bar)) + m.gap;
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
  return height;
}

void draw_messages(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  Rect area = context.area;
  for (const Bar& bar : bars(context)) {
    area.cut_top(m.gap);
    const Rect box = area.cut_top(bar_height(context, bar, context.area.w)).inset(m.gutter, 0);
    list.AddRectFilled(top_left(box), bottom_right(box), theme.color(bar.paper), m.radius);
    register_widget(context,
                    bar.button_id.empty()                  ? "message:loading"
                    : bar.button_id == "dismiss"           ? "message:failure"
                    : bar.button_id == "dismiss_diagnosis" ? "message:diagnosis"
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
        if (bar.button_id == "dismiss") {
          context.state<MessagesState>().dismissed = context.store.notices_so_far;
        } else {
          context.state<MessagesState>().diagnosis_dismissed = kinds_of(context.store);
        }
      }
    } else if (draw_button(context, place, reset_button(context, bar))) {
      context.send(session::Reset{});
    }
  }
}

}  // namespace hourglass::ui
