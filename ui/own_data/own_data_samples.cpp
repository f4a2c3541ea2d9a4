// The first samples of a person's own data, as images or as rows, and what is to be known of them.
#include <imgui.h>

#include <algorithm>
#include <string>

#include "ui/images/image_grid.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/own_data/own_data_parts.h"
#include "ui/own_data/own_data_words.h"

namespace hourglass::ui {
namespace {

// The shape of the images, as the atlas takes it.
session::DataReady image_shape(const JobFindings& found) {
  session::DataReady shape;
  const auto sides = found.fields.find("shape");
  if (sides == found.fields.end() || !sides->is_array() || sides->size() != 3) return shape;
  const auto side = [&](std::size_t i) {
    const Json& length = (*sides)[i];
    return length.is_number_integer() ? length.get<std::int64_t>() : 0;
  };
  shape.channels = side(0);
  shape.rows = side(1);
  shape.columns = side(2);
  return shape;
}

float draw_sheet(PanelContext& context, const Rect& area, bool draw) {
  const Metrics& m = context.theme.metrics;
  OwnDataState& state = context.state<OwnDataState>();
  const int count = static_cast<int>(state.found.size("images", 0));
  const ImageGrid grid =
      arrange_images({area.x, area.y, area.w, std::max(area.h, m.px(200)) * 0.7f}, count, m.px(30),
                     m.px(84), m.px(5));
  if (draw) {
    state.sheet.update(state.found.revision, state.found.bytes("images"), count,
                       image_shape(state.found));
    draw_images(context, state.sheet, grid);
    register_widget(context, "own:sheet", grid.area);
  }
  return grid.area.h + m.gap;
}

// A cell of the rows, or "" for what is none.
std::string cell_text(const Json& cell) { return cell.is_string() ? cell.get<std::string>() : ""; }

float draw_rows(PanelContext& context, const Rect& area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const JobFindings& found = context.state<OwnDataState>().found;
  const auto titles = found.fields.find("titles"), rows = found.fields.find("rows");
  if (rows == found.fields.end() || !rows->is_array() || rows->empty()) return 0;
  const std::size_t columns = (*rows)[0].is_array() ? (*rows)[0].size() : 0;
  if (columns == 0) return 0;
  const auto room = static_cast<std::size_t>(std::max(1.0f, area.w / m.px(78)));
  const std::size_t shown = std::min(columns, room);
  const float width = area.w / static_cast<float>(shown), height = m.label + m.px(6);
  const bool titled = titles != found.fields.end() && titles->size() >= shown;
  float y = area.y;
  const auto line = [&](const Json& cells, Rgb color, bool bold) {
    for (std::size_t i = 0; draw && i < std::min(shown, cells.size()); ++i) {
      const Rect cell{area.x + static_cast<float>(i) * width, y, width - m.px(8), height};
      draw_text(context, cell, cell_text(cells[i]), theme.color(color), {m.small, bold});
    }
    y += height;
  };
  if (titled) line(*titles, theme.colors.text, true);
  for (const Json& row : *rows) {
    if (draw) {
      ImGui::GetWindowDrawList()->AddLine({area.x, y}, {area.right(), y},
                                          theme.color(theme.colors.card_edge));
    }
    line(row.is_array() ? row : Json::array(), theme.colors.text, false);
  }
  if (draw) register_widget(context, "own:rows", {area.x, area.y, area.w, y - area.y});
  const auto features = static_cast<std::size_t>(
      std::max<double>(static_cast<double>(columns), found.number("features")));
  if (features > shown) {
    const std::string more = context.texts.format(
        "own_data.more", {grouped(static_cast<std::int64_t>(features - shown))});
    y += draw_paragraph(context, area.x, y, area.w, more, theme.color(theme.colors.muted), m.small,
                        draw);
  }
  return y - area.y + m.gap;
}

// "cat 40, dog 38", and how many classes more.
std::string class_words(const Texts& texts, const JobFindings& found) {
  const auto classes = found.fields.find("classes");
  if (classes == found.fields.end() || !classes->is_array() || classes->empty()) return "";
  std::string words;
  for (const Json& entry : *classes) {
    if (!entry.is_array() || entry.size() != 2 || !entry[1].is_number_integer()) continue;
    words += (words.empty() ? "" : " · ") + cell_text(entry[0]) + " " +
             grouped(entry[1].get<std::int64_t>());
  }
  const auto more = static_cast<std::int64_t>(found.number("class_count")) -
                    static_cast<std::int64_t>(classes->size());
  if (more > 0) words += " · " + texts.format("own_data.more", {grouped(more)});
  return words;
}

}  // namespace

float draw_import_samples(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const OwnDataState& state = context.state<OwnDataState>();
  if (state.found.empty()) return 0;
  float y = area.y;
  if (state.found.bytes("images")) y += draw_sheet(context, {area.x, y, area.w, area.h}, draw);
  y += draw_rows(context, {area.x, y, area.w, area.h}, draw);
  const auto paragraph = [&](std::string_view words, Rgb color) {
    y += draw_paragraph(context, area.x, y, area.w, words, theme.color(color), m.small, draw) +
         m.px(6);
  };
  if (const std::string words = class_words(context.texts, state.found); !words.empty()) {
    paragraph(words, theme.colors.text);
  }
  const float before = y;
  if (const auto notes = state.found.fields.find("notes"); notes != state.found.fields.end()) {
    for (const Json& note : *notes)
      paragraph("• " + import_words(context.texts, note), theme.colors.muted);
  }
  if (draw && y > before)
    register_widget(context, "own:notes", {area.x, before, area.w, y - before});
  return y - area.y;
}

}  // namespace hourglass::ui
