// Documents: each a point of the map, found by words that are typed or a place that is clicked,
// beside how well the codes find what belongs together.
#include <imgui.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/json.h"
#include "ui/documents/documents_state.h"
#include "ui/images/image_cell.h"
#include "ui/jobs/job_bar.h"
#include "ui/kit/controls.h"
#include "ui/kit/mark.h"
#include "ui/kit/scroll_area.h"

namespace hourglass::ui {
namespace {

// Between two looks at a network that is training, at the least.
constexpr double kLookSeconds = 0.5;
// An answer encodes all documents: with more numbers than these it takes longer, and is asked for
// less often.
constexpr double kQuickNumbers = 2e7;

// Starts the job for the data and the network that there are, once for each.
void keep_documents_job(PanelContext& context) {
  DocumentsState& state = context.state<DocumentsState>();
  const Store& store = context.store;
  if (state.data != store.revisions.data) {
    DocumentsState fresh;
    fresh.data = store.revisions.data;
    state = fresh;
  }
  const bool fits = store.network.input_features == std::ssize(store.data.words);
  const std::uint64_t mark = Mark().add(store.revisions.data).add(store.revisions.network).value();
  const JobView& job = context.jobs.view(kDocumentsJob);
  if (!fits || mark == state.started || job.is_under_way()) return;
  // A job that is ready is still that of the network before: its end is on its way.
  state.started = mark;
  state.refreshed = 0;
  context.jobs.start(context.post, kDocumentsJob, "{}");
  context.animating = true;
}

// The network is looked at anew when it has learned.
void follow_network(PanelContext& context) {
  DocumentsState& state = context.state<DocumentsState>();
  const Store& store = context.store;
  const double now = ImGui::GetTime();
  const bool running = store.status.phase == session::Phase::kRunning;
  if (shown_step(store) == state.refreshed || (running && now < state.next)) return;
  state.refreshed = shown_step(store);
  const double numbers = static_cast<double>(store.network.multiply_adds) *
                         static_cast<double>(store.data.train_count + store.data.test_count);
  state.next = now + kLookSeconds * std::max(1.0, numbers / kQuickNumbers / 10);
}

void ask_about_documents(PanelContext& context) {
  const DocumentsState& state = context.state<DocumentsState>();
  Json question{{"refresh", state.refreshed}};
  Mark mark;
  mark.add(context.jobs.view(kDocumentsJob).number).add(state.refreshed).add(state.asked);
  switch (state.asked) {
    case DocumentsState::Asked::kNothing:
      break;
    case DocumentsState::Asked::kQuery:
      question["query"] = state.query;
      mark.add(std::span<const char>(state.query));
      break;
    case DocumentsState::Asked::kDocument:
      question["document"] = state.document;
      mark.add(state.document);
      break;
    case DocumentsState::Asked::kPlace:
      question["place"] = {state.place.x, state.place.y};
      mark.add(state.place.x).add(state.place.y);
      break;
  }
  context.jobs.ask(context.post, kDocumentsJob, mark.value(), json_text(question));
}

// What there is to do where the data are images.
void draw_without_documents(PanelContext& context, Rect area) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  const Button button{.id = "documents:preset",
                      .label = texts.get("documents.preset"),
                      .kind = ButtonKind::kPrimary,
                      .help_title = texts.get("documents.preset"),
                      .help = texts.get("documents.preset.help")};
  const float width = std::min(area.w, button_width(context, button));
  Rect below = area.cut_bottom(area.h / 2 - m.px(30));
  draw_middle_paragraph(context, area, texts.get("documents.none"));
  const Rect place{below.x + (below.w - width) / 2, below.y, width, m.control};
  if (draw_button(context, place, button)) {
    context.send(session::LoadPreset{"text-quick"});
    context.send(session::Run{});
  }
}

// Progress while the job is at work, or why it is not; nothing where all is well.
float draw_documents_job(PanelContext& context, Rect area, bool draw) {
  const Metrics& m = context.theme.metrics;
  const JobView& job = context.jobs.view(kDocumentsJob);
  if (job.is_under_way() && documents_result(context).empty()) {
    if (draw) {
      draw_job_bar(context, {area.x, area.y, area.w, m.control}, kDocumentsJob,
                   context.texts.get("documents.preset"), "", false);
    }
    return m.control + m.gap;
  }
  const float message = draw_job_message(context, area, kDocumentsJob, draw);
  return message > 0 ? message + m.gap : 0;
}

float draw_documents_side(PanelContext& context, Rect area, bool draw) {
  const Metrics& m = context.theme.metrics;
  const float top = area.y;
  const auto part = [&](float (*draw_part)(PanelContext&, Rect, bool)) {
    const float height = draw_part(context, area, draw);
    area.y += height + (height > 0 ? m.gap : 0);
  };
  part(draw_documents_job);
  part(draw_documents_found);
  part(draw_documents_curve);
  return area.y - top;
}

}  // namespace

const JobFindings& documents_result(const PanelContext& context) {
  return context.jobs.view(kDocumentsJob).result;
}

const JobFindings& documents_now(const PanelContext& context) {
  const JobView& job = context.jobs.view(kDocumentsJob);
  return job.answer.size("points", 0) == job.result.size("points", 0) ? job.answer : job.result;
}

std::string document_title(const PanelContext& context, std::int64_t document) {
  const Json& fields = documents_result(context).fields;
  if (!fields.contains("titles") || !fields["titles"].is_array()) return {};
  const Json& titles = fields["titles"];
  const auto at = static_cast<std::size_t>(document);
  return document >= 0 && at < titles.size() && titles[at].is_string()
             ? titles[at].get<std::string>()
             : std::string();
}

std::int32_t document_label(const PanelContext& context, std::int64_t document) {
  const auto* const labels = documents_result(context).indices("labels");
  const auto at = static_cast<std::size_t>(document);
  return labels && document >= 0 && at < labels->size() ? static_cast<std::int32_t>((*labels)[at])
                                                        : -1;
}

std::string document_terms(const PanelContext& context, std::int64_t document) {
  const auto* const terms = documents_result(context).indices("terms");
  const std::int64_t each = documents_result(context).size("terms", 1);
  const std::vector<std::string>& words = context.store.data.words;
  std::string text;
  for (std::int64_t i = 0; terms && i < each; ++i) {
    const auto at = static_cast<std::size_t>(document * each + i);
    if (document < 0 || at >= terms->size() || (*terms)[at] >= words.size()) break;
    text += (text.empty() ? "" : ", ") + words[(*terms)[at]];
  }
  return text;
}

void ask_for_document(PanelContext& context, std::int64_t document) {
  DocumentsState& state = context.state<DocumentsState>();
  state.asked = DocumentsState::Asked::kDocument;
  state.document = document;
}

void draw_documents(PanelContext& context) {
  if (!shows_documents(context)) return draw_without_documents(context, context.area);
  const Metrics& m = context.theme.metrics;
  keep_documents_job(context);
  follow_network(context);
  const bool there = documents_now(context).size("points", 0) > 0;
  Rect inside = context.area;
  const bool beside = inside.w >= m.px(640);
  Rect map;
  if (beside) {
    map = inside.cut_left(std::floor(inside.w * 0.56f));
    inside.cut_left(m.gutter);
    if (there) draw_documents_map(context, map);
  }
  // Above what scrolls: as what it finds comes and goes, it must stay the field that is typed in.
  const float query = draw_documents_query(context, inside, false);
  draw_documents_query(context, inside.cut_top(query), true);
  inside.cut_top(m.gap);
  const float width = inside.w - ImGui::GetStyle().ScrollbarSize - m.px(4);
  const float below = beside ? 0 : std::min(width, std::max(m.px(180), inside.h * 0.5f)) + m.gap;
  const float height = below + draw_documents_side(context, {0, 0, width, 0}, false);
  {
    ScrollArea scroll(context, inside, "documents:side", height);
    Rect rest{scroll.inside.x, scroll.inside.y, width, height};
    if (!beside) {
      Rect place = rest.cut_top(below);
      place.cut_bottom(m.gap);
      if (there) draw_documents_map(context, place);
    }
    draw_documents_side(context, rest, true);
  }
  // After what was clicked just now, so that the answer is a frame earlier.
  ask_about_documents(context);
}

}  // namespace hourglass::ui
