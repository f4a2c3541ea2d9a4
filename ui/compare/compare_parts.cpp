#include "ui/compare/compare_parts.h"

#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include "ui/images/image_grid.h"
#include "ui/kit/controls.h"
#include "ui/kit/figures.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/latent_map/class_tags.h"

namespace hourglass::ui {
namespace {

constexpr float kComparedOpacity = 0.85f;

float compared_label(const PanelContext& context, float width) {
  return std::min(context.theme.metrics.px(150), std::floor(width * 0.28f));
}

// The side of an image of the rows: such that a finger's width shows what blur is.
float compared_cell(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  const float room = width - compared_label(context, width);
  return std::clamp(std::floor(room / 14 - m.px(4)), m.px(40), m.px(52));
}

// The mean error of the images on show; not a number while it is not known.
double shown_error(const PanelContext& context, const ComparedSide& side, int count) {
  const session::Floats* const errors = context.jobs.view(side.job).answer.floats("errors");
  if (!errors || errors->empty() || count < 1) return std::numeric_limits<double>::quiet_NaN();
  const auto shown = std::min(errors->size(), static_cast<std::size_t>(count));
  return std::accumulate(errors->begin(), errors->begin() + static_cast<std::ptrdiff_t>(shown),
                         0.0) /
         static_cast<double>(shown);
}

std::string error_text(double error) {
  return std::isfinite(error) ? significant(error, 3) : std::string("–");
}

void draw_compared_row(PanelContext& context, Rect line, std::string_view id, ImageAtlas& atlas,
                       const std::string& name, const std::string& figure, bool best) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect label = line.cut_left(compared_label(context, line.w) - m.gap);
  line.cut_left(m.gap);
  const float height = std::min(label.h, (figure.empty() ? 1.0f : 2.0f) * m.label);
  label.y += (label.h - height) / 2;
  label.h = height;
  draw_text(context, figure.empty() ? label : label.cut_top(height / 2), name,
            theme.color(theme.colors.text), {m.small});
  if (!figure.empty()) {
    draw_text(context, label, figure, theme.color(best ? theme.colors.accent : theme.colors.muted),
              {m.small, best});
  }
  const ImageGrid grid = image_line(line, kComparedImages, m.px(4));
  register_widget(context, "compare:" + std::string(id), grid.area);
  draw_images(context, atlas, grid);
}

std::span<const float> map_points_of(const PanelContext& context, const ComparedSide& side) {
  const session::Floats* const points = context.jobs.view(side.job).result.floats("map");
  return points ? std::span<const float>(*points) : std::span<const float>();
}

std::int32_t label_of_point(const PanelContext& context, std::size_t i) {
  const auto& labels = context.store.data.map_labels;
  return i < labels.size() ? labels[i] : -1;
}

void draw_compared_points(PanelContext& context, const MapTransform& map, const ComparedSide& side,
                          std::span<const float> points) {
  CompareMap& kept = side.kept.map;
  const Palette& colors = context.theme.colors;
  const std::size_t count = points.size() / 2;
  const float density = std::max(1.0f, ImGui::GetIO().DisplayFramebufferScale.x);
  const float radius = point_radius(count, map.area, context.theme.metrics);
  float extent = 0;
  const ImTextureRef sprite = kept.disc.get(2 * radius * density, extent);
  const float half = extent / density / 2;
  Mark mark;
  mark.add(context.jobs.view(side.job).result.revision).add(context.store.revisions.data);
  mark.add(std::span<const Rgb>(colors.classes)).add(colors.unlabelled);
  mark.add(map.area.x).add(map.area.y).add(map.area.w).add(map.area.h);
  mark.add(map.center_x).add(map.center_y).add(map.scale).add(half);
  if (mark.value() != kept.quads_mark) {
    kept.quads_mark = mark.value();
    kept.quads.clear(count);
    for (std::size_t i = 0; i < count; ++i) {
      kept.quads.put(map, half, static_cast<double>(points[2 * i]),
                     static_cast<double>(points[2 * i + 1]),
                     packed(class_color(colors, label_of_point(context, i)), kComparedOpacity));
    }
  }
  kept.quads.draw(*ImGui::GetWindowDrawList(), map.area, sprite);
}

// While there is nothing to be seen yet.
void draw_waiting(const PanelContext& context, const Rect& area, const ComparedSide& side) {
  const Theme& theme = context.theme;
  const JobView& job = context.jobs.view(side.job);
  std::string words = context.texts.get("compare.waiting");
  if (job.is_under_way() && !job.stage.empty()) {
    words = context.texts.get("job." + std::string(side.job) + "." + job.stage) + " · " +
            std::to_string(static_cast<int>(100 * std::clamp(job.share, 0.0, 1.0))) + " %";
  }
  draw_text(context, area, words, theme.color(theme.colors.muted),
            {theme.metrics.small, false, Align::kCenter});
}

}  // namespace

void take_compared(const PanelContext& context, const ComparedSide& side) {
  const JobFindings& answer = context.jobs.view(side.job).answer;
  const session::DataReady& data = context.store.data;
  update_atlas(side.kept.originals, answer, "originals", data);
  update_atlas(side.kept.reconstructed, answer, "reconstructed", data);
  update_atlas(side.kept.samples, answer, "samples", data);
}

float draw_side_figures(PanelContext& context, const Rect& area, const ComparedSide& side,
                        bool draw) {
  const Texts& texts = context.texts;
  const JobFindings& found = context.jobs.view(side.job).result;
  const std::string id = "compare:" + std::string(side.id);
  const std::string code_id = id + ":code", error_id = id + ":error";
  const bool known = !found.empty();
  const std::vector<Figure> figures = {
      {code_id, texts.get("compare.code"),
       known ? grouped(static_cast<std::int64_t>(found.number("code_size"))) : "–",
       texts.get("compare.code.help")},
      {error_id, texts.get("compare.error"), error_text(known ? found.number("test_mse") : NAN),
       texts.get("compare.error.help")}};
  return draw_figures(context, area, figures, draw);
}

float compared_rows_height(const PanelContext& context, float width) {
  return 3 * (compared_cell(context, width) + context.theme.metrics.px(4));
}

void draw_compared_rows(PanelContext& context, Rect area, const ComparedSide& present,
                        const ComparedSide& other) {
  const Texts& texts = context.texts;
  const Metrics& m = context.theme.metrics;
  const float side = compared_cell(context, area.w), label = compared_label(context, area.w);
  const Rect room{area.x, area.y, area.w - label, side};
  const int shown = image_line(room, kComparedImages, m.px(4)).count;
  const double here = shown_error(context, present, shown);
  const double there = shown_error(context, other, shown);
  const auto next = [&] {
    const Rect line = area.cut_top(side);
    area.cut_top(m.px(4));
    return line;
  };
  draw_compared_row(context, next(), "originals", present.kept.originals,
                    texts.get("compare.originals"), "", false);
  const auto figure = [&](double error) {
    return texts.format("compare.shown_error", {error_text(error)});
  };
  draw_compared_row(context, next(), "present:images", present.kept.reconstructed, present.brief,
                    figure(here), here < there);
  draw_compared_row(context, next(), "other:images", other.kept.reconstructed, other.brief,
                    figure(there), there < here);
}

void draw_compared_map(PanelContext& context, const Rect& area, const ComparedSide& side) {
  const Theme& theme = context.theme;
  CompareMap& kept = side.kept.map;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRect(top_left(area), bottom_right(area), theme.color(theme.colors.card_edge),
               theme.metrics.radius);
  register_widget(context, "compare:" + std::string(side.id) + ":map", area);
  const std::span<const float> points = map_points_of(context, side);
  if (points.size() < 2) return draw_waiting(context, area, side);
  const std::uint64_t mark = Mark()
                                 .add(context.jobs.view(side.job).result.revision)
                                 .add(context.store.revisions.data)
                                 .value();
  if (mark != kept.summary_mark) {
    kept.summary_mark = mark;
    kept.summary = summarize_map(points, context.store.data.map_labels);
  }
  const MapTransform map = map_transform(kept.view, kept.summary, area);
  draw_compared_points(context, map, side, points);
  if (!kept.summary.is_one_place()) {
    draw_class_tags(context, map, kept.summary.centers, {}, [](std::int32_t) { return true; });
  }
}

void draw_compared_samples(PanelContext& context, const Rect& area, const ComparedSide& side) {
  const Metrics& m = context.theme.metrics;
  const ImageGrid grid = arrange_images(area, kComparedSamples, m.px(28), m.px(64), m.px(4));
  register_widget(context, "compare:" + std::string(side.id) + ":samples", grid.area);
  draw_images(context, side.kept.samples, grid);
}

float compared_samples_height(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  // Three lines where they are wide, six on a phone: a square would leave the map above no room.
  const float lines = width >= m.px(400) ? 3 : 4;
  const float across = std::ceil(static_cast<float>(kComparedSamples) / lines);
  const float cell = std::clamp(std::floor(width / across - m.px(4)), m.px(28), m.px(64));
  return lines * (cell + m.px(4));
}

}  // namespace hourglass::ui
