#include "ui/frame/app.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "ui/frame/help_page.h"
#include "ui/kit/controls.h"
#include "ui/kit/glyphs.h"
#include "ui/kit/scrolling.h"
#include "ui/latent_map/map_geometry.h"

namespace hourglass::ui {
namespace {

// ImGui needs a frame to react and another to settle.
constexpr int kFramesAfterInput = 3;

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

void draw_whole_toolbar(PanelContext& context) { draw_toolbar(context, ToolbarPart::kAll); }
void draw_toolbar_row(PanelContext& context) { draw_toolbar(context, ToolbarPart::kRow); }

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
}

App::~App() {
  // While the context still lists them.
  pictures_.reset();
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
  if (requests_.receive(options_.send, event)) return;
  if (std::holds_alternative<session::Failure>(event)) view_.pending_values.clear();
  if (std::holds_alternative<session::DataReady>(event)) requests_.forget_all();
  const bool settings = std::holds_alternative<session::SettingsChanged>(event);
  reduce(store_, std::move(event));
  if (settings) note_preset();
}

void App::note_preset() {
  if (!options_.matching_preset) return;
  session::Settings settings;
  for (const auto& [key, value] : store_.settings) {
    try {
      settings.set(key, value);
    } catch (const Error&) {
      // A newer engine's setting; it belongs to no preset that is known here.
    }
  }
  view_.preset = options_.matching_preset(settings);
}

void App::set_data_progress(const std::string& name, double fraction) {
  reduce_data_progress(store_, name, fraction);
  frames_wanted_ = std::max(frames_wanted_, 1);
}

bool App::wants_frame() const {
  // ImGui takes a press and its release in two frames, and keeps what is left for the next.
  return frames_wanted_ > 0 || ImGui::GetCurrentContext()->InputEventsQueue.Size > 0;
}

void App::note_input() { frames_wanted_ = kFramesAfterInput; }

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
  try {
    texts_.load(language, json);
  } catch (const Error&) {
    return false;
  }
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
  for (const auto& [id, rect] : widgets_.all()) {
    const bool turns = id == "map" || id.starts_with("code:unit:");
    if (turns && rect.contains(x, y)) return true;
  }
  return window_to_scroll(x, y, direction) != nullptr;
}

bool App::wants_touch(float x, float y) const {
  if (ImGui::GetCurrentContext()->OpenPopupStack.Size > 0) return true;
  return is_dragged(widgets_, x, y) || window_to_scroll(x, y, 0) != nullptr;
}

void App::pinch(float x, float y, float factor, float dx, float dy) {
  note_input();
  if (!(factor > 0) || !std::isfinite(factor) || !std::isfinite(dx) || !std::isfinite(dy)) return;
  ImGuiIO& io = ImGui::GetIO();
  if (io.MouseDown[0]) {
    ImGui::ClearActiveID();
    io.AddMouseButtonEvent(0, false);
  }
  const auto map = widgets_.all().find("map");
  if (map == widgets_.all().end() || !map->second.contains(x, y)) return;
  MapView& view = view_.map;
  if (view.scale <= 0) return;
  zoom_map(view, {map->second, view.center_x, view.center_y, view.scale}, x, y,
           static_cast<double>(factor));
  pan_map(view, dx, dy);
}

bool App::escape_leaves() const {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  return g.OpenPopupStack.Size == 0 && g.ActiveId == 0 && !view_.edit.open;
}

bool App::wants_text() const { return ImGui::GetIO().WantTextInput; }

void App::set_focused(bool focused) {
  // Keys that go up elsewhere are up here, too, and nothing here is marked as having the keyboard.
  ImGui::GetIO().AddFocusEvent(focused);
  if (!focused) ImGui::SetNavCursorVisible(false);
  note_input();
}

PanelContext App::context(const Theme& theme, bool& animating) {
  return {store_,   view_,      texts_,    theme,         layout_,   options_.presets,
          widgets_, *pictures_, requests_, options_.send, animating, {}};
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
  const bool fingers = form == Form::kPhone || view_.touch;
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
  if (io.MouseSource == ImGuiMouseSource_TouchScreen && !view_.touch) {
    view_.touch = true;
    note_input();
  }
  chain_wheel();
  scroll_by_finger(widgets_, ImGui::GetActiveID() == 0 ? 0 : view_.finger_slider);
  Texture::collect();
  widgets_.clear();
  bool animating = false;
  PanelContext panels = context(theme, animating);
  draw(panels);
  close_lost_popups();
  ImGui::Render();

  report_preferences();
  if (animating) frames_wanted_ = std::max(frames_wanted_, 1);
  if (store_.snapshot_waiting) {
    store_.snapshot_waiting = false;
    options_.send({0, session::SnapshotTaken{}});
  }
  frame_times_.add((options_.clock() - began) * 1000);
  if (view_.stats) view_.frame_ms = static_cast<float>(frame_times_.statistics().median_ms);
}

void App::draw(PanelContext& context) {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  const auto shown = static_cast<int>(store_.snapshot.image_count);
  const int pictures =
      shown > 0 ? shown : static_cast<int>(number_setting(store_, "view.images", 20));
  const Metrics& metrics = context.theme.metrics;
  const auto bar = [&](ToolbarPart part) {
    return toolbar_height(context, form_of(size.x, metrics), size.x, part);
  };
  layout_ = compute_layout(
      size.x, size.y, metrics,
      {pictures, view_.difference ? 4 : 3, bar(ToolbarPart::kAll), messages_height(context, size.x),
       bar(ToolbarPart::kRow), bar(ToolbarPart::kRest)});
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(size);
  ImGui::Begin("hourglass", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoBringToFrontOnFocus |
                   ImGuiWindowFlags_NoScrollWithMouse);
  const bool divided = !layout_.toolbar.empty() && !layout_.moving_toolbar.empty();
  const auto bar_in = [&](const Rect& area, void (*draw_bar)(PanelContext&)) {
    context.area = area;
    if (!area.empty()) draw_bar(context);
  };
  bar_in(layout_.toolbar, divided ? draw_toolbar_row : draw_whole_toolbar);
  bar_in(layout_.messages, draw_messages);
  draw_body(context);
  request_tiles(context);
  bar_in(layout_.status, draw_status);
  draw_help_page(context);
  handle_keys(context);
  ImGui::End();
}

void App::handle_keys(PanelContext& context) {
  const ImGuiIO& io = ImGui::GetIO();
  // While somebody types or moves through the widgets by keyboard, keys are theirs.
  if (io.WantTextInput || io.NavVisible || io.KeyCtrl || io.KeyAlt || io.KeySuper ||
      ImGui::GetCurrentContext()->OpenPopupStack.Size > 0) {
    return;
  }
  const auto pressed = [](ImGuiKey key) { return ImGui::IsKeyPressed(key, false); };
  if (pressed(ImGuiKey_Space)) {
    if (store_.status.phase == session::Phase::kRunning) {
      context.send(session::Pause{});
    } else {
      context.send(session::Run{});
    }
  }
  // Held down, it goes on stepping.
  if (ImGui::IsKeyPressed(ImGuiKey_S)) context.send(session::Step{1});
  if (pressed(ImGuiKey_E)) context.send(session::FinishEpoch{});
  if (pressed(ImGuiKey_R)) {
    if (io.KeyShift) {
      context.send(session::NewSeed{});
    } else {
      context.send(session::Reset{});
    }
  }
  if (pressed(ImGuiKey_N)) other_images(context);
  const bool d = pressed(ImGuiKey_D), l = pressed(ImGuiKey_L), t = pressed(ImGuiKey_T);
  if (d) view_.difference = !view_.difference;
  if (l) view_.log_loss = !view_.log_loss;
  if (t) view_.theme = view_.theme == ThemeKind::kDark ? ThemeKind::kLight : ThemeKind::kDark;
  const Tab tabs[] = {Tab::kMap, Tab::kLoss, Tab::kWeights, Tab::kCode, Tab::kTraining};
  bool tab = false;
  // Counted as they are on show: where the map has a card of its own, the first tab is the loss.
  const int first = layout_.map_in_tabs ? 0 : 1;
  for (int i = 0; i + first < 5; ++i) {
    if (!pressed(static_cast<ImGuiKey>(ImGuiKey_1 + i))) continue;
    view_.tab = tabs[i + first];
    tab = true;
  }
  // The sign itself, wherever a keyboard has it, or the key where most have it.
  bool help = io.KeyShift && pressed(ImGuiKey_Slash);
  for (const ImWchar typed : io.InputQueueCharacters)
    help = help || typed == '?' || typed == 0xff1f;
  if (help) view_.help_wanted = true;
  // These are drawn before keys are looked at.
  if (d || l || t || tab || help) context.animating = true;
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
