// What was found: the nearest of the query in either space, and how good the two are to search by.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/search/search_parts.h"

namespace hourglass::ui {
namespace {

constexpr float kFrame = 3;  // room for the frames around images at the ends of a row

struct TableLine {
  const char* name;
  std::array<std::string, 2> values;  // by code, by pixels
  int better = -1;                    // which of them, if one is
};

TableLine line_of(const char* name, double code, double pixels) {
  const auto percent = [](double share) { return fixed(100 * share, 0) + " %"; };
  return {name, {percent(code), percent(pixels)}, code > pixels ? 0 : pixels > code ? 1 : -1};
}

std::vector<TableLine> table_lines(const PanelContext& context) {
  const JobFindings& result = context.jobs.view(kSearchJob).result;
  const JobFindings& answer = search_answer(context);
  std::vector<TableLine> lines;
  lines.push_back({"search.numbers",
                   {grouped(static_cast<std::int64_t>(result.number("code_size"))),
                    grouped(context.store.network.input_features)}});
  const double code = result.number("precision_code", -1);
  if (code >= 0) {
    lines.push_back(line_of("search.precision", code, result.number("precision_pixels")));
    lines.push_back(line_of("search.chance", result.number("chance"), result.number("chance")));
  }
  if (has_search_answer(context) && context.state<SearchState>().level > 0) {
    lines.push_back(
        line_of("search.kept", answer.number("code_kept"), answer.number("pixels_kept")));
    lines.push_back(line_of("search.kept_mean", answer.number("code_kept_mean"),
                            answer.number("pixels_kept_mean")));
  }
  return lines;
}

}  // namespace

const JobFindings& search_answer(const PanelContext& context) {
  return context.jobs.view(kSearchJob).answer;
}

bool has_search_answer(const PanelContext& context) { return !search_answer(context).empty(); }

std::int32_t query_label(const PanelContext& context) {
  return static_cast<std::int32_t>(search_answer(context).number("label", -1));
}

float draw_search_table(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const std::vector<TableLine> lines = table_lines(context);
  const float row = m.label + m.px(5);
  const float height = row * static_cast<float>(lines.size() + 1) + m.px(6);
  if (!draw) return height;
  const ImU32 muted = theme.color(theme.colors.muted);
  const float column = std::max(text_width(context, texts.get("search.by_code"), {m.small}),
                                text_width(context, texts.get("search.by_pixels"), {m.small})) +
                       m.px(14);
  const auto ends = [&](Rect& line) {
    return std::array{line.cut_right(column), line.cut_right(column)};
  };
  Rect head = area.cut_top(row);
  const auto titles = ends(head);
  draw_text(context, titles[1], texts.get("search.by_code"), muted,
            {m.small, false, Align::kRight});
  draw_text(context, titles[0], texts.get("search.by_pixels"), muted,
            {m.small, false, Align::kRight});
  const float y = std::floor(head.bottom()) + 0.5f;
  ImGui::GetWindowDrawList()->AddLine({area.x, y}, {area.right(), y},
                                      theme.color(theme.colors.card_edge));
  for (const TableLine& line : lines) {
    Rect place = area.cut_top(row);
    ImGui::SetCursorScreenPos(top_left(place));
    ImGui::Dummy({place.w, place.h});
    register_item(context, line.name);
    draw_help(context, texts.get(line.name), texts.get(std::string(line.name) + ".help"));
    const auto cells = ends(place);
    draw_text(context, place, texts.get(line.name), muted, {m.small});
    for (int i = 0; i < 2; ++i) {
      const bool better = line.better == i;
      draw_text(context, cells[static_cast<std::size_t>(1 - i)],
                line.values[static_cast<std::size_t>(i)],
                theme.color(better ? theme.colors.accent : theme.colors.text),
                {m.small, better, Align::kRight});
    }
  }
  return height;
}

NearestGrid nearest_grid(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  NearestGrid grid;
  grid.space = m.px(8);
  grid.caption = 2 * m.label + m.px(6);
  grid.head = m.label + m.px(8);
  const auto side = [&](int across) {
    return (width - 2 * kFrame * m.scale - grid.space * static_cast<float>(across - 1)) /
           static_cast<float>(across);
  };
  if (side(grid.across) < m.px(32)) {
    grid.across /= 2;
    grid.lines = 2;
  }
  grid.cell = std::floor(std::min(side(grid.across), m.px(110)));
  return grid;
}

void draw_nearest(PanelContext& context, SearchSpace& space, Rect area, const NearestGrid& grid) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const std::string name(space.name);
  const JobFindings& answer = search_answer(context);
  const auto* indices = answer.indices(name + "_indices");
  const auto* distances = answer.floats(name + "_distances");
  const auto* labels = answer.indices(name + "_labels");
  const std::int32_t label = query_label(context);
  const auto count =
      static_cast<int>(indices && distances ? std::min(indices->size(), distances->size()) : 0);
  space.images.update(answer.revision, answer.bytes(name + "_images"), count, context.store.data);

  Rect head = area.cut_top(grid.head);
  const std::string& title = texts.get("search.nearest_" + name);
  const float width = draw_text(context, head, title, theme.color(theme.colors.text), {0, true});
  ImGui::SetCursorScreenPos(top_left(head));
  ImGui::Dummy({head.w, head.h});
  draw_help(context, title, texts.get("search.nearest_" + name + ".help"));
  head.cut_left(width + m.gap);
  if (label >= 0 && labels) {
    const auto same = std::count(labels->begin(), labels->end(), static_cast<std::uint32_t>(label));
    draw_text(context, head,
              texts.format("search.same_class", {std::to_string(same), std::to_string(count)}),
              theme.color(theme.colors.muted), {m.small});
  }
  register_widget(context, "search:" + name, area);
  const auto cell_of = [&](int i) {
    return Rect{
        area.x + m.px(kFrame) + static_cast<float>(i % grid.across) * (grid.cell + grid.space),
        area.y + m.px(2) + static_cast<float>(i / grid.across) * (grid.cell + grid.caption),
        grid.cell, grid.cell};
  };
  for (int i = 0; i < count; ++i) draw_paper(context, cell_of(i));
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const Rect cell = cell_of(i);
    const auto its = static_cast<std::int32_t>((*labels)[at]);
    const bool same = label >= 0 && its == label;
    draw_candidate(context, space.images, i, cell, "search:" + name + ":" + std::to_string(i),
                   static_cast<std::int64_t>((*indices)[at]), texts.get("search.candidate.help"));
    if (same) draw_candidate_frame(context, cell, theme.colors.accent);
    Rect words{cell.x - grid.space / 2, cell.bottom() + m.px(3), cell.w + grid.space, m.label};
    if (its >= 0) {
      draw_text(context, words, class_name(context, its),
                theme.color(same || label < 0 ? theme.colors.text : theme.colors.heat),
                {m.small, same, Align::kCenter});
      words = words.moved(0, m.label);
    }
    draw_text(context, words,
              fixed(static_cast<double>((*distances)[at]), (*distances)[at] < 10 ? 2 : 1),
              theme.color(theme.colors.muted), {m.small, false, Align::kCenter});
  }
}

}  // namespace hourglass::ui
