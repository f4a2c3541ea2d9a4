// What the person takes away: the run, the model for other programs, results as tables and
// pictures. The files are made by whoever is around the front end.
#include <imgui.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/kit/scroll_area.h"
#include "ui/save/save_state.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

// A kind of file, as core/session/export/saved_files.h calls it ("view" and "open" are not its).
struct SavedRow {
  std::string_view kind;
  // What the data must be for there to be such a thing.
  bool (*applies)(const Store& store) = nullptr;
};

bool has_images(const Store& store) { return store.data.rows > 1 && store.data.words.empty(); }
bool has_tiles(const Store& store) {
  return store.snapshot.tiles && !store.snapshot.tiles->empty();
}

bool has_moments(const Store& store) { return store.timeline.steps.size() > 1; }
bool has_moments_of_images(const Store& store) { return has_images(store) && has_moments(store); }

constexpr SavedRow kRunRows[] = {{"checkpoint"}, {"project"}};
constexpr SavedRow kModelRows[] = {{"onnx"}, {"tfjs"}, {"keras"}, {"pytorch"}};
constexpr SavedRow kResultRows[] = {{"history"}, {"codes"}, {"codes_npy"}, {"map"}, {"map_npy"}};
constexpr SavedRow kPlotRows[] = {{"curves"}, {"curves_png"}, {"map_svg"}, {"map_png"}};
constexpr SavedRow kPictureRows[] = {{"images", has_images}, {"weights", has_tiles}, {"view"}};

constexpr SavedRow kFilmRows[] = {
    {"film_images", has_moments_of_images}, {"film_map", has_moments}, {"film_view", has_moments}};

// What is copied in place of saved: by a page with an address, and elsewhere.
constexpr SavedRow kLinkRows[] = {{"link"}, {"embed"}};
constexpr SavedRow kCommandRows[] = {{"command"}};

struct SavedGroup {
  std::string_view name;
  std::span<const SavedRow> rows;
  std::size_t column;  // where there is room for three side by side
};
constexpr std::size_t kSavedColumns = 3;
constexpr SavedGroup kGroups[] = {{"run", kRunRows, 0},    {"model", kModelRows, 1},
                                  {"share", kLinkRows, 1}, {"pictures", kPictureRows, 0},
                                  {"films", kFilmRows, 1}, {"results", kResultRows, 2},
                                  {"plots", kPlotRows, 2}};

constexpr std::uint64_t kSaveNumber = 2;  // of the job: there is one, and the import's is 1

// What an axis of the latent map is called.
std::string map_axis(const PanelContext& context, int axis) {
  const Store& store = context.store;
  const bool units = text_setting(store, "view.map_plane", "pca") == "units";
  if (!units && store.network.code_size > 2) {
    return context.texts.format("latent.axis_pca", {std::to_string(axis + 1)});
  }
  const char* const key = axis == 0 ? "view.map_unit_x" : "view.map_unit_y";
  const double unit = units ? number_setting(store, key, axis) : axis;
  return context.texts.format("latent.axis_unit",
                              {std::to_string(static_cast<std::int64_t>(unit))});
}

void ask_to_save(PanelContext& context, std::string_view kind) {
  SaveState& state = context.state<SaveState>();
  const Texts& texts = context.texts;
  state.working = kind == "hello" || kind == "open" ? "" : kind;
  if (kind != "hello") {
    state.error.clear();
    state.saved.clear();
  }
  Json arguments = {{"what", kind},
                    {"words",
                     {{"title", texts.get("curves.title")},
                      {"training", texts.get("save.training")},
                      {"held_out", texts.get("save.held_out")},
                      {"epochs", texts.get("save.epochs")},
                      {"map", texts.get("latent.title")},
                      {"across", map_axis(context, 0)},
                      {"up", map_axis(context, 1)}}}};
  if (kind.starts_with("film")) {
    // The last of them is the run as it is now, which whoever films comes to by itself.
    Json steps = Json::array();
    for (const std::int64_t step : context.store.timeline.steps) {
      if (step < context.store.status.step) steps.push_back(step);
    }
    arguments["steps"] = std::move(steps);
  }
  context.send(session::StartJob{"save", json_text(arguments), kSaveNumber});
  context.animating = true;
}

// A button with the file's name, and beside or below it what it is good for.
float draw_saved_row(PanelContext& context, const Rect& area, const SavedRow& row, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  SaveState& state = context.state<SaveState>();
  const std::string key = "save." + std::string(row.kind);
  const std::string id = "save:" + std::string(row.kind);
  const bool applies = !row.applies || row.applies(context.store);
  const Button button{.id = id,
                      .label = texts.get(key),
                      .on = state.working == row.kind,
                      .disabled = !applies || !state.working.empty()};
  const Rect place{area.x, area.y, area.w, m.control};
  if (draw && draw_button(context, place, button)) ask_to_save(context, row.kind);
  const float below = area.y + m.control + m.px(4);
  const std::string& words = texts.get(key + (applies ? ".help" : ".not"));
  return m.control + m.px(4) + m.px(12) +
         draw_paragraph(context, area.x, below, area.w, words, theme.color(theme.colors.muted),
                        m.small, draw);
}

float draw_saved_group(PanelContext& context, const Rect& area, const SavedGroup& group,
                       bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::string key = "save.group." + std::string(group.name);
  float y = area.y;
  const Rect head{area.x, y, area.w, m.heading + m.px(8)};
  if (draw) {
    draw_text(context, head, context.texts.get(key), theme.color(theme.colors.text),
              {m.heading, true});
  }
  y = head.bottom();
  const bool links = context.state<SaveState>().can_link;
  const bool shares = group.name == "share";
  for (const SavedRow& row :
       shares && !links ? std::span<const SavedRow>(kCommandRows) : group.rows) {
    if (row.kind == "film_view" && !context.state<SaveState>().can_film) continue;
    y += draw_saved_row(context, {area.x, y, area.w, 0}, row, draw);
  }
  if (group.name != "run") return y - area.y;
  if (context.state<SaveState>().can_open) {
    y += draw_saved_row(context, {area.x, y, area.w, 0}, {"open"}, draw);
  } else {
    y += draw_paragraph(context, area.x, y, area.w, context.texts.get("save.drop"),
                        theme.color(theme.colors.muted), m.small, draw) +
         m.px(12);
  }
  return y - area.y;
}

// What was said of the last file; nothing before the first.
float draw_outcome(PanelContext& context, const Rect& area) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const SaveState& state = context.state<SaveState>();
  std::string words = texts.get("save.intro");
  Rgb color = theme.colors.muted;
  if (!state.error.empty()) {
    words = state.error;
    color = theme.colors.heat;
  } else if (!state.working.empty()) {
    words = texts.get("save.working");
  } else if (texts.has(Language::kEnglish, "save." + state.done + ".done") &&
             !state.saved.empty()) {
    words = texts.get("save." + state.done + ".done");
    color = theme.colors.text;
  } else if (!state.saved.empty()) {
    words = state.place.empty() ? texts.format("save.saved", {state.saved})
                                : texts.format("save.saved_to", {state.saved, state.place});
    color = theme.colors.text;
  }
  const float height =
      draw_paragraph(context, area.x, area.y, area.w, words, theme.color(color), m.text, true);
  register_widget(context, state.error.empty() ? "save:outcome" : "save:error",
                  {area.x, area.y, area.w, height});
  return height + m.px(14);
}

std::string word_at(const Json& layer, const char* name) {
  const auto found = layer.find(name);
  if (found == layer.end()) return "";
  if (found->is_string()) return found->get<std::string>();
  return found->is_number_integer() ? grouped(found->get<std::int64_t>()) : "";
}

// What became of the layers of a model of another program that was opened, a line each.
float draw_mapping(PanelContext& context, const Rect& area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const Json& model = context.state<SaveState>().model;
  const auto layers = model.is_object() ? model.find("layers") : model.end();
  if (!model.is_object() || layers == model.end() || !layers->is_array()) return 0;
  float y = area.y;
  const auto paragraph = [&](const std::string& words, Rgb color, float size) {
    y +=
        draw_paragraph(context, area.x, y, area.w, words, theme.color(color), size, draw) + m.px(4);
  };
  const Rect head{area.x, y, area.w, m.heading + m.px(8)};
  if (draw) {
    draw_text(context, head, texts.format("save.model", {word_at(model, "name")}),
              theme.color(theme.colors.text), {m.heading, true});
  }
  y = head.bottom();
  bool all_known = true;
  for (const Json& layer : *layers) {
    if (!layer.is_object()) continue;
    all_known = all_known && layer.value("known", Json(true)) == Json(true);
    paragraph(texts.format("save.model.layer",
                           {word_at(layer, "from"), texts.layer_name(word_at(layer, "to")),
                            word_at(layer, "inputs"), word_at(layer, "outputs"),
                            texts.activation(word_at(layer, "activation"))}),
              theme.colors.text, m.text);
  }
  if (!all_known) paragraph(texts.get("save.model.assumed"), theme.colors.muted, m.small);
  paragraph(texts.get("save.model.help"), theme.colors.muted, m.small);
  if (draw) register_widget(context, "save:model", {area.x, area.y, area.w, y - area.y});
  return y - area.y + m.px(14);
}

// The groups in columns side by side, or one below the other.
float draw_groups(PanelContext& context, const Rect& area, bool draw) {
  const Metrics& m = context.theme.metrics;
  const float between = m.px(28);
  const bool beside = area.w >= m.px(640);
  const float width =
      beside ? std::min((area.w - 2 * between) / 3, m.px(320)) : std::min(area.w, m.px(420));
  std::array<float, kSavedColumns> heights{};
  for (const SavedGroup& group : kGroups) {
    const std::size_t column = beside ? group.column : 0;
    const Rect place{area.x + static_cast<float>(column) * (width + between),
                     area.y + heights[column], width, 0};
    heights[column] += draw_saved_group(context, place, group, draw) + m.px(8);
  }
  return *std::max_element(heights.begin(), heights.end());
}

}  // namespace

void draw_save(PanelContext& context) {
  SaveState& state = context.state<SaveState>();
  if (!std::exchange(state.greeted, true)) ask_to_save(context, "hello");
  const float bar = ImGui::GetStyle().ScrollbarSize + context.theme.metrics.px(4);
  // What was said of the last file stays in sight, however far down its button is.
  Rect below = context.area;
  below.cut_top(draw_outcome(context, {below.x, below.y, below.w - bar, 0}));
  Rect measured{0, 0, below.w - bar, 0};
  const float mapping = draw_mapping(context, measured, false);
  const float groups = draw_groups(context, measured, false);
  const float height = mapping + groups;
  ScrollArea scroll(context, below, "save:scroll", height);
  Rect rest{scroll.inside.x, scroll.inside.y, below.w - bar, height};
  draw_mapping(context, rest.cut_top(mapping), true);
  draw_groups(context, rest, true);
}

}  // namespace hourglass::ui
