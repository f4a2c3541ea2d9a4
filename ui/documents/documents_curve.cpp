// How well documents of a topic are found by codes, beside LSA and all words.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "ui/documents/documents_state.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/plot.h"

namespace hourglass::ui {
namespace {

struct FoundBy {
  const char* name;  // in the arrays, and of a text
  Rgb color;
};

std::array<FoundBy, 3> ways_to_find(const Palette& c) {
  return {{{"code", c.accent}, {"lsa", c.part}, {"tfidf", c.train}}};
}

const JobFindings& findings_by(const PanelContext& context, const FoundBy& way) {
  return way.name == std::string_view("code") ? documents_now(context) : documents_result(context);
}

std::vector<PlotPoint> curve_of(const PanelContext& context, const FoundBy& way) {
  std::vector<PlotPoint> points;
  const JobFindings& found = findings_by(context, way);
  const auto* const precision = found.floats(std::string(way.name) + "_precision");
  const auto* const recall = found.floats(std::string(way.name) + "_recall");
  if (!precision || !recall) return points;
  for (std::size_t i = 0; i < std::min(precision->size(), recall->size()); ++i) {
    points.push_back({static_cast<double>((*recall)[i]), static_cast<double>((*precision)[i])});
  }
  return points;
}

// Which line is which, with its precision at ten, in as many lines as it takes.
float draw_curve_legend(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const float top = area.y;
  Rect line{area.x, area.y, area.w, m.label};
  for (const FoundBy& way : ways_to_find(theme.colors)) {
    const double precision =
        findings_by(context, way).number(std::string(way.name) + "_precision_at_10", -1);
    if (precision < 0) continue;
    std::string text = context.texts.format(
        "documents.by_" + std::string(way.name),
        {grouped(static_cast<std::int64_t>(documents_result(context).number("code_size")))});
    text += ' ' + fixed(100 * precision, 0) + " %";
    const float width = m.px(20) + text_width(context, text, {m.small}) + m.px(14);
    if (width > line.w && line.x > area.x) line = {area.x, line.y + m.label, area.w, m.label};
    if (draw) {
      const float y = line.y + line.h / 2;
      ImGui::GetWindowDrawList()->AddRectFilled({line.x, y - m.px(1.5f)},
                                                {line.x + m.px(14), y + m.px(1.5f)},
                                                theme.color(way.color), m.px(1.5f));
      Rect words = line;
      words.cut_left(m.px(20));
      draw_text(context, words, text, theme.color(theme.colors.muted), {m.small});
    }
    line.cut_left(width);
  }
  return line.bottom() - top;
}

}  // namespace

float draw_documents_curve(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const JobFindings& result = documents_result(context);
  if (result.empty()) return 0;
  const float top = area.y;
  std::string why;
  if (result.fields.contains("unmeasured") && result.fields["unmeasured"].is_string()) {
    why = result.fields["unmeasured"].get<std::string>();
  }
  if (!why.empty() && why != "lsa") {
    return draw_paragraph(context, area.x, area.y, area.w, texts.get("documents.unmeasured." + why),
                          theme.color(theme.colors.muted), m.small, draw);
  }
  const std::string& title = texts.get("documents.curve");
  const Rect head{area.x, area.y, area.w, m.label};
  if (draw) {
    draw_text(context, head, title, theme.color(theme.colors.text), {m.small, true});
    ImGui::SetCursorScreenPos(top_left(head));
    ImGui::Dummy({head.w, head.h});
    draw_help(context, title, texts.get("documents.curve.help"), {},
              texts.get("documents.curve.formula"));
  }
  float y = top + m.label;
  y += draw_curve_legend(context, {area.x, y, area.w, 0}, draw);
  if (why == "lsa") {
    y += draw_paragraph(context, area.x, y, area.w, texts.get("documents.unmeasured.lsa"),
                        theme.color(theme.colors.muted), m.small, draw);
  }
  const float height = std::clamp(area.w * 0.5f, m.px(130), m.px(200));
  if (draw) {
    std::vector<std::vector<PlotPoint>> points;
    std::vector<Series> series;
    const auto ways = ways_to_find(theme.colors);
    for (const FoundBy& way : ways) points.push_back(curve_of(context, way));
    // The network's own last, over the others.
    for (std::size_t i = ways.size(); i-- > 0;) {
      series.push_back({points[i], ways[i].color, 1, i == 0 ? 2.2f : 1.6f, true});
    }
    const Rect plot =
        draw_plot(*ImGui::GetWindowDrawList(), {area.x, y, area.w, height}, Axis{0, 1, false},
                  Axis{0, 1, false}, series, theme, texts.get("documents.recall"));
    register_widget(context, "plot:documents", plot);
  }
  return y + height - top;
}

}  // namespace hourglass::ui
