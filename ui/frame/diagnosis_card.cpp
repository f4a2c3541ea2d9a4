#include "ui/frame/diagnosis_card.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/session/settings/remedies.h"
#include "core/session/settings/settings.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/state/known_settings.h"
#include "ui/state/run_text.h"

namespace hourglass::ui {
namespace {

using session::DiagnosisInfo;

// One card: what is wrong, or what was done about it.
struct Card {
  std::string_view id, close_id;
  std::string title = {}, text = {};
  std::string action_id = {}, action = {}, action_help = {};  // no action: no button
  Icon action_icon = Icon::kNone;
  std::string next = {};  // "1 of 2" on the button that goes on; "" for a single one
};

// Where the parts of a card lie, for a card whose corner is at 0, 0.
struct Places {
  float height = 0;
  Rect title, text, close, action, next;
};

std::string kinds_of(const Store& store) {
  std::string kinds;
  for (const DiagnosisInfo& diagnosis : store.diagnoses) kinds += diagnosis.kind + " ";
  return kinds;
}

std::string evidence_words(double value) {
  return value == std::floor(value) && std::fabs(value) < 1e15
             ? grouped(static_cast<std::int64_t>(value))
             : significant(value, 4);
}

// A kind that only a newer engine knows comes as that engine's sentence.
std::string diagnosis_text(const Texts& texts, const DiagnosisInfo& diagnosis) {
  const std::string key = "diagnosis." + diagnosis.kind;
  if (!texts.has(Language::kEnglish, key)) return diagnosis.sentence;
  std::array<std::string, 5> words;
  for (std::size_t i = 0; i < std::min(words.size(), diagnosis.evidence.size()); ++i) {
    words[i] = evidence_words(diagnosis.evidence[i]);
  }
  return texts.format(key, {words[0], words[1], words[2], words[3], words[4]});
}

const session::Setting* setting_row(std::string_view key) {
  const auto table = session::settings_table();
  const auto row = std::ranges::find(table, key, &session::Setting::key);
  return row == table.end() ? nullptr : &*row;
}

std::string words_of(const Texts& texts, const std::string& key, const session::Value& value) {
  const session::Setting* const row = setting_row(key);
  return row ? value_words(texts, *row, value) : session::value_text(value);
}

std::string remedy_label(const Texts& texts, const ChosenRemedy& remedy) {
  const auto& [key, value] = remedy.after.front();
  return texts.format("remedy." + remedy.name, {words_of(texts, key, value)});
}

// "Learning rate: 0.3 → 0.03"; of lists of layers, which are no words, what is done to them.
std::string changes_text(const Texts& texts, const ChosenRemedy& remedy) {
  std::string text;
  for (std::size_t i = 0; i < remedy.after.size(); ++i) {
    const auto& [key, after] = remedy.after[i];
    const session::Setting* const row = setting_row(key);
    if (!row || row->type == session::SettingType::kText) continue;
    if (!text.empty()) text += texts.get("remedy.comma");
    text += texts.format("remedy.change",
                         {texts.setting_label(key), words_of(texts, key, remedy.before[i].second),
                          words_of(texts, key, after)});
  }
  return text.empty() ? remedy_label(texts, remedy) : text;
}

std::optional<ChosenRemedy> remedy_of(const Store& store, const DiagnosisInfo& diagnosis) {
  const session::Settings settings = known_settings(store);
  const session::Status& status = store.status;
  const bool is_past_end = status.phase == session::Phase::kFinished ||
                           status.epoch >= static_cast<double>(settings.integer("train.epochs"));
  std::optional<session::Remedy> found =
      session::remedy_for({.settings = settings,
                           .kind = diagnosis.kind,
                           .evidence = diagnosis.evidence,
                           .features = store.network.input_features,
                           .is_past_end = is_past_end,
                           .epochs = status.epoch,
                           .can_rescale = settings.text("data.set") != "own"});
  if (!found) return {};
  ChosenRemedy remedy{.kind = diagnosis.kind,
                      .name = std::move(found->name),
                      .after = std::move(found->changes),
                      .restart = found->restart,
                      .run = store.run,
                      .notices = store.notices_so_far};
  for (const auto& [key, value] : remedy.after) {
    remedy.before.emplace_back(key, settings.get(key));
  }
  return remedy;
}

bool is_as_chosen(const Store& store, const ChosenRemedy& chosen) {
  return std::ranges::all_of(chosen.after, [&](const auto& change) {
    const auto found = store.settings.find(change.first);
    return found != store.settings.end() && found->second == change.second;
  });
}

// Forgets a choice that no longer says how the settings are: they were changed again, or refused.
void look_at_choice(const Store& store, DiagnosisState& state) {
  if (!state.chosen) return;
  ChosenRemedy& chosen = *state.chosen;
  if (is_as_chosen(store, chosen)) {
    chosen.confirmed = true;
  } else if (chosen.confirmed || store.notices_so_far > chosen.notices) {
    state.chosen.reset();
  }
}

// The diagnosis that is shown; null for none.
const DiagnosisInfo* shown_diagnosis(const Store& store, const DiagnosisState& state) {
  if (store.diagnoses.empty() || state.put_away == kinds_of(store)) return nullptr;
  const DiagnosisInfo& shown = store.diagnoses[state.shown % store.diagnoses.size()];
  // Its remedy is on its way.
  const bool is_mended =
      state.chosen && !state.chosen->confirmed && state.chosen->kind == shown.kind;
  return is_mended ? nullptr : &shown;
}

Card card_of(const PanelContext& context, const DiagnosisInfo& diagnosis) {
  const Texts& texts = context.texts;
  const Store& store = context.store;
  Card card{.id = "message:diagnosis",
            .close_id = "dismiss_diagnosis",
            .text = diagnosis_text(texts, diagnosis)};
  const std::string title = "diagnosis." + diagnosis.kind + ".title";
  if (texts.has(Language::kEnglish, title)) card.title = texts.get(title);
  if (const std::optional<ChosenRemedy> remedy = remedy_of(store, diagnosis)) {
    card.action_id = "remedy";
    card.action = remedy_label(texts, *remedy);
    card.action_help = changes_text(texts, *remedy) + texts.get("remedy.full_stop");
    if (remedy->restart) card.action_help += texts.get("remedy.restarts");
  }
  const std::size_t count = store.diagnoses.size();
  if (count > 1) {
    const std::size_t place = context.state<DiagnosisState>().shown % count + 1;
    card.next =
        texts.format("diagnosis.of_several", {std::to_string(place), std::to_string(count)});
  }
  return card;
}

Card card_of(const PanelContext& context, const ChosenRemedy& chosen) {
  const Texts& texts = context.texts;
  return {
      .id = "message:remedy",
      .close_id = "dismiss_remedy",
      .title = "",
      .text = texts.format("remedy.chosen", {changes_text(texts, chosen)}),
      .action_id = "take_back",
      .action = texts.get("remedy.take_back"),
      .action_help = texts.get(chosen.restart ? "remedy.take_back.run" : "remedy.take_back.help"),
      .action_icon = Icon::kTakeBack};
}

std::vector<Card> cards(const PanelContext& context) {
  DiagnosisState& state = context.state<DiagnosisState>();
  look_at_choice(context.store, state);
  std::vector<Card> all;
  if (const DiagnosisInfo* const shown = shown_diagnosis(context.store, state)) {
    all.push_back(card_of(context, *shown));
  }
  if (state.chosen && state.chosen->confirmed) all.push_back(card_of(context, *state.chosen));
  return all;
}

Button action_button(const Card& card) {
  return {.id = card.action_id,
          .label = card.action,
          .icon = card.action_icon,
          .kind = card.action_icon == Icon::kNone ? ButtonKind::kPrimary : ButtonKind::kPlain,
          .help_title = card.action,
          .help = card.action_help};
}

Button next_button(const PanelContext& context, const Card& card) {
  return {.id = "next_diagnosis",
          .label = card.next,
          .icon = Icon::kNext,
          .help = context.texts.get("diagnosis.next.help")};
}

// Buttons stand beside the text where that leaves it room for a good line, else below it.
Places place(const PanelContext& context, const Card& card, float width) {
  const Metrics& m = context.theme.metrics;
  Places places;
  Rect inside = Rect{0, 0, width, 0}.inset(m.px(16), 0);
  const float right = inside.right() + m.px(8);
  places.close = {right - m.control, 0, m.control, m.control};
  const float action = card.action.empty() ? 0 : button_width(context, action_button(card));
  const float next = card.next.empty() ? 0 : button_width(context, next_button(context, card));
  const float buttons = action + next + (action > 0 && next > 0 ? m.gap : 0);
  float room = places.close.x - m.gap - inside.x;
  const bool beside = buttons > 0 && room - buttons - 2 * m.gap >= m.px(380);
  if (beside) room -= buttons + 2 * m.gap;
  const float top = m.px(9), title = card.title.empty() ? 0 : std::ceil(m.text * 1.45f);
  places.title = {inside.x, top, room, title};
  // Below the line with the cross there is the whole width.
  if (!beside && title > 0) {
    room = inside.w;
    places.title.h = std::max(title, m.control - m.px(8));
  }
  const float text = draw_paragraph(context, 0, 0, room, card.text, 0, m.text, /*draw=*/false);
  places.text = {inside.x, top + places.title.h, room, text};
  places.height = std::ceil(std::max(m.control + m.px(8), places.text.bottom() + top));
  if (beside) {
    const float y = (places.height - m.control) / 2;
    places.action = {inside.x + room + 2 * m.gap + (next > 0 ? next + m.gap : 0), y, action,
                     m.control};
    if (next > 0) places.next = {inside.x + room + 2 * m.gap, y, next, m.control};
  } else if (buttons > 0) {
    float y = places.text.bottom() + m.px(8);
    const bool in_one = buttons <= inside.w;
    if (action > 0) {
      places.action = {inside.x, y, std::min(action, inside.w), m.control};
      if (!in_one && next > 0) y += m.control + m.gap;
    }
    if (next > 0) {
      places.next = {in_one && action > 0 ? inside.x + action + m.gap : inside.x, y,
                     std::min(next, inside.w), m.control};
    }
    places.height = std::ceil(y + m.control + m.px(11));
  }
  // In the corner, but in the middle of a single line.
  const bool is_line = beside || places.height <= m.control + m.px(8);
  places.close.y = is_line ? (places.height - m.control) / 2 : m.px(4);
  return places;
}

void mend(PanelContext& context, const DiagnosisInfo& diagnosis) {
  const session::Phase phase = context.store.status.phase;
  const bool goes_on = phase == session::Phase::kRunning || phase == session::Phase::kFinished;
  const std::optional<ChosenRemedy> remedy = remedy_of(context.store, diagnosis);
  if (!remedy) return;
  context.state<DiagnosisState>().chosen = remedy;
  context.send(session::SetSettings{remedy->after});
  if (!remedy->restart) return;
  context.send(session::Reset{});
  if (goes_on) context.send(session::Run{});
}

// The run from before comes back with its settings where the engine has kept it; else the settings
// do, and what they make.
void take_back(PanelContext& context) {
  DiagnosisState& state = context.state<DiagnosisState>();
  const ChosenRemedy chosen = *state.chosen;
  state.chosen.reset();
  const bool goes_on = context.store.status.phase == session::Phase::kRunning;
  if (context.store.run != chosen.run && context.store.kept.contains(chosen.run)) {
    context.send(session::LoadKeptRun{chosen.run});
  } else {
    context.send(session::SetSettings{chosen.before});
    if (!chosen.restart) return;
    context.send(session::Reset{});
  }
  if (goes_on) context.send(session::Run{});
}

void draw_card_at(PanelContext& context, const Card& card, const Rect& box) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const Places places = place(context, card, box.w);
  const ImU32 ink = theme.color(theme.colors.on_notice);
  const bool is_wrong = card.id == "message:diagnosis";
  list.AddRectFilled(top_left(box), bottom_right(box), theme.color(theme.colors.notice), m.radius);
  // An edge in a stronger colour says at a glance which of the two it is.
  list.AddRectFilled(top_left(box), {box.x + m.px(5), box.bottom()},
                     theme.color(is_wrong ? theme.colors.train : theme.colors.accent), m.radius,
                     ImDrawFlags_RoundCornersLeft);
  register_widget(context, card.id, box);
  if (!card.title.empty()) {
    const Rect line = places.title.moved(box.x, box.y);
    draw_text(context, {line.x, line.y - m.px(2), line.w, line.h}, card.title, ink,
              {fitting_size(context, card.title, line.w, m.text), true});
  }
  const Rect text = places.text.moved(box.x, box.y);
  const float y = card.title.empty() && card.next.empty() && places.action.y < text.bottom() - box.y
                      ? box.y + (box.h - text.h) / 2
                      : text.y;
  draw_paragraph(context, text.x, y, text.w, card.text, ink, m.text);
}

}  // namespace

float diagnosis_cards_height(const PanelContext& context, float width) {
  const Metrics& m = context.theme.metrics;
  float height = 0;
  for (const Card& card : cards(context)) {
    height += place(context, card, width - 2 * m.gutter).height + m.gap;
  }
  return height;
}

void draw_diagnosis_cards(PanelContext& context, Rect& area) {
  const Metrics& m = context.theme.metrics;
  DiagnosisState& state = context.state<DiagnosisState>();
  // What is pressed changes which cards there are; it is carried out when all are drawn.
  std::string_view pressed;
  for (const Card& card : cards(context)) {
    area.cut_top(m.gap);
    const Places places = place(context, card, area.w - 2 * m.gutter);
    const Rect box = area.cut_top(places.height).inset(m.gutter, 0);
    draw_card_at(context, card, box);
    if (!card.next.empty() &&
        draw_button(context, places.next.moved(box.x, box.y), next_button(context, card))) {
      pressed = "next";
    }
    if (!card.action.empty() &&
        draw_button(context, places.action.moved(box.x, box.y), action_button(card))) {
      pressed = card.id == "message:diagnosis" ? "mend" : "take_back";
    }
    if (draw_button(context, places.close.moved(box.x, box.y),
                    {.id = card.close_id,
                     .icon = Icon::kClose,
                     .kind = ButtonKind::kBare,
                     .help = context.texts.get("message.dismiss")})) {
      pressed = card.close_id;
    }
  }
  if (pressed == "next") ++state.shown;
  if (pressed == "mend") mend(context, *shown_diagnosis(context.store, state));
  if (pressed == "take_back") take_back(context);
  if (pressed == "dismiss_remedy") state.chosen.reset();
  if (pressed == "dismiss_diagnosis") state.put_away = kinds_of(context.store);
}

}  // namespace hourglass::ui
