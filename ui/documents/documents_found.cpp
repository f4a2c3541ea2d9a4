// What is typed, what it finds, and which words are expected there.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ui/documents/documents_state.h"
#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"

namespace hourglass::ui {
namespace {

using Asked = DocumentsState::Asked;

// The text in the field, while it is typed, too.
const std::string& typed_query(const PanelContext& context) {
  return context.input.edited_key == kQueryField ? context.input.edited_text
                                                 : context.state<DocumentsState>().query;
}

bool has_words(const std::string& text) {
  return text.find_first_not_of(" \t\n") != std::string::npos;
}

void follow_query(PanelContext& context) {
  DocumentsState& state = context.state<DocumentsState>();
  const std::string typed = typed_query(context);
  if (context.input.edited_key != kQueryField || typed == state.query) return;
  state.query = typed;
  if (has_words(typed)) {
    state.asked = Asked::kQuery;
  } else if (state.asked == Asked::kQuery) {
    state.asked = Asked::kNothing;
  }
}

// What the answer is to, as a line above it.
std::string found_title(const PanelContext& context) {
  const Texts& texts = context.texts;
  const DocumentsState& state = context.state<DocumentsState>();
  switch (state.asked) {
    case Asked::kNothing:
      break;
    case Asked::kQuery:
      return texts.get("documents.near_query");
    case Asked::kDocument:
      return texts.format("documents.near_document", {document_title(context, state.document)});
    case Asked::kPlace:
      return texts.get("documents.near_place");
  }
  return {};
}

// Whether a query was answered that has no word which is known.
bool query_is_nowhere(const PanelContext& context) {
  if (context.state<DocumentsState>().asked != Asked::kQuery) return false;
  const auto* const words = documents_now(context).indices("query_words");
  return words && words->empty();
}

float draw_note(PanelContext& context, const Rect& area, const std::string& text, Rgb color,
                bool draw) {
  return draw_paragraph(context, area.x, area.y, area.w, text, context.theme.color(color),
                        context.theme.metrics.small, draw);
}

// A document that was found: how far it is, its topic's colour, and its first words. A click asks
// for it.
void draw_near(PanelContext& context, Rect line, int index, std::int64_t document, float distance) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const std::string id = "documents:near:" + std::to_string(index);
  const bool clicked = draw_area(context, line, id);
  if (ImGui::IsItemHovered()) {
    ImGui::GetWindowDrawList()->AddRectFilled(top_left(line), bottom_right(line),
                                              theme.color(theme.colors.field), m.px(4));
  }
  const std::int32_t label = document_label(context, document);
  draw_help(context,
            label >= 0 ? class_name(context, label) : context.texts.get("documents.document"),
            document_title(context, document), document_terms(context, document));
  draw_text(context, line.cut_left(m.px(44)),
            fixed(static_cast<double>(distance), distance < 10 ? 2 : 1),
            theme.color(theme.colors.muted), {m.small, false, Align::kRight});
  line.cut_left(m.px(8));
  const Rect dot = line.cut_left(m.px(10));
  ImGui::GetWindowDrawList()->AddCircleFilled({dot.x + m.px(4), dot.y + dot.h / 2}, m.px(4),
                                              packed(class_color(theme.colors, label)));
  line.cut_left(m.px(4));
  draw_text(context, line, document_title(context, document), theme.color(theme.colors.text),
            {m.small});
  if (clicked) ask_for_document(context, document);
}

// The words that the decoder expects, with a bar as long as each is likely, in two columns.
float draw_expected(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const auto* const words = documents_now(context).indices("expected");
  const auto* const shares = documents_now(context).floats("shares");
  if (!words || !shares || words->empty() || words->size() != shares->size()) return 0;
  const std::string& title = context.texts.get("documents.expected");
  const std::size_t half = (words->size() + 1) / 2;
  const float row = m.small + m.px(4);
  const float height = m.label + row * static_cast<float>(half);
  if (!draw) return height;
  const Rect head = area.cut_top(m.label);
  draw_text(context, head, title, theme.color(theme.colors.muted), {m.small});
  ImGui::SetCursorScreenPos(top_left(head));
  ImGui::Dummy({head.w, head.h});
  draw_help(context, title, context.texts.get("documents.expected.help"));
  register_widget(context, "documents:expected",
                  {area.x, area.y, area.w, row * static_cast<float>(half)});
  std::vector<ImageAtlas::Word> all;
  for (std::size_t i = 0; i < words->size(); ++i) {
    const float most = shares->front();
    all.push_back({(*words)[i], most > 0 ? (*shares)[i] / most : 0});
  }
  const std::span<const ImageAtlas::Word> list = all;
  const float column = (area.w - m.gap) / 2;
  draw_words(context, list.first(half), {area.x, area.y, column, height}, theme.colors.accent);
  draw_words(context, list.subspan(half), {area.x + column + m.gap, area.y, column, height},
             theme.colors.accent);
  return height;
}

}  // namespace

float draw_documents_query(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const float height = m.label + m.control;
  if (!draw) return height;
  DocumentsState& state = context.state<DocumentsState>();
  const std::string& label = texts.get("documents.query");
  draw_text(context, area.cut_top(m.label), label, theme.color(theme.colors.muted), {m.small});
  const Rect field = area.cut_top(m.control);
  draw_field(context, field, kQueryField, state.query, true, true);
  draw_help(context, label, texts.get("documents.query.help"));
  if (typed_query(context).empty() && context.input.edited_key != kQueryField) {
    draw_text(context, field.inset(m.px(10), 0), texts.get("documents.query.hint"),
              theme.color(theme.colors.muted), {m.small});
  }
  follow_query(context);
  return height;
}

float draw_documents_found(PanelContext& context, Rect area, bool draw) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  if (documents_now(context).size("points", 0) == 0) return 0;
  const float top = area.y;
  if (context.state<DocumentsState>().asked == Asked::kNothing) {
    return draw_note(context, area, texts.get("documents.hint"), theme.colors.muted, draw);
  }
  if (query_is_nowhere(context)) {
    const float height = draw_note(
        context, area,
        texts.format("documents.nowhere", {grouped(std::ssize(context.store.data.words))}),
        theme.colors.heat, draw);
    if (draw) register_widget(context, "documents:nowhere", {area.x, area.y, area.w, height});
    return height;
  }
  const auto* const nearest = documents_now(context).indices("nearest");
  const auto* const distances = documents_now(context).floats("distances");
  if (!nearest || !distances) return 0;
  const Rect title = area.cut_top(m.label);
  if (draw) {
    draw_text(context, {title.x, top, title.w, m.label}, found_title(context),
              theme.color(theme.colors.text), {m.small, true});
  }
  const float row = m.touch ? m.control : m.label + m.px(3);
  const auto count = std::min(nearest->size(), distances->size());
  float y = top + m.label;
  for (std::size_t i = 0; i < count; ++i, y += row) {
    if (!draw) continue;
    draw_near(context, {area.x, y, area.w, row}, static_cast<int>(i), (*nearest)[i],
              (*distances)[i]);
  }
  if (draw) {
    register_widget(context, "documents:found",
                    {area.x, top + m.label, area.w, row * static_cast<float>(count)});
  }
  y += m.gap;
  y += draw_expected(context, {area.x, y, area.w, 1e6f}, draw);
  return y - top;
}

}  // namespace hourglass::ui
