// The present run and those before it, as a table: what differs, how far each came, how good it
// was.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/scroll_area.h"
#include "ui/runs/run_actions.h"
#include "ui/state/panel.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

struct RunRow {
  std::string name;
  std::uint64_t serial = 0;  // of an earlier run; 0: the present one
  double epochs = 0;
  double train = kNone, test = kNone, best = kNone;
  std::uint64_t kept = 0;  // its number, where its parameters are kept
};

// The numbers beside the name, from the left.
constexpr std::array<std::string_view, 4> kColumns = {"runs.epochs", "runs.train", "runs.test",
                                                      "runs.best"};

std::string epochs_text(double epochs) {
  // A part of one says more than 0.
  if (epochs < 1) return fixed(std::floor(epochs * 10 + 1e-6) / 10, 1);
  return grouped(static_cast<std::int64_t>(epochs + 1e-6));
}

std::array<std::string, kColumns.size()> numbers_of(const RunRow& row) {
  const auto loss = [](double value) {
    return std::isfinite(value) ? significant(value, 4) : std::string("–");
  };
  return {epochs_text(row.epochs), loss(row.train), loss(row.test), loss(row.best)};
}

RunRow row_of(std::span<const session::LossPoint> losses,
              std::span<const session::EpochMetrics> epochs) {
  RunRow row;
  if (!losses.empty()) {
    row.epochs = losses.back().epoch;
    row.train = losses.back().loss;
  }
  if (epochs.empty()) return row;
  row.epochs = std::max(row.epochs, static_cast<double>(epochs.back().epoch));
  row.test = epochs.back().test_loss;
  for (const session::EpochMetrics& epoch : epochs) {
    if (std::isfinite(epoch.test_loss)) row.best = std::fmin(row.best, epoch.test_loss);
  }
  return row;
}

// The present run, then those before it, newest first.
std::vector<RunRow> rows_of(const PanelContext& context) {
  const Store& store = context.store;
  const Texts& texts = context.texts;
  std::vector<RunRow> rows;
  if (!store.losses.empty() || !store.epochs.empty()) {
    RunRow& row = rows.emplace_back(row_of(store.losses.items(), store.epochs.items()));
    // The last of the items is a mean of several losses.
    if (!store.losses.empty()) row.train = store.losses.newest().loss;
    row.name = texts.get("runs.present");
  }
  const RunConfig present = current_config(store);
  for (const Run& run : store.runs) {
    if (run.serial <= context.view.runs_forgotten) continue;
    RunRow& row = rows.emplace_back(row_of(run.losses, run.epochs));
    row.serial = run.serial;
    if (is_kept(store, run)) row.kept = run.number;
    row.name = run_differences(texts, run.terms, present);
    if (row.name.empty()) row.name = texts.get("curves.same_settings");
  }
  return rows;
}

// The lowest held-out loss of all; not a number where there is nothing to compare.
double lowest(std::span<const RunRow> rows) {
  double low = kNone;
  for (const RunRow& row : rows) low = std::fmin(low, row.best);
  return rows.size() > 1 ? low : kNone;
}

// Where the parts of a row are: the eye and the colour, the name, the numbers. Where all of them
// would leave the name no room they stand in a line of their own below it.
struct RunColumns {
  float eye = 0, number = 0;
  float actions = 0;  // beside the name, for the buttons of what is kept
  bool two_lines = false;
  float row = 0;
};

RunColumns columns_in(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  RunColumns columns;
  columns.eye = m.px(52);
  columns.actions = 3 * run_action_width(context) + m.px(8);
  float widest = text_width(context, "0.08888", {m.small, true});
  for (const std::string_view column : kColumns) {
    widest = std::max(widest, text_width(context, context.texts.get(column), {m.small}));
  }
  constexpr auto kCount = static_cast<float>(kColumns.size());
  columns.number = std::min(widest + m.px(10), (width - columns.eye) / kCount);
  columns.two_lines = width - columns.eye - columns.actions - kCount * columns.number < m.px(120);
  const float line = m.label + m.px(2);
  columns.row =
      std::max(columns.two_lines ? 2 * line + m.px(4) : line + m.px(6), m.touch ? m.control : 0.0f);
  // A finger that means a button must not meet the numbers below it.
  if (columns.two_lines && m.touch) columns.row = std::max(columns.row, m.control + line + m.px(4));
  return columns;
}

// Calls draw(number, place) for the place of each number in `line`, at its right end.
template <typename Draw>
void each_number(const RunColumns& columns, Rect line, const Draw& draw) {
  for (std::size_t i = kColumns.size(); i-- > 0;) draw(i, line.cut_right(columns.number));
}

void draw_head(PanelContext& context, Rect line, const RunColumns& columns) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const ImU32 ink = theme.color(theme.colors.muted);
  each_number(columns, line, [&](std::size_t i, const Rect& place) {
    const std::string& name = context.texts.get(kColumns[i]);
    draw_text(context, place, name, ink,
              {fitting_size(context, name, place.w - m.px(4), m.small), false, Align::kRight});
    ImGui::SetCursorScreenPos(top_left(place));
    ImGui::Dummy({place.w, place.h});
    draw_help(context, name, context.texts.get(std::string(kColumns[i]) + ".help"));
  });
  line.cut_left(columns.eye);
  if (!columns.two_lines) {
    draw_text(context, line, context.texts.get("runs.run"), ink, {m.small});
  }
  const float y = std::floor(line.bottom()) + 0.5f;
  ImGui::GetWindowDrawList()->AddLine({line.x - columns.eye, y}, {line.right(), y},
                                      theme.color(theme.colors.card_edge));
}

// An eye that is open, or one that is struck through.
void draw_eye(ImDrawList& list, ImVec2 center, float size, ImU32 ink, bool open) {
  const float half = size / 2, lid = size * 0.34f, stroke = std::max(1.0f, size * 0.1f);
  const ImVec2 left{center.x - half, center.y}, right{center.x + half, center.y};
  for (const float side : {-1.0f, 1.0f}) {
    const float y = center.y + side * 2 * lid * 0.66f;
    list.AddBezierCubic(left, {center.x - half * 0.4f, y}, {center.x + half * 0.4f, y}, right, ink,
                        stroke);
  }
  if (open) {
    list.AddCircleFilled(center, size * 0.16f, ink);
  } else {
    list.AddLine({center.x - half * 0.8f, center.y + lid}, {center.x + half * 0.8f, center.y - lid},
                 ink, stroke);
  }
}

// The colour of the run's curve, empty where that is not drawn.
void draw_swatch(ImDrawList& list, const Rect& area, const Metrics& m, ImU32 color, bool shown) {
  const float y = area.y + area.h / 2;
  const ImVec2 from{area.x, y - m.px(1.5f)}, to{area.x + m.px(14), y + m.px(1.5f)};
  if (shown) {
    list.AddRectFilled(from, to, color, m.px(1.5f));
  } else {
    list.AddRect(from, to, color, m.px(1.5f));
  }
}

void draw_row(PanelContext& context, const Rect& area, const RunRow& row, int index,
              const RunColumns& columns, double lowest) {
  const Theme& theme = context.theme;
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::string id = "runs:" + std::to_string(index);
  std::set<std::uint64_t>& hidden = context.view.hidden_runs;
  const bool earlier = row.serial > 0;
  // The buttons on it come first.
  ImGui::SetNextItemAllowOverlap();
  if (earlier && draw_area(context, area, id)) {
    if (!hidden.erase(row.serial)) hidden.insert(row.serial);
    context.animating = true;
  } else if (!earlier) {
    ImGui::SetCursorScreenPos(top_left(area));
    ImGui::Dummy({area.w, area.h});
    register_item(context, id);
  }
  mirror_item(context, {.role = MirrorRole::kSwitch, .on = !hidden.contains(row.serial)});
  const bool hovered = earlier && ImGui::IsItemHovered();
  if (hovered) {
    list.AddRectFilled(top_left(area), bottom_right(area), theme.color(c.field), m.radius);
  }
  if (columns.two_lines && index > 0) {
    // Without it, whose numbers these are would be a guess.
    const float y = std::floor(area.y) + 0.5f;
    list.AddLine({area.x, y}, {area.right(), y}, theme.color(c.card_edge));
  }
  const bool shown = !hidden.contains(row.serial);
  Rect first = area.inset(0, m.px(2));
  Rect second = first;
  if (columns.two_lines) {
    first = second.cut_top(m.touch ? m.control : second.h / 2);
    second.cut_left(columns.eye);
  }
  Rect signs = first.cut_left(columns.eye);
  const Rect eye = signs.cut_left(m.px(22));
  signs.cut_left(m.px(6));
  if (earlier) {
    draw_eye(list, {eye.x + eye.w / 2, eye.y + eye.h / 2}, m.px(14),
             theme.color(hovered ? c.accent : c.muted), shown);
  }
  draw_swatch(list, signs, m, theme.color(earlier ? c.muted : c.test), shown);
  const Rgb ink = shown ? c.text : c.muted;
  const std::array numbers = numbers_of(row);
  Rect& line = columns.two_lines ? second : first;
  each_number(columns, line, [&](std::size_t i, const Rect& place) {
    const bool best = i == 3 && row.best == lowest;
    draw_text(context, place, numbers[i], theme.color(best ? c.accent : ink),
              {m.small, best, Align::kRight});
  });
  if (!columns.two_lines) first.w -= static_cast<float>(kColumns.size()) * columns.number;
  // Before the row's buttons, which are other items.
  draw_help(context, row.name, context.texts.get(earlier ? "runs.run.help" : "runs.present.help"));
  Rect actions = first.cut_right(columns.actions);
  actions.cut_right(m.px(8));
  draw_text(context, first, row.name, theme.color(ink), {m.small, !earlier});
  draw_run_actions(context, actions, index, earlier ? row.kept : 0, !earlier);
}

}  // namespace

void draw_runs(PanelContext& context) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  Rect inside = context.area;
  const std::vector<RunRow> rows = rows_of(context);
  if (rows.empty()) {
    draw_text(context, inside, context.texts.get("runs.empty"), theme.color(theme.colors.muted),
              {0, false, Align::kCenter});
    return;
  }
  // The scrollbar takes its place from the columns, whether it is needed or not.
  const float width = inside.w - ImGui::GetStyle().ScrollbarSize - m.px(4);
  const RunColumns columns = columns_in(context, width);
  Rect head = inside.cut_top(m.label + m.px(4));
  head.w = width;
  draw_head(context, head, columns);
  inside.cut_top(m.px(2));
  const double low = lowest(rows);
  ScrollArea scroll(context, inside, "runs:list", static_cast<float>(rows.size()) * columns.row);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Rect area{scroll.inside.x, scroll.inside.y + static_cast<float>(i) * columns.row, width,
                    columns.row};
    draw_row(context, area, rows[i], static_cast<int>(i), columns, low);
  }
}

}  // namespace hourglass::ui
