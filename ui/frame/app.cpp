#include "ui/frame/app.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "ui/frame/help_page.h"
#include "ui/frame/messages.h"
#include "ui/frame/panels.h"
#include "ui/frame/shortcuts.h"
#include "ui/frame/status_line.h"
#include "ui/frame/toolbar.h"
#include "ui/frame/workspaces.h"
#include "ui/kit/controls.h"
#include "ui/kit/glyphs.h"
#include "ui/kit/scrolling.h"
#include "ui/kit/texture.h"
#include "ui/lesson/lesson_list.h"
#include "ui/lesson/lesson_state.h"
#include "ui/lesson/refusal.h"
#include "ui/network/network_state.h"
#include "ui/own_data/own_data_state.h"
#include "ui/reconstructions/reconstructions.h"
#include "ui/save/save_state.h"
#include "ui/search/search_parts.h"
#include "ui/state/known_settings.h"
#include "ui/state/lesson_view.h"
#include "ui/state/shown_cards.h"
#include "ui/state/undo.h"
#include "ui/teacher/teacher_card.h"
#include "ui/teacher/teacher_marks.h"
#include "ui/teacher/teacher_state.h"

namespace hourglass::ui {
namespace {

constexpr int kFramesAfterInput = 3;  // ImGui needs a frame to react and another to settle

// Whether a button of the pointer or a key is down.
bool is_holding() {
  const ImGuiIO& io = ImGui::GetIO();
  return std::ranges::any_of(io.MouseDown, std::identity()) ||
         std::ranges::any_of(io.KeysData, &ImGuiKeyData::Down);
}

// A popup that nobody draws any more, for its card is out of sight or what it edits is gone, would
// go on holding the keyboard.
void close_lost_popups() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  for (int i = 0; i < g.OpenPopupStack.Size; ++i) {
    const ImGuiPopupData& popup = g.OpenPopupStack[i];
    if (popup.OpenFrameCount == g.FrameCount || (popup.Window && popup.Window->Active)) continue;
    ImGui::ClosePopupToLevel(i, true);
    return;
  }
}

// What a lesson leaves of the cards.
ShownCards shown_cards(const PanelContext& context) {
  const session::LessonRules& rules = lesson_rules(context);
  const auto any = [&](std::initializer_list<std::string_view> ids) {
    return std::ranges::any_of(ids, [&](auto id) { return rules.shows_panel(id); });
  };
  return {.hourglass = any({"hourglass"}),
          .reconstructions = any({"reconstructions"}),
          .noise = any({"noise"}),
          .latent = any({"latent"}),
          .tabs = any({"curves", "weights", "code", "training", "runs"}),
          .workspaces = workspaces_shown(rules)};
}

double steady_seconds() {
  using Seconds = std::chrono::duration<double>;
  return Seconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

App::App(AppOptions options)
    : options_(std::move(options)),
      texts_(Texts::embedded()),
      reported_language_(options_.language),
      reported_theme_(options_.theme) {
  if (!options_.clock) options_.clock = steady_seconds;
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;
  io.LogFilename = nullptr;
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  // A blinking cursor would draw frames for ever.
  io.ConfigInputTextCursorBlink = false;
  io.ConfigWindowsMoveFromTitleBarOnly = true;
  fonts_ = load_fonts();
  view_.theme = options_.theme;
  view_.language = options_.language;
  set_text_scale(options_.text_scale);
  send_ = [this](session::Command command) { send_allowed(std::move(command)); };
  states_->get<LessonState>().send = options_.send;
}

App::~App() {
  // While the context still lists them.
  states_.reset();
  Texture::collect();
  ImGui::DestroyContext();
}

void App::receive(session::Event event) {
  if (const auto* changed = std::get_if<session::SettingsChanged>(&event)) {
    // What the engine confirms replaces the pending_values, but for the slider that is still held.
    for (const auto& [key, value] : changed->values) {
      const auto draft = view_.pending_values.find(key);
      if (draft == view_.pending_values.end()) continue;
      if (draft->second == value || !ImGui::IsAnyItemActive()) view_.pending_values.erase(draft);
    }
  }
  frames_wanted_ = std::max(frames_wanted_, 1);
  if (take_teacher_event(states_->get<TeacherState>(), event)) return;
  if (take_lesson_event(states_->get<LessonState>(), event)) return;
  states_->get<Undo>().receive(event);
  if (take_save_event(states_->get<SaveState>(), view_, event)) return;
  if (take_import_event(states_->get<OwnDataState>(), states_->get<CameraState>(), view_, event))
    return;
  if (requests_.receive(send_, event) || jobs_.receive(send_, event)) return;
  if (std::holds_alternative<session::Failure>(event)) view_.pending_values.clear();
  if (std::holds_alternative<session::DataReady>(event)) {
    requests_.forget_all();
    jobs_.drop_findings();
  }
  const bool settings = std::holds_alternative<session::SettingsChanged>(event);
  reduce(store_, std::move(event));
  if (settings) note_preset();
}

void App::note_preset() {
  if (!options_.matching_preset) return;
  view_.preset = options_.matching_preset(settings());
}

session::Settings App::settings() const { return known_settings(store_); }

void App::set_data_progress(const std::string& name, double fraction) {
  reduce_data_progress(store_, name, fraction);
  frames_wanted_ = std::max(frames_wanted_, 1);
}

bool App::wants_frame() const {
  // ImGui takes a press and its release in two frames, and keeps what is left for the next.
  return frames_wanted_ > 0 || ImGui::GetCurrentContext()->InputEventsQueue.Size > 0;
}

void App::note_input() { frames_wanted_ = kFramesAfterInput; }

bool App::search_image(session::Bytes image) {
  if (!take_search_picture(store_, states_->get<SearchState>(), std::move(image))) return false;
  view_.workspace = Workspace::kApplications;
  view_.application = "search";
  note_input();
  return true;
}

void App::set_language(Language language) {
  view_.language = language;
  note_input();
}

void App::set_theme(ThemeKind theme) {
  view_.theme = theme;
  note_input();
}

void App::set_text_scale(float scale) {
  view_.text_scale = std::isfinite(scale) ? std::clamp(scale, 0.5f, 4.0f) : 1;
  note_input();
}

void App::set_reduced_motion(bool reduced) {
  view_.reduced_motion = reduced;
  note_input();
}

void App::set_stats(bool shown) {
  view_.stats = shown;
  note_input();
}

bool App::add_texts(Language language, std::span<const std::uint8_t> json) {
  if (!texts_.try_load(language, json)) return false;
  note_input();
  return true;
}

bool App::add_font(std::span<const std::uint8_t> bytes) {
  if (!add_fallback_font(fonts_, bytes)) return false;
  fonts_.chinese = true;
  note_input();
  return true;
}

bool App::wants_wheel(float x, float y, float direction) const {
  if (ImGui::GetCurrentContext()->OpenPopupStack.Size > 0) return true;
  return widgets_.takes(kWheel, x, y) || window_to_scroll(x, y, direction) != nullptr;
}

bool App::wants_touch(float x, float y) const {
  if (ImGui::GetCurrentContext()->OpenPopupStack.Size > 0) return true;
  return widgets_.takes(kDrag | kDragSideways, x, y) || window_to_scroll(x, y, 0) != nullptr;
}

void App::pinch(float x, float y, float factor, float dx, float dy) {
  note_input();
  if (!(factor > 0) || !std::isfinite(factor) || !std::isfinite(dx) || !std::isfinite(dy)) return;
  ImGuiIO& io = ImGui::GetIO();
  if (io.MouseDown[0]) {
    ImGui::ClearActiveID();
    io.AddMouseButtonEvent(0, false);
  }
  input_.pinches.push_back({x, y, factor, dx, dy});
}

bool App::escape_leaves() const {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  return g.OpenPopupStack.Size == 0 && g.ActiveId == 0 && !states_->get<NetworkState>().open;
}

bool App::wants_text() const { return ImGui::GetIO().WantTextInput; }

bool App::wants_words() const { return wants_text() && input_.edits_words; }

void App::set_focused(bool focused) {
  // Keys that go up elsewhere are up here, too, and nothing here is marked as having the keyboard.
  ImGui::GetIO().AddFocusEvent(focused);
  if (!focused) ImGui::SetNavCursorVisible(false);
  note_input();
}

PanelContext App::context(const Theme& theme, bool& animating) {
  return {{theme, widgets_, input_, animating, mirrored_ ? &mirror_ : nullptr},
          store_,
          view_,
          *states_,
          texts_,
          layout_,
          options_.presets,
          requests_,
          jobs_,
          send_};
}

void App::frame(const FrameInfo& info) {
  const double began = options_.clock();
  frames_wanted_ = std::max(0, frames_wanted_ - 1);
  ImGuiIO& io = ImGui::GetIO();
  io.DisplaySize = {std::max(1.0f, info.width), std::max(1.0f, info.height)};
  io.DisplayFramebufferScale = {info.pixel_ratio, info.pixel_ratio};
  // After an idle hour, time goes on as if it had been a blink.
  io.DeltaTime = std::clamp(io.DeltaTime, 1e-4f, 0.1f);

  // Chinese is shown once there are glyphs for it.
  const bool chinese = view_.language == Language::kChinese && fonts_.chinese;
  texts_.set_language(chinese ? Language::kChinese : Language::kEnglish);
  const Form form = form_of(io.DisplaySize.x, Metrics(view_.text_scale));
  const bool fingers = form == Form::kPhone || input_.touch;
  const Theme theme{palette(view_.theme), Metrics(view_.text_scale, fingers), fonts_};
  apply_theme(theme);

  // A touch comes as a move, a press and a release, which ImGui takes in a frame each: what the
  // last of them does is seen in the frame after it. A place alone does nothing more then, and some
  // backends tell it with every frame.
  for (const ImGuiInputEvent& event : ImGui::GetCurrentContext()->InputEventsQueue) {
    if (event.Type != ImGuiInputEventType_MousePos) frames_wanted_ = std::max(frames_wanted_, 2);
  }
  ImGui::NewFrame();
  set_pixel_ratio(info.pixel_ratio);
  if (io.MouseSource == ImGuiMouseSource_TouchScreen && !input_.touch) {
    input_.touch = true;
    note_input();
  }
  chain_wheel();
  scroll_by_finger(widgets_, ImGui::GetActiveID() == 0 ? 0 : input_.finger_slider);
  Texture::collect();
  widgets_.clear();
  begin_mirror();
  bool animating = false;
  PanelContext panels = context(theme, animating);
  draw(panels);
  if (mirrored_) mirror_.end();
  close_lost_popups();
  input_.pinches.clear();
  if (!is_holding()) states_->get<Undo>().end_gesture();
  ImGui::Render();

  report_preferences();
  tell_lesson();
  if (animating) frames_wanted_ = std::max(frames_wanted_, 1);
  if (store_.snapshot_waiting) {
    store_.snapshot_waiting = false;
    options_.send({0, session::SnapshotTaken{}});
  }
  frame_times_.add((options_.clock() - began) * 1000);
  if (view_.stats) view_.frame_ms = static_cast<float>(frame_times_.statistics().median_ms);
}

// The size of everything that depends on what there is to show.
LayoutNeeds App::layout_needs(const PanelContext& context, float width) const {
  const Metrics& metrics = context.theme.metrics;
  const auto bar = [&](ToolbarPart part) {
    return toolbar_height(context, form_of(width, metrics), width, part);
  };
  const auto shown = static_cast<int>(store_.snapshot.image_count);
  const ReconstructionsState& rows = context.state<ReconstructionsState>();
  return {.workspace = view_.workspace,
          .picture_count =
              shown > 0 ? shown : static_cast<int>(number_setting(store_, "view.images", 20)),
          .picture_rows = 3 + (rows.difference ? 1 : 0) + (rows.pca ? 1 : 0),
          .toolbar_height = bar(ToolbarPart::kAll),
          .messages_height = messages_height(context, width),
          .toolbar_row = bar(ToolbarPart::kRow),
          .toolbar_rest = bar(ToolbarPart::kRest),
          .error_lines = rows.pca ? 2 : 1};
}

void App::draw(PanelContext& context) {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  LessonView& spoken = context.state<LessonView>();
  if (!spoken.to_front.empty()) bring_to_front(view_, std::exchange(spoken.to_front, {}));
  if (!workspace_shown(spoken.rules, view_.workspace)) {
    const bool trains = view_.workspace == Workspace::kTraining;
    view_.workspace = trains ? Workspace::kApplications : Workspace::kTraining;
  }
  const LessonRoom lesson = teacher_room(context, size.x, size.y);
  const float width = size.x - lesson.column, height = size.y - lesson.sheet;
  layout_ = compute_layout(width, height, context.theme.metrics, layout_needs(context, width),
                           shown_cards(context));
  for (Rect* part : {&layout_.toolbar, &layout_.messages, &layout_.body, &layout_.status}) {
    part->x += lesson.column;
  }
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::Begin("hourglass", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoScrollWithMouse);
  draw_playground(context);
  context.area =
      lesson.column > 0 ? Rect{0, 0, lesson.column, size.y} : Rect{0, height, size.x, lesson.sheet};
  draw_teacher(context);
  draw_marks(context, {lesson.column, 0, width, height});
  watch_lesson(context);
  draw_lesson_list(context);
  draw_help_page(context);
  handle_shortcuts(context);
  keep_draft(context);
  ImGui::End();
}

void App::draw_playground(PanelContext& context) {
  const MarkGuard guard(context);
  const auto is_there = [&](const Rect& area) {
    context.area = area;
    return !area.empty();
  };
  const bool divided = !layout_.moving_toolbar.empty();
  if (is_there(layout_.toolbar)) {
    draw_toolbar(context, divided ? ToolbarPart::kRow : ToolbarPart::kAll);
  }
  if (is_there(layout_.messages)) draw_messages(context);
  body_.draw(context);
  for (const Panel& panel : panels()) {
    if (panel.each_frame) panel.each_frame(context);
  }
  if (is_there(layout_.status)) draw_status(context);
}

void App::report_preferences() {
  const auto report = [&](const char* name, const std::string& value) {
    note_input();
    if (options_.on_preference) options_.on_preference(name, value);
  };
  if (view_.language != reported_language_) {
    reported_language_ = view_.language;
    report("language", std::string(language_code(view_.language)));
  }
  if (view_.theme != reported_theme_) {
    reported_theme_ = view_.theme;
    report("theme", view_.theme == ThemeKind::kDark ? "dark" : "light");
  }
}

}  // namespace hourglass::ui
