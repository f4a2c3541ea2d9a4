// What was understood of a person's own files, and what to do with it.
#include <imgui.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ui/kit/controls.h"
#include "ui/kit/figures.h"
#include "ui/kit/number_text.h"
#include "ui/own_data/own_data_parts.h"
#include "ui/own_data/own_data_words.h"

namespace hourglass::ui {
namespace {

std::string text_field(const JobFindings& found, std::string_view name) {
  const auto field = found.fields.find(name);
  return field != found.fields.end() && field->is_string() ? field->get<std::string>() : "";
}

std::string import_field(const Texts& texts, const JobFindings& found, std::string_view name) {
  const auto field = found.fields.find(name);
  return field == found.fields.end() ? "" : import_words(texts, *field);
}

std::string count_field(const JobFindings& found, std::string_view name) {
  return grouped(static_cast<std::int64_t>(found.number(name)));
}

// "28 x 28", "3 x 32 x 32", or the number of features of a table.
std::string shape_words(const Texts& texts, const JobFindings& found) {
  const auto sides = found.fields.find("shape");
  if (sides == found.fields.end() || !sides->is_array() || sides->empty()) return "";
  std::string words;
  for (std::size_t i = 0; i < sides->size(); ++i) {
    const Json& side = (*sides)[i];
    const std::int64_t length = side.is_number_integer() ? side.get<std::int64_t>() : 0;
    if (sides->size() == 1) return texts.format("own_data.features", {grouped(length)});
    if (i == 0 && length == 1) continue;  // grey
    words += (words.empty() ? "" : " × ") + grouped(length);
  }
  return words;
}

// The name of a kind, where it has one of the language's own.
std::string kind_words(const Texts& texts, const std::string& kind) {
  const std::string key = "own_data.kind." + kind;
  return texts.has(Language::kEnglish, key) ? texts.get(key) : kind;
}

std::vector<Figure> import_figures(const Texts& texts, const JobFindings& found) {
  std::vector<Figure> all;
  const auto add = [&](std::string_view id, std::string_view key, std::string value) {
    if (!value.empty()) all.push_back({id, texts.get(key), std::move(value)});
  };
  add("own:kind", "own_data.kind", kind_words(texts, text_field(found, "kind")));
  add("own:count", "own_data.samples", count_field(found, "samples"));
  add("own:shape", "own_data.shape", shape_words(texts, found));
  add("own:range", "own_data.range",
      significant(found.number("low"), 5) + " … " + significant(found.number("high"), 5));
  if (found.number("class_count") > 0) {
    add("own:classes", "own_data.classes", count_field(found, "class_count"));
  }
  add("own:label", "own_data.label", import_field(texts, found, "label"));
  add("own:train", "own_data.train", count_field(found, "train"));
  add("own:test", "own_data.test", count_field(found, "test"));
  add("own:split", "own_data.split", import_field(texts, found, "split"));
  if (found.number("left_out") > 0) {
    add("own:left_out", "own_data.left_out", count_field(found, "left_out"));
  }
  return all;
}

// The buttons from the left, in as many lines as they need; returns their height.
float draw_import_buttons(PanelContext& context, const Rect& area, bool draw) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  OwnDataState& state = context.state<OwnDataState>();
  struct Action {
    Button button;
    std::string_view name;
  };
  std::vector<Action> actions;
  std::string part;
  if (state.offer.used > 0 && !state.working) {
    part = texts.format("own_data.part." + state.offer.unit,
                        {grouped(state.offer.used), grouped(state.offer.of)});
    actions.push_back({{.id = "own:subsample",
                        .label = part,
                        .kind = ButtonKind::kPrimary,
                        .help_title = part,
                        .help = texts.get("own_data.part.help")},
                       "subsample"});
  }
  if (!state.found.empty()) {
    const bool fit = state.error.empty() && !state.working;
    actions.push_back({{.id = "own:use",
                        .label = texts.get("own_data.use"),
                        .kind = fit ? ButtonKind::kPrimary : ButtonKind::kPlain,
                        .help_title = texts.get("own_data.use"),
                        .help = texts.get("own_data.use.help"),
                        .disabled = !fit},
                       "use"});
  }
  if (state.can_choose) {
    actions.push_back({{.id = "own:choose", .label = texts.get("own_data.other")}, "choose"});
  }
  if (!state.making) {
    actions.push_back({{.id = "own:draw",
                        .label = texts.get("own_data.draw"),
                        .help_title = texts.get("own_data.draw"),
                        .help = texts.get("own_data.draw.help")},
                       "draw"});
  }
  actions.push_back({{.id = "own:forget",
                      .label = texts.get("own_data.forget"),
                      .help_title = texts.get("own_data.forget"),
                      .help = texts.get("own_data.forget.help")},
                     "forget"});
  if (state.can_choose) {
    actions.push_back({{.id = "own:keep",
                        .label = texts.get("own_data.keep"),
                        .help_title = texts.get("own_data.keep"),
                        .help = texts.get("own_data.keep.help"),
                        .on = state.kept},
                       state.kept ? "unkeep" : "keep"});
  }
  Rect line{area.x, area.y, area.w, m.control};
  for (const Action& action : actions) {
    const float width = std::min(button_width(context, action.button), area.w);
    if (width > line.w && line.x > area.x) {
      line = {area.x, line.y + m.control + m.px(6), area.w, m.control};
    }
    const Rect place = line.cut_left(width);
    line.cut_left(m.px(6));
    if (!draw || !draw_button(context, place, action.button)) continue;
    if (action.name == "draw") {
      state.making = true;
      continue;
    }
    if (action.name == "use") state.will_train = true;
    if (action.name == "subsample" && state.offer.unit == "samples") {
      state.options.insert_or_assign("data.most_samples", state.offer.used);
      state.working = true;
      ask_import(context, "preview");
      continue;
    }
    if (!state.has_files && action.name == "forget") state.making = false;
    ask_import(context, action.name);
  }
  return line.bottom() - area.y;
}

}  // namespace

float draw_import_facts(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const OwnDataState& state = context.state<OwnDataState>();
  const float top = area.y;
  float y = area.y;
  const std::string name = state.found.empty() ? "" : text_field(state.found, "name");
  if (!name.empty()) {
    const Rect line{area.x, y, area.w, m.heading + m.px(6)};
    if (draw) {
      draw_text(context, line, name, theme.color(theme.colors.text), {m.heading, true});
      register_widget(context, "own:name", line);
    }
    y = line.bottom();
  }
  const auto paragraph = [&](std::string_view words, Rgb color, float size) {
    const float height =
        draw_paragraph(context, area.x, y, area.w, words, theme.color(color), size, draw);
    const Rect at{area.x, y, area.w, height};
    y += height + m.px(6);
    return at;
  };
  if (state.working) {
    paragraph(texts.get("own_data.reading"), theme.colors.muted, m.text);
  }
  // The first sample that is made here is no mistake.
  const bool is_begun = state.making && state.made == 1;
  if (!state.error.empty() && !is_begun) {
    const Rect at = paragraph(refusal_words(texts, state), theme.colors.heat, m.text);
    if (draw) register_widget(context, "own:error", at);
  }
  if (!state.found.empty()) {
    const std::vector<Figure> figures = import_figures(texts, state.found);
    y += draw_figures(context, {area.x, y, area.w, 0}, figures, draw) + m.px(6);
  }
  y += draw_import_buttons(context, {area.x, y, area.w, 0}, draw) + m.px(6);
  paragraph(texts.get("own_data.local"), theme.colors.muted, m.small);
  return y - top;
}

}  // namespace hourglass::ui
