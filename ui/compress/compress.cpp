// Codes as a way to store images, beside what images are stored in.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/compress/compress_state.h"
#include "ui/compress/rate_plot.h"
#include "ui/images/image_grid.h"
#include "ui/jobs/job_bar.h"
#include "ui/kit/caption.h"
#include "ui/kit/controls.h"
#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/kit/scroll_area.h"

namespace hourglass::ui {
namespace {

std::string byte_count(double bytes) {
  return bytes < 100 ? significant(bytes, 3) : grouped(static_cast<std::int64_t>(bytes + 0.5));
}

void take_points(PanelContext& context) {
  CompressState& state = context.state<CompressState>();
  const JobFindings& found = context.jobs.view(kCompressJob).result;
  if (found.revision == state.revision) return;
  state.revision = found.revision;
  state.points.clear();
  const auto list = found.fields.find("points");
  if (list == found.fields.end() || !list->is_array()) return;
  for (const Json& each : *list) {
    if (!each.is_object()) continue;
    const auto number = [&](const char* name, double otherwise) {
      const auto value = each.find(name);
      return value != each.end() && value->is_number() ? value->get<double>() : otherwise;
    };
    const auto method = each.find("method");
    if (method == each.end() || !method->is_string()) continue;
    state.points.push_back({method->get<std::string>(), static_cast<int>(number("setting", 0)),
                            number("bytes", 0), number("ideal_bytes", -1), number("mse", 0)});
  }
}

void ask_for_restored(PanelContext& context) {
  CompressState& state = context.state<CompressState>();
  const JobView& job = context.jobs.view(kCompressJob);
  if (job.state == JobView::State::kReady && chosen_point(state) >= 0) {
    const std::span<const char> method(state.method.data(), state.method.size());
    context.jobs.ask(
        context.post, kCompressJob, Mark().add(job.number).add(method).add(state.setting).value(),
        "{\"method\":\"" + state.method + "\",\"setting\":" + std::to_string(state.setting) + "}");
  }
  update_atlas(state.originals, job.answer, "originals", context.store.data);
  update_atlas(state.restored, job.answer, "restored", context.store.data);
}

std::string point_name(const PanelContext& context, const RatePoint& point) {
  std::string name = context.texts.get("compress.method." + point.method);
  if (point.method.starts_with("png")) return name;
  const char* const key = point.method.starts_with("jpeg") ? "compress.quality"
                          : point.setting == 32            ? "compress.floats"
                                                           : "compress.bits";
  return context.texts.format(key, {name, std::to_string(point.setting)});
}

// The points as a list: for the keyboard, and those that the plot leaves out.
void draw_point_list(PanelContext& context, const Rect& area) {
  CompressState& state = context.state<CompressState>();
  std::vector<std::string> values;
  for (const RatePoint& point : state.points) {
    values.push_back(point.method + "-" + std::to_string(point.setting));
  }
  std::vector<Choice> items;
  for (std::size_t i = 0; i < values.size(); ++i) {
    items.push_back({values[i],
                     context.texts.format("compress.item", {point_name(context, state.points[i]),
                                                            byte_count(state.points[i].bytes)}),
                     {}});
  }
  const int chosen = draw_choice(context, area, "compress:point", chosen_point(state), items,
                                 context.texts.get("compress.choose"));
  draw_help(context, context.texts.get("compress.choose"),
            context.texts.get("compress.choose.help"));
  if (chosen < 0) return;
  state.method = state.points[static_cast<std::size_t>(chosen)].method;
  state.setting = state.points[static_cast<std::size_t>(chosen)].setting;
}

// From how many images on codes and the decoder together are smaller than the images as PNG; 0:
// never.
std::int64_t break_even(const CompressState& state, double decoder) {
  double png = 0, code = 0;
  for (const RatePoint& point : state.points) {
    if (point.method.starts_with("png")) png = png > 0 ? std::min(png, point.bytes) : point.bytes;
    const bool wanted = point.setting == (state.method == "code" ? state.setting : 8);
    if (point.method == "code" && wanted) code = point.bytes;
  }
  return png > code && code > 0 ? static_cast<std::int64_t>(std::ceil(decoder / (png - code))) : 0;
}

std::string point_words(const PanelContext& context) {
  const Texts& texts = context.texts;
  const CompressState& state = context.state<CompressState>();
  const JobFindings& found = context.jobs.view(kCompressJob).result;
  const int chosen = chosen_point(state);
  std::string text;
  if (chosen >= 0) {
    const RatePoint& point = state.points[static_cast<std::size_t>(chosen)];
    text = texts.format("compress.summary",
                        {point_name(context, point), byte_count(point.bytes),
                         significant(point.mse, 3), byte_count(found.number("raw_bytes"))});
    if (point.ideal_bytes >= 0) {
      text = texts.format("compress.ideal", {text, byte_count(point.ideal_bytes)});
    }
  }
  const double decoder = found.number("decoder_bytes");
  const std::int64_t images = break_even(state, decoder);
  return texts.format(images > 0 ? "compress.decoder" : "compress.decoder.never",
                      {text, byte_count(decoder), grouped(images)});
}

void draw_restored(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  CompressState& state = context.state<CompressState>();
  const session::Floats* const errors =
      context.jobs.view(kCompressJob).answer.floats("image_errors");
  struct Row {
    const char* name;
    ImageAtlas& atlas;
  };
  const Row rows[] = {{"compress.original", state.originals},
                      {"compress.restored", state.restored}};
  for (const Row& row : rows) {
    draw_caption(context, area.cut_top(m.label), context.texts.get(row.name),
                 context.texts.get(std::string(row.name) + ".help"));
    Rect line = area.cut_top(m.px(56));
    const ImageGrid grid = image_line(line, row.atlas.count(), m.px(4));
    register_widget(context, row.name, grid.area);
    draw_images(context, row.atlas, grid);
    if (&row == rows) continue;
    const Rect below = area.cut_top(m.label);
    for (int i = 0; errors && i < std::min(grid.count, static_cast<int>(errors->size())); ++i) {
      const Rect cell = grid.cell_of(i);
      draw_text(context, {cell.x, below.y, cell.w, below.h},
                fixed((*errors)[static_cast<std::size_t>(i)], 4), theme.color(theme.colors.muted),
                {m.small, false, Align::kCenter});
    }
  }
}

float point_height(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  return m.control + m.gap +
         draw_paragraph(context, 0, 0, width, point_words(context), 0, m.text, false) + m.gap +
         3 * m.label + 2 * m.px(56);
}

void draw_point(PanelContext& context, Rect area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  draw_point_list(context, area.cut_top(m.control));
  area.cut_top(m.gap);
  const std::string words = point_words(context);
  area.cut_top(draw_paragraph(context, area.x, area.y, area.w, words,
                              theme.color(theme.colors.text), m.text) +
               m.gap);
  draw_restored(context, area);
}

}  // namespace

int chosen_point(const CompressState& state) {
  const auto found =
      std::find_if(state.points.begin(), state.points.end(), [&](const RatePoint& point) {
        return point.method == state.method && point.setting == state.setting;
      });
  return found == state.points.end() ? -1 : static_cast<int>(found - state.points.begin());
}

void draw_compress(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  Rect inside = context.area;
  if (draw_job_bar(context, inside.cut_top(m.control), kCompressJob, texts.get("compress.start"),
                   texts.get("compress.start.help"), false)) {
    context.jobs.start(context.post, kCompressJob, "{}");
    context.animating = true;
  }
  inside.cut_top(m.gap);
  if (const float why = draw_job_message(context, inside, kCompressJob, true); why > 0) {
    inside.cut_top(why + m.gap);
  }
  take_points(context);
  ask_for_restored(context);
  if (context.state<CompressState>().points.empty()) {
    draw_paragraph(context, inside.x, inside.y, inside.w, texts.get("compress.empty"),
                   theme.color(theme.colors.text), m.text);
    return;
  }
  const float bar = ImGui::GetStyle().ScrollbarSize + m.px(4), width = inside.w - bar;
  const bool beside = width >= m.px(720);
  const float right = beside ? std::floor(width * 0.42f) : width;
  const float details = point_height(context, right);
  const float all =
      beside ? std::max(details, std::min(inside.h, m.px(560))) : m.px(300) + m.gutter + details;
  ScrollArea scroll(context, inside, "compress:scroll", all);
  Rect area = scroll.inside;
  area.w = width;
  if (beside) {
    const Rect column = area.cut_right(right);
    area.cut_right(m.padding);
    draw_rate_plot(context, area);
    draw_point(context, column);
  } else {
    draw_rate_plot(context, area.cut_top(m.px(300)));
    area.cut_top(m.gutter);
    draw_point(context, area);
  }
}

}  // namespace hourglass::ui
