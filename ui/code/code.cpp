// One bar per code unit, to be moved by hand, and the image that the code decodes to.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <span>
#include <utility>

#include "ui/code/code_bars.h"
#include "ui/code/code_mirror.h"
#include "ui/code/code_state.h"
#include "ui/images/image_cell.h"
#include "ui/images/pictures.h"
#include "ui/kit/controls.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

constexpr float kWidestBar = 72;  // in points

// The code on show: the edited one, or that of the sample, or the mean of all.
session::Floats shown_code(const PanelContext& context, std::span<const UnitRange> ranges) {
  CodeState& state = context.state<CodeState>();
  const auto units =
      static_cast<std::size_t>(std::max<std::int64_t>(0, context.store.network.code_size));
  if (state.edited && state.code.size() != units) state.edited = false;  // of another network
  if (state.edited) return state.code;
  const std::span<const float> sample = sample_code(context.store);
  if (!sample.empty()) return {sample.begin(), sample.end()};
  session::Floats means;
  for (const UnitRange& range : ranges) means.push_back(range.mean);
  return means;
}

void ask_pictures(PanelContext& context, const session::Floats& code) {
  const Store::Revisions& at = context.store.revisions;
  const Mark mark =
      Mark().add(at.reconstructed).add(at.network).add(at.data).add(std::span(std::as_const(code)));
  context.requests.ask(context.post, Query::kCode, mark.value(), session::Decode{code});
}

// Where the sample's own picture is: among those on display, or else to be asked for. Returns the
// index in the atlas, or -1 while it is not there.
int sample_picture(PanelContext& context, ImageAtlas*& atlas) {
  const session::Snapshot& now = context.store.snapshot;
  if (now.image_indices) {
    const auto found = std::find(now.image_indices->begin(), now.image_indices->end(),
                                 static_cast<std::uint32_t>(now.sample));
    const auto index = static_cast<int>(found - now.image_indices->begin());
    atlas = &context.state<Pictures>().row(ImageRow::kOriginal, context.store);
    if (found != now.image_indices->end() && index < atlas->count()) return index;
  }
  const std::uint64_t tag = Mark().add(context.store.revisions.data).add(now.sample).value();
  context.requests.ask(context.post, Query::kSample, tag,
                       session::GetImages{{static_cast<std::uint32_t>(now.sample)}});
  atlas = &context.state<Pictures>().asked(Query::kSample, context.requests, context.store);
  return context.requests.answer(Query::kSample).tag == tag && atlas->count() > 0 ? 0 : -1;
}

void draw_labelled(PanelContext& context, Rect area, std::string_view id, std::string_view label,
                   std::string_view help, ImageAtlas* atlas, int index) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_text(context, area.cut_top(m.label), label, theme.color(theme.colors.muted), {m.small});
  const float side = std::min(area.w, area.h);
  const Rect cell{area.x, area.y, side, side};
  draw_paper(context, cell);
  if (atlas) draw_image(context, *atlas, index, cell);
  ImGui::SetCursorScreenPos(top_left(cell));
  ImGui::Dummy({cell.w, cell.h});
  register_item(context, id);
  draw_help(context, label, help);
}

void draw_decoded(PanelContext& context, const Rect& area) {
  ImageAtlas& atlas =
      context.state<Pictures>().asked(Query::kCode, context.requests, context.store);
  const bool there = context.requests.answer(Query::kCode).tag != 0;
  draw_labelled(context, area, "code:image", context.texts.get("code.image"),
                context.texts.get("code.image.help"), there ? &atlas : nullptr, 0);
}

void draw_original(PanelContext& context, const Rect& area) {
  if (sample_code(context.store).empty()) return;
  ImageAtlas* atlas = nullptr;
  const int index = sample_picture(context, atlas);
  draw_labelled(context, area, "code:original",
                context.texts.format("code.original", {grouped(context.store.snapshot.sample)}),
                context.texts.get("code.original.help"), index >= 0 ? atlas : nullptr, index);
}

float buttons_width(const PanelContext& context) {
  float width = 0;
  for (const char* name : {"code.sample", "code.mean", "code.random"}) {
    width +=
        button_width(context, {.label = context.texts.get(name)}) + context.theme.metrics.px(4);
  }
  return width;
}

// Left of the bars where the panel is wide, above them where it is narrow. Cuts what it needs off
// `area`.
void draw_pictures(PanelContext& context, Rect& area, std::size_t units) {
  const Metrics& m = context.theme.metrics;
  if (area.w >= m.px(400)) {
    const float large = std::floor(std::min(area.h - m.label, area.w * 0.34f)), small = m.px(68);
    const float bars = std::max(buttons_width(context), static_cast<float>(units) * m.px(12));
    if (area.h < 1.5f * large && area.w - large - small - m.gap - 2 * m.gutter >= bars) {
      // A short code in a low panel leaves room beside the decoded image.
      draw_decoded(context, area.cut_left(large));
      area.cut_left(m.gap);
      draw_original(context, area.cut_left(small));
      area.cut_left(m.gutter + m.px(2));
      return;
    }
    // One above the other, the decoded one larger where both cannot be large.
    const float both = area.h - 2 * m.label - m.px(4);
    const float most = std::min(area.w * 0.36f, m.px(300));
    const float side = std::floor(std::min(most, std::max(both * 0.64f, both - most)));
    Rect column = area.cut_left(side);
    draw_decoded(context, column.cut_top(m.label + side));
    column.cut_top(m.px(4));
    draw_original(context, column);
    area.cut_left(m.gutter + m.px(2));
    return;
  }
  const float side = std::floor(std::min((area.w - m.gutter) / 2, area.h * 0.4f - m.label));
  Rect line = area.cut_top(m.label + side);
  draw_decoded(context, line.cut_left(side));
  line.cut_left(m.gutter);
  draw_original(context, line.cut_left(side));
  area.cut_top(m.gap);
}

void draw_buttons(PanelContext& context, Rect area, std::span<const UnitRange> ranges) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  CodeState& state = context.state<CodeState>();
  static constexpr std::array kNames = {"sample", "mean", "random"};
  const float share = (area.w - 2 * m.px(4)) / 3;
  for (const char* name : kNames) {
    const std::string id = "code:" + std::string(name), key = "code." + std::string(name);
    Button button{.id = id,
                  .label = texts.get(key),
                  .help_title = texts.get(key),
                  .help = texts.get(key + ".help"),
                  .on = std::string_view(name) == "sample" && !state.edited};
    const bool pressed =
        draw_button(context, area.cut_left(std::min(share, button_width(context, button))), button);
    area.cut_left(m.px(4));
    if (!pressed) continue;
    if (std::string_view(name) == "sample") {
      state.edited = false;
    } else if (std::string_view(name) == "mean") {
      state.code.clear();
      for (const UnitRange& range : ranges) state.code.push_back(range.mean);
      state.edited = true;
    } else {
      state.code = random_code(ranges, gaussian_code(context.store), ++state.drawn);
      state.edited = true;
    }
  }
}

std::string page_text(const PanelContext& context, const BarPage& page) {
  return context.texts.format(
      "code.page", {std::to_string(page.first), std::to_string(page.first + page.count - 1),
                    grouped(page.units)});
}

float pager_width(const PanelContext& context, const BarPage& page) {
  const Metrics& m = context.theme.metrics;
  return 2 * m.control + text_width(context, page_text(context, page), {m.small}) + 2 * m.gap;
}

// `next` says which way the sign points and where the button leads to.
void draw_page_button(PanelContext& context, const Rect& area, const BarPage& page, bool next) {
  const Theme& theme = context.theme;
  const Texts& texts = context.texts;
  const std::string key = next ? "code.page_next" : "code.page_previous";
  const bool there = next ? page.first + page.count < page.units : page.first > 0;
  if (draw_button(context, area,
                  {.id = next ? "code:page_next" : "code:page_previous",
                   .help_title = texts.get(key),
                   .help = texts.get("code.page.help")}) &&
      there) {
    CodeState& state = context.state<CodeState>();
    state.first_unit = next ? page.first + page.per_page : page.first - page.per_page;
  }
  const float x = area.x + area.w / 2, y = area.y + area.h / 2;
  const float reach = theme.metrics.px(next ? 4 : -4);
  const ImU32 ink = theme.color(there ? theme.colors.text : theme.colors.muted, there ? 1 : 0.5f);
  const ImVec2 sign[] = {{x - reach / 2, y - theme.metrics.px(5)},
                         {x + reach, y},
                         {x - reach / 2, y + theme.metrics.px(5)}};
  ImGui::GetWindowDrawList()->AddPolyline(sign, 3, ink, 0, theme.metrics.px(1.8f));
}

void draw_pager(PanelContext& context, Rect area, const BarPage& page) {
  const Theme& theme = context.theme;
  draw_page_button(context, area.cut_left(theme.metrics.control), page, false);
  draw_page_button(context, area.cut_right(theme.metrics.control), page, true);
  draw_text(context, area, page_text(context, page), theme.color(theme.colors.muted),
            {theme.metrics.small, false, Align::kCenter});
}

void draw_bar(const PanelContext& context, const Rect& bar, const UnitRange& range, float value,
              bool marked) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float gap = std::min(m.px(3), bar.w * 0.2f);
  const Rect track{bar.x + gap / 2, bar.y, bar.w - gap, bar.h};
  const float radius = std::min(m.px(3), track.w / 3);
  list.AddRectFilled(top_left(track), bottom_right(track),
                     theme.color(marked ? c.field_on : c.field), radius);
  const auto height = [&](float v) { return track.bottom() - bar_position(range, v) * track.h; };
  // From zero, where that is on the bar; a bar that starts above or below it is filled from its
  // end.
  const float zero = height(0), top = height(value);
  list.AddRectFilled({track.x, std::min(zero, top)}, {track.right(), std::max(zero, top)},
                     theme.color(c.accent, marked ? 0.8f : 0.55f), 0);
  list.AddRectFilled({track.x, top - m.px(1.5f)}, {track.right(), top + m.px(1.5f)},
                     theme.color(c.accent), 0);
  const float mean = std::floor(height(range.mean)) + 0.5f;
  list.AddLine({track.x, mean}, {track.right(), mean}, theme.color(c.text, 0.75f));
}

// Takes the pointer and the keys that are meant for the bars; returns whether the code has changed.
bool move_bars(PanelContext& context, const ImRect& box, ImGuiID item, const BarPage& page,
               const Rect& area, float widest, std::span<const UnitRange> ranges,
               session::Floats& code) {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  const ImGuiIO& io = ImGui::GetIO();
  CodeState& state = context.state<CodeState>();
  const session::Floats before = code;
  const bool hovered = ImGui::ItemHoverable(box, item, g.LastItemData.ItemFlags);
  const bool clicked = hovered && ImGui::IsMouseClicked(0, ImGuiInputFlags_None, item);
  if (clicked || g.NavActivateId == item) {
    if (clicked) ImGui::SetKeyOwner(ImGuiKey_MouseLeft, item);
    ImGui::SetActiveID(item, window);
    ImGui::SetFocusID(item, window);
    ImGui::FocusWindow(window);
    g.ActiveIdUsingNavDirMask |=
        (1 << ImGuiDir_Left) | (1 << ImGuiDir_Right) | (1 << ImGuiDir_Up) | (1 << ImGuiDir_Down);
  }
  const bool active = g.ActiveId == item;
  const bool by_pointer = active && g.ActiveIdSource == ImGuiInputSource_Mouse;
  // A pointer that merely rests where the bars appeared points at none of them.
  const bool moved = clicked || io.MouseDelta.x != 0 || io.MouseDelta.y != 0;
  if (by_pointer || (hovered && moved)) state.unit = unit_at(page, area, widest, io.MousePos.x);
  if (state.unit < page.first || state.unit >= page.first + page.count) {
    if (!active) return false;
    state.unit = page.first;
  }
  const auto at = static_cast<std::size_t>(state.unit);
  const UnitRange& range = ranges[at];
  const float step = (range.high - range.low) / 50;
  const auto nudge = [&](float steps) {
    code[at] = std::clamp(code[at] + steps * step, std::min(range.low, code[at]),
                          std::max(range.high, code[at]));
  };
  if (by_pointer) {
    if (!io.MouseDown[0]) {
      ImGui::ClearActiveID();
    } else if (clicked && ImGui::IsMouseDoubleClicked(0)) {
      code[at] = range.mean;
    } else if (clicked) {
      const BarPoint here{io.MousePos.x, io.MousePos.y};
      paint_bars(code, ranges, page, area, widest, here, here);
    } else if (io.MouseClickedLastCount[0] < 2 && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0)) {
      paint_bars(code, ranges, page, area, widest,
                 {io.MousePos.x - io.MouseDelta.x, io.MousePos.y - io.MouseDelta.y},
                 {io.MousePos.x, io.MousePos.y});
    }
  } else if (active) {
    if (g.NavActivatePressedId == item && !g.ActiveIdIsJustActivated) {
      ImGui::ClearActiveID();
    } else {
      const float across = ImGui::GetNavTweakPressedAmount(ImGuiAxis_X);
      const float down = ImGui::GetNavTweakPressedAmount(ImGuiAxis_Y);
      if (down != 0) nudge(-down);
      if (across != 0) {
        state.unit = std::clamp(state.unit + (across > 0 ? 1 : -1), 0, page.units - 1);
        state.first_unit = state.unit;
      }
    }
  }
  // The wheel is the bars' own while the pointer is over them; elsewhere it scrolls.
  if (hovered) ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
  if (hovered && !active && io.MouseWheel != 0) nudge(io.MouseWheel);
  // By bits: what is no number differs from itself, and nobody has moved it.
  return std::memcmp(code.data(), before.data(), code.size() * sizeof(float)) != 0;
}

void draw_bars(PanelContext& context, const Rect& area, const BarPage& page,
               std::span<const UnitRange> ranges, session::Floats& code) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  if (window->SkipItems || area.empty() || page.count < 1) return;
  const Metrics& m = context.theme.metrics;
  const float widest = m.px(kWidestBar);
  const Rect last = bar_of(page, area, widest, page.first + page.count - 1);
  const Rect whole{area.x, area.y, last.right() - area.x, area.h};
  ImGui::SetCursorScreenPos(top_left(whole));
  const ImGuiID item = window->GetID("##code_bars");
  const ImRect box(top_left(whole), bottom_right(whole));
  ImGui::ItemSize(box);
  if (!ImGui::ItemAdd(box, item)) return;
  CodeState& state = context.state<CodeState>();
  // Bars stop short of the area's edges, so that their ends can be reached.
  const Rect inner = area.inset(0, m.px(3));
  const bool moved = move_bars(context, box, item, page, inner, widest, ranges, code);
  if (mirror_bars(context, page, inner, widest, ranges, code) || moved) {
    ImGui::MarkItemEdited(item);
    state.code = code;
    state.edited = true;
  }
  for (int unit = page.first; unit < page.first + page.count; ++unit) {
    const Rect bar = bar_of(page, inner, widest, unit);
    const auto at = static_cast<std::size_t>(unit);
    draw_bar(context, bar, ranges[at], code[at], unit == state.unit);
    register_widget(context, "code:unit:" + std::to_string(unit), bar);
    take_gestures(context, bar, kDrag | kWheel);
  }
  ImGui::RenderNavCursor(box, item);
  draw_help(context, context.texts.get("code.bars"), context.texts.get("code.bars.help"));
}

void draw_value(PanelContext& context, const Rect& area, std::span<const UnitRange> ranges,
                const session::Floats& code) {
  const Theme& theme = context.theme;
  const Texts& texts = context.texts;
  const int unit = context.state<CodeState>().unit;
  register_widget(context, "code:value", area);
  const TextStyle style{theme.metrics.small};
  if (unit < 0 || unit >= static_cast<int>(code.size())) {
    const std::string& hint = texts.get("code.hint");
    if (text_width(context, hint, style) <= area.w) {
      draw_text(context, area, hint, theme.color(theme.colors.muted), style);
    }
    return;
  }
  const auto at = static_cast<std::size_t>(unit);
  Rect rest = area;
  rest.cut_left(draw_text(context, rest,
                          texts.format("code.unit", {grouped(unit), significant(code[at], 3)}),
                          theme.color(theme.colors.text), {style.size, true}) +
                theme.metrics.gap * 1.5f);
  const std::string more = texts.format("code.unit.range", {significant(ranges[at].mean, 3)});
  if (text_width(context, more, style) <= rest.w) {
    draw_text(context, rest, more, theme.color(theme.colors.muted), style);
  }
}

}  // namespace

void draw_code(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect inside = context.area;
  if (inside.w < m.px(60) || inside.h < m.px(60)) return;
  const std::vector<UnitRange> ranges = unit_ranges(context.store);
  session::Floats code = shown_code(context, ranges);
  if (ranges.empty() || code.size() != ranges.size()) {
    draw_text(context, inside, context.texts.get("code.empty"), theme.color(theme.colors.muted),
              {0, false, Align::kCenter});
    return;
  }
  draw_pictures(context, inside, code.size());

  Rect top = inside.cut_top(m.control);
  inside.cut_top(m.gap);
  const float least = m.touch ? std::max(22.0f, m.px(16)) : m.px(8);
  CodeState& state = context.state<CodeState>();
  const BarPage page = bar_page(static_cast<int>(code.size()), state.first_unit, inside.w, least);
  const bool pager_on_top = buttons_width(context) + m.gutter + pager_width(context, page) <= top.w;
  Rect bottom = inside.cut_bottom(page.alone() || pager_on_top ? m.label : m.control);
  inside.cut_bottom(m.px(4));
  if (!page.alone()) {
    Rect& line = pager_on_top ? top : bottom;
    draw_pager(context, line.cut_right(std::min(line.w, pager_width(context, page))), page);
    line.cut_right(m.gap);
  }
  draw_buttons(context, top, ranges);
  if (state.edited) code = state.code;
  draw_bars(context, inside, page, ranges, code);
  draw_value(context, bottom, ranges, code);
  // A code that was changed just now is asked for just now, so that the picture is a frame earlier.
  ask_pictures(context, shown_code(context, ranges));
}

}  // namespace hourglass::ui
