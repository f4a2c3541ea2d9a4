// What is searched for: the query, its noise, and images to choose from.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/base/write_number.h"
#include "ui/images/image_cell.h"
#include "ui/images/pad.h"
#include "ui/kit/controls.h"
#include "ui/kit/labelled_slider.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/search/search_parts.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

constexpr std::array<std::string_view, 4> kNoises = {"gaussian", "masking", "salt-and-pepper",
                                                     "dropout"};

// On paper of one channel, or of colours: not for tables.
bool can_be_drawn(const PanelContext& context) {
  return std::min(context.store.data.rows, context.store.data.columns) >= 4;
}

std::string query_name(const PanelContext& context) {
  const Texts& texts = context.texts;
  const SearchState& state = context.state<SearchState>();
  if (state.source == QuerySource::kPicture) return texts.get("search.own_picture");
  if (state.source == QuerySource::kDrawing) {
    return texts.get(state.drawing.empty() ? "search.draw_here" : "search.own_drawing");
  }
  const std::string sample = grouped(query_sample(context));
  const std::int32_t label = query_label(context);
  return label < 0 ? texts.format("search.query", {sample})
                   : texts.format("search.query_class", {sample, class_name(context, label)});
}

}  // namespace

std::int64_t query_sample(const PanelContext& context) {
  const session::Value chosen = shown_value(context, session::find_setting("view.sample"));
  const auto* sample = std::get_if<std::int64_t>(&chosen);
  const std::int64_t last = std::max<std::int64_t>(0, context.store.data.test_count - 1);
  return std::clamp<std::int64_t>(sample ? *sample : 0, 0, last);
}

void choose_sample(PanelContext& context, std::int64_t sample) {
  context.state<SearchState>().source = QuerySource::kSample;
  if (sample != query_sample(context)) {
    change_setting(context, session::find_setting("view.sample"), sample);
  }
}

void ask_search(PanelContext& context) {
  const SearchState& state = context.state<SearchState>();
  const std::string_view noise = kNoises[static_cast<std::size_t>(state.noise)];
  const std::string sample = "\"sample\":" + std::to_string(query_sample(context));
  const std::string& own = own_query(context);
  Mark mark;
  mark.add(query_sample(context)).add(state.noise).add(state.level).add(state.seed);
  mark.add(own.empty() ? 0 : state.pixels_mark).add(context.jobs.view(kSearchJob).number);
  context.jobs.ask(context.post, kSearchJob, mark.value(),
                   "{" + (own.empty() ? sample : "\"pixels\":" + own) + ",\"noise\":\"" +
                       std::string(noise) + "\",\"level\":" + shortest_text(state.level) +
                       ",\"seed\":" + std::to_string(state.seed) + "}");
}

void draw_candidate(PanelContext& context, ImageAtlas& atlas, int index, const Rect& cell,
                    std::string_view id, std::int64_t sample, std::string_view help) {
  const bool clicked = draw_area(context, cell, id);
  const bool hovered = ImGui::IsItemHovered();
  draw_help(context, context.texts.format("reconstructions.sample", {grouped(sample)}), help);
  draw_image(context, atlas, index, cell);
  if (hovered) draw_candidate_frame(context, cell, context.theme.colors.muted);
  if (clicked) choose_sample(context, sample);
}

void draw_candidate_frame(const PanelContext& context, const Rect& around, Rgb color) {
  const Metrics& m = context.theme.metrics;
  const Rect frame = around.inset(-m.px(2), -m.px(2));
  ImGui::GetWindowDrawList()->AddRect(top_left(frame), bottom_right(frame),
                                      context.theme.color(color), m.px(5), 0, m.px(2));
}

namespace {

// Asks for a picture, which comes as one that was dropped.
void draw_camera_button(PanelContext& context, Rect& line) {
  const Texts& texts = context.texts;
  CameraState& camera = context.state<CameraState>();
  const auto ask = [&](const char* arguments) {
    context.send(session::StartJob{"import", arguments, 1});
  };
  if (!std::exchange(camera.asked, true)) ask(R"({"action":"hello"})");
  if (!camera.is_there || !can_be_drawn(context)) return;
  const Button button{.id = "search:camera",
                      .label = texts.get("own_data.camera"),
                      .help_title = texts.get("own_data.camera"),
                      .help = texts.get("search.camera.help")};
  line.cut_left(context.theme.metrics.px(4));
  const Rect place = line.cut_left(std::min(line.w, button_width(context, button)));
  if (draw_button(context, place, button)) ask(R"({"action":"camera","use":"query"})");
}

}  // namespace

float draw_search_strip(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const float cell = m.touch ? m.control : m.px(34), space = m.px(6);
  const float height = std::max(cell, m.control) + m.px(4);
  if (!draw) return height;
  Rect line = area.cut_top(height).inset(0, m.px(2));
  const std::int64_t sample = query_sample(context), count = context.store.data.test_count;
  const Rect back = line.cut_left(m.control), forth = line.cut_left(m.control);
  if (draw_button(context, back,
                  {.id = "search:previous",
                   .icon = Icon::kPrevious,
                   .kind = ButtonKind::kBare,
                   .help_title = texts.get("search.previous"),
                   .help = texts.get("search.previous.help")})) {
    choose_sample(context, (sample + count - 1) % std::max<std::int64_t>(1, count));
  }
  if (draw_button(context, forth,
                  {.id = "search:next",
                   .icon = Icon::kNext,
                   .kind = ButtonKind::kBare,
                   .help_title = texts.get("search.next"),
                   .help = texts.get("search.next.help")})) {
    choose_sample(context, (sample + 1) % std::max<std::int64_t>(1, count));
  }
  if (can_be_drawn(context)) {
    const bool drawing = context.state<SearchState>().source == QuerySource::kDrawing;
    if (draw_button(context, line.cut_left(m.control),
                    {.id = "search:draw",
                     .icon = Icon::kPencil,
                     .kind = ButtonKind::kBare,
                     .help_title = texts.get("search.draw"),
                     .help = texts.get("search.draw.help"),
                     .on = drawing})) {
      context.state<SearchState>().source = drawing ? QuerySource::kSample : QuerySource::kDrawing;
    }
  }
  draw_camera_button(context, line);
  line.cut_left(m.gap);
  const session::Snapshot& now = context.store.snapshot;
  if (!now.image_indices) return height;
  const int room = static_cast<int>((line.w + space) / (cell + space));
  const int shown = std::min(room, static_cast<int>(now.image_indices->size()));
  ImageAtlas& atlas = context.state<Pictures>().row(ImageRow::kOriginal, context.store);
  const auto place_of = [&](int i) {
    return Rect{line.x + static_cast<float>(i) * (cell + space), line.y + (line.h - cell) / 2, cell,
                cell};
  };
  for (int i = 0; i < shown; ++i) draw_paper(context, place_of(i));
  for (int i = 0; i < shown; ++i) {
    const Rect place = place_of(i);
    const auto index = static_cast<std::int64_t>((*now.image_indices)[static_cast<std::size_t>(i)]);
    draw_candidate(context, atlas, i, place, "search:pick:" + std::to_string(i), index,
                   texts.get("search.pick.help"));
    if (index == sample && context.state<SearchState>().source == QuerySource::kSample) {
      draw_candidate_frame(context, place, theme.colors.accent);
    }
  }
  return height;
}

float draw_search_query(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  SearchState& state = context.state<SearchState>();
  const bool drawing = state.source == QuerySource::kDrawing;
  const float side = std::min(m.px(drawing ? 152 : 116), area.w * (drawing ? 0.5f : 0.42f));
  const float noise = m.control + m.px(8) + slider_height(m);
  const float seen = drawing ? m.px(40) + m.px(6) : 0;
  const float height = std::max(side + m.px(4), m.label + seen + noise) + m.px(4);
  if (!draw) return height;
  const Rect picture = area.cut_left(side);
  area.cut_left(m.gap * 1.5f);
  const Rect cell{picture.x, picture.y + m.px(2), side, side};
  if (drawing) draw_pad(context, cell, "search:pad", state.drawing);
  draw_text(context, area.cut_top(m.label), query_name(context), theme.color(theme.colors.text),
            {m.small, true});
  Rect seen_line = area.cut_top(seen);
  const Rect seen_cell = drawing ? seen_line.cut_left(m.px(40)) : cell;
  const Rect image{seen_cell.x, seen_cell.y + (drawing ? m.px(3) : 0), seen_cell.w, seen_cell.w};
  draw_paper(context, image);
  const JobFindings& answer = search_answer(context);
  state.query.update(answer.revision, answer.bytes("query"), 1, context.store.data);
  if (has_search_answer(context)) draw_image(context, state.query, 0, image);
  register_widget(context, "search:query", image);
  if (drawing) {
    seen_line.cut_left(m.gap);
    const std::string& clear = texts.get("search.clear");
    Button button{.id = "search:clear",
                  .label = clear,
                  .help_title = clear,
                  .help = texts.get("search.clear.help"),
                  .disabled = state.drawing.empty()};
    Rect place = seen_line;
    place = {place.x, image.y + (image.h - m.control) / 2, button_width(context, button),
             m.control};
    if (draw_button(context, place, button)) state.drawing.clear();
  }
  Rect line = area.cut_top(m.control);
  if (draw_button(context, line.cut_right(m.control),
                  {.id = "search:seed",
                   .icon = Icon::kDice,
                   .kind = ButtonKind::kBare,
                   .help_title = texts.get("search.seed"),
                   .help = texts.get("search.seed.help")})) {
    ++state.seed;
  }
  line.cut_right(m.px(4));
  std::vector<Choice> items;
  for (const std::string_view kind : kNoises) items.push_back({kind, texts.choice(kind), ""});
  const int chosen = draw_choice(context, line, "search:noise", state.noise, items);
  draw_help(context, texts.get("search.noise"), texts.get("search.noise.help"));
  if (chosen >= 0) state.noise = chosen;
  area.cut_top(m.px(8));
  draw_labelled_slider(context, area,
                       {.id = "search:level",
                        .label = texts.get("search.level"),
                        .value = fixed(state.level, 2),
                        .help = texts.get("search.level.help")},
                       state.level);
  return height;
}

}  // namespace hourglass::ui
