// The front end as a whole. Events of the engine come in by receive(), commands go out through
// `send`, and frame() draws into the current ImGui frame. It knows neither a window nor a graphics
// library: the program around it gives ImGui its backends.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/session/settings/settings.h"
#include "ui/frame/body.h"
#include "ui/frame/frame_times.h"
#include "ui/kit/mirror.h"
#include "ui/state/panel.h"
#include "ui/state/widgets_json.h"

namespace hourglass::ui {

struct AppOptions {
  Send send;
  std::vector<std::string> presets;  // in the order in which they are shown
  // Which of them the settings are, or "".
  std::function<std::string(const session::Settings&)> matching_preset;
  Language language = Language::kEnglish;
  ThemeKind theme = ThemeKind::kLight;
  float text_scale = 1;
  // Called with "language" ("en", "zh") or "theme" ("light", "dark") when the person has changed
  // it, so that it can be remembered, and the Chinese typeface be brought.
  std::function<void(const std::string& name, const std::string& value)> on_preference;
  // Called with what a course is told of the lesson (LessonProgress::result(); "" once it has
  // ended) and what open_lesson() takes to go on from there ("+": a lesson is being made, and
  // nothing is to be kept of how it is tried), whenever these have changed.
  std::function<void(const std::string& result, const std::string& saved)> on_lesson;
  // Asks for the lesson of that name, which open_lesson() answers; with "" for the list of those
  // that there are, which set_lesson_list() does; with "+" for teacher mode, which teach() does;
  // and with "+" and a draft behind it to keep that for teach().
  std::function<void(const std::string& name)> want_lesson;
  // Seconds from any moment on, by which frames are timed; by default the steady clock.
  std::function<double()> clock;
};

struct FrameInfo {
  float width = 0, height = 0;  // of the window in points
  float pixel_ratio = 1;        // pixels per point
};

class App {
 public:
  // Makes the ImGui context, which stays the current one; backends are to be set up after this and
  // shut down before the App goes. Throws Error if the texts that are built in cannot be read.
  explicit App(AppOptions options);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  void receive(session::Event event);
  // How much of a data set that the engine waits for has come, 0 to 1, or -1 if that is not known.
  void set_data_progress(const std::string& name, double fraction);

  // Draws one frame, from ImGui::NewFrame() to ImGui::Render(). Backends' own NewFrame() come
  // before it.
  void frame(const FrameInfo& info);

  // True if frame() would draw something new. Nothing needs to be drawn until it is.
  bool wants_frame() const;
  // Input has been handed to ImGui, or the window has changed.
  void note_input();

  // True if turning the wheel at (x, y) would scroll or zoom something here: towards the end for a
  // positive `direction`, towards the start for a negative one, either way for 0.
  bool wants_wheel(float x, float y, float direction = 0) const;
  // True if a finger that goes down at (x, y) and moves would move something here.
  bool wants_touch(float x, float y) const;
  // Two fingers around (x, y) have moved apart by `factor` and together by (dx, dy) since the last
  // call. What one finger had begun before is over.
  void pinch(float x, float y, float factor, float dx, float dy);
  // True if Escape would close nothing here, so that the keyboard may go elsewhere.
  bool escape_leaves() const;
  // True while keys are text.
  bool wants_text() const;
  // True while a field is edited that takes words of any language.
  bool wants_words() const;
  // The keyboard is here, or is elsewhere.
  void set_focused(bool focused);

  // What frame() took, of the last FrameTimes::kKept frames.
  const FrameTimes& frame_times() const { return frame_times_; }
  // The visible widgets of the last frame, see widgets_json.h.
  std::string widgets_json() const { return ui::widgets_json(widgets_); }
  const Widgets& widgets() const { return widgets_; }

  // The next frame, which is wanted then, is noted in mirror().
  void watch_mirror();
  // Whether the last frame was noted, and what it has shown, see Mirror::text().
  bool mirrored() const { return mirrored_; }
  const Mirror& mirror() const { return mirror_; }
  // Does to a control of the last frame that was noted what a person would do on the screen, in the
  // next frame. Nothing if it is not there any more, or disabled, or takes no such thing.
  void act(MirrorAct act, ImGuiID item, std::string_view text = {});

  // Opens the panel of similar images and looks for those like this one: channels x rows x columns
  // numbers in the shape of the data in use (store().data), 0 to 255. Returns false, and does
  // nothing, if it has another size or the data are no images.
  bool search_image(session::Bytes image);

  // Begins a lesson: the text of its file, what on_lesson() has told of it last, or "", and the
  // name of the student, or "". Returns "", or the sentence that says why it cannot be, and nothing
  // has changed.
  std::string open_lesson(std::string_view json, std::string_view saved = {},
                          std::string_view student = {});
  // Ends the lesson under way.
  void close_lesson();
  // Opens teacher mode, with the draft that was kept last, or "". A lesson that is opened meanwhile
  // is there to be edited.
  void teach(std::string_view draft);
  // What a course is told of it: LessonProgress::result(), or "".
  std::string lesson_result() const;
  // The list of lessons: [{"name", "title", "about", "minutes"}], or why there is none.
  void set_lesson_list(std::string_view json, std::string_view error = {});
  // Offers a first visit the lesson of that name.
  void offer_lesson(std::string_view name);
  // Why a command may not reach the session while the lesson lasts, in a sentence; else "". What
  // is not sent by this front end has to ask.
  std::string refusal(const session::Command& command) const;

  void set_language(Language language);
  void set_theme(ThemeKind theme);
  void set_text_scale(float scale);  // clamped to [0.5, 4]
  void set_reduced_motion(bool reduced);
  void set_stats(bool shown);  // how long frames take, in the status line
  // Adds the texts of a language that the program was built without. Returns false if the bytes are
  // no texts.
  bool add_texts(Language language, std::span<const std::uint8_t> json);
  // Adds a typeface with Chinese characters. Returns false if the bytes are no font.
  bool add_font(std::span<const std::uint8_t> bytes);

  Language language() const { return view_.language; }
  ThemeKind theme() const { return view_.theme; }
  const Store& store() const { return store_; }
  const ViewState& view() const { return view_; }
  const Layout& layout() const { return layout_; }
  // What a panel keeps between frames.
  template <typename State>
  const State& state() const {
    return states_->get<State>();
  }
  const Requests& requests() const { return requests_; }
  const Jobs& jobs() const { return jobs_; }
  session::Settings settings() const;  // of the engine, as far as they are known here

 private:
  PanelContext context(const Theme& theme, bool& animating);
  void send_allowed(session::Command command);
  void tell_lesson();
  void draw(PanelContext& context);
  void draw_playground(PanelContext& context);
  LayoutNeeds layout_needs(const PanelContext& context, float width) const;
  void report_preferences();
  void begin_mirror();
  void note_preset();

  AppOptions options_;
  // What the person does: behind the locks of the lesson, noted by Undo, then to the engine.
  Send send_;
  std::vector<session::Failure> refused_;
  Texts texts_;
  Fonts fonts_;
  Store store_;
  ViewState view_;
  Layout layout_;
  Widgets widgets_;
  Requests requests_;
  Jobs jobs_;
  InputState input_;
  Mirror mirror_;
  bool mirror_wanted_ = false, mirrored_ = false;
  std::unique_ptr<PanelStates> states_ = std::make_unique<PanelStates>();
  Body body_;
  FrameTimes frame_times_;
  Language reported_language_;
  ThemeKind reported_theme_;
  int frames_wanted_ = 3;
};

}  // namespace hourglass::ui
