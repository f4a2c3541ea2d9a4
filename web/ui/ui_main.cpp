// The front end as a WebAssembly module: SDL2 and WebGL 2 on one canvas, and the calls by which the
// page drives it.
//
// The page owns time and size: it calls ui_frame() when there is something to draw, and watches the
// canvas. Commands go out through Module.onCommand(bytes), a view of the module's memory that is
// good until it returns. What the person chose in the front end itself is told by
// Module.onPreference(name, value), if the page has one: "language" ("en", "zh") and "theme"
// ("light", "dark"). How far somebody is in a lesson is told by Module.onLesson(result, saved), and
// which one is wanted by Module.onLessonWanted(name): see AppOptions.
#include <SDL.h>
#include <emscripten.h>
#include <emscripten/em_js.h>
#include <emscripten/html5.h>
#include <imgui.h>
#include <imgui_impl_sdl2.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/session/protocol/wire.h"
#include "core/session/settings/preset_difference.h"
#include "core/session/settings/presets.h"
#include "ui/frame/app.h"
#include "web/ui/ui_renderer.h"

EM_JS(void, hourglass_send_command, (const std::uint8_t* bytes, int count),
      { Module["onCommand"](HEAPU8.subarray(bytes, bytes + count)); });

EM_JS(void, hourglass_tell_preference, (const char* name, const char* value), {
  if (Module["onPreference"]) Module["onPreference"](UTF8ToString(name), UTF8ToString(value));
});

EM_JS(void, hourglass_tell_lesson, (const char* result, const char* saved), {
  if (Module["onLesson"]) Module["onLesson"](UTF8ToString(result), UTF8ToString(saved));
});

EM_JS(void, hourglass_want_lesson, (const char* name), {
  if (Module["onLessonWanted"]) Module["onLessonWanted"](UTF8ToString(name));
});

// The canvas that the page gave to the module, under the name by which SDL asks for it: whether it
// has an id, and which, is the page's affair.
EM_JS_DEPS(hourglass_canvas, "$specialHTMLTargets,$UTF8ToString");
EM_JS(void, hourglass_name_canvas, (const char* name),
      { specialHTMLTargets[UTF8ToString(name)] = Module["canvas"]; });

EM_JS(void, hourglass_throw, (const char* sentence), { throw new Error(UTF8ToString(sentence)); });

namespace hourglass {
namespace {

// SDL2 knows its canvas by this name only.
constexpr const char* kCanvas = "#canvas";

struct Page {
  std::unique_ptr<ui::App> app;
  SDL_Window* window = nullptr;
  SDL_GLContext gl = nullptr;
  UiRenderer renderer;
  int width = 0, height = 0;  // of the canvas in device pixels
  float ratio = 0;
  std::string widgets;   // what ui_widgets() returned
  std::string mirror;    // what ui_mirror() returned
  std::string stats;     // what ui_stats() returned
  std::string sentence;  // what ui_open_lesson() or ui_refusal() returned
  std::string link;      // what ui_link() returned
};

// The one object behind the exported functions: a module drives one canvas.
Page& page() {
  static Page page;
  return page;
}

ui::AppOptions app_options() {
  ui::AppOptions options;
  options.send = [](session::Command command) {
    const session::Bytes bytes = session::encode(command);
    hourglass_send_command(bytes.data(), static_cast<int>(bytes.size()));
  };
  for (const session::Preset& preset : session::presets()) options.presets.push_back(preset.name);
  options.matching_preset = session::matching_preset;
  options.on_preference = [](const std::string& name, const std::string& value) {
    hourglass_tell_preference(name.c_str(), value.c_str());
  };
  options.on_lesson = [](const std::string& result, const std::string& saved) {
    hourglass_tell_lesson(result.c_str(), saved.c_str());
  };
  options.want_lesson = [](const std::string& name) { hourglass_want_lesson(name.c_str()); };
  return options;
}

void open_window() {
  hourglass_name_canvas(kCanvas);
  // Otherwise SDL takes the keys of the whole page.
  SDL_SetHint(SDL_HINT_EMSCRIPTEN_KEYBOARD_ELEMENT, kCanvas);
  if (SDL_Init(SDL_INIT_VIDEO) != 0) hourglass_throw(SDL_GetError());
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_ES);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
  Page& p = page();
  // Neither resizable nor of high density: the page says the size and the pixel ratio, see
  // resize().
  p.window = SDL_CreateWindow("Hourglass", 0, 0, 300, 150, SDL_WINDOW_OPENGL);
  if (p.window) p.gl = SDL_GL_CreateContext(p.window);
  if (!p.gl) hourglass_throw(SDL_GetError());
  ImGui_ImplSDL2_InitForOpenGL(p.window, p.gl);
  try {
    p.renderer.start();
  } catch (const Error& error) {
    hourglass_throw(error.what());
  }
}

void resize(int width, int height, float ratio) {
  Page& p = page();
  if (width == p.width && height == p.height && ratio == p.ratio) return;
  p.width = width;
  p.height = height;
  p.ratio = ratio;
  // SDL counts in points, by which it also places the pointer; the canvas has the pixels.
  SDL_SetWindowSize(p.window, static_cast<int>(std::lround(static_cast<float>(width) / ratio)),
                    static_cast<int>(std::lround(static_cast<float>(height) / ratio)));
  emscripten_set_canvas_element_size(kCanvas, width, height);
  p.app->note_input();
}

void take_input() {
  SDL_Event event;
  while (SDL_PollEvent(&event)) {
    ImGui_ImplSDL2_ProcessEvent(&event);
    page().app->note_input();
  }
}

// Through SDL's queue, in which keys wait for the next frame: what is selected and then written
// over must not come in another order.
void push_words(std::string_view words) {
  while (!words.empty()) {
    SDL_Event event{};
    event.type = SDL_TEXTINPUT;
    event.text.windowID = SDL_GetWindowID(page().window);
    std::size_t size = std::min(words.size(), sizeof event.text.text - 1);
    // Whole characters: in UTF-8 those that go on begin with 10.
    while (size > 0 && size < words.size() && (words[size] & 0xC0) == 0x80) --size;
    if (size == 0) return;
    std::copy_n(words.data(), size, event.text.text);
    words.remove_prefix(size);
    SDL_PushEvent(&event);
  }
  page().app->note_input();
}

}  // namespace
}  // namespace hourglass

using hourglass::page;

extern "C" {

// SDL's way to ask for functions of OpenGL by name, which nothing here does. Emscripten's own
// answer would bring every function of WebGL into the page.
void* eglGetProcAddress(const char*) { return nullptr; }

EMSCRIPTEN_KEEPALIVE void ui_start() {
  page().app = std::make_unique<hourglass::ui::App>(hourglass::app_options());
  hourglass::open_window();
}

// One event of the engine, as core/session/protocol/wire.h writes it.
EMSCRIPTEN_KEEPALIVE void ui_receive(const std::uint8_t* bytes, int count) {
  try {
    page().app->receive(hourglass::session::decode_event({bytes, static_cast<std::size_t>(count)}));
  } catch (const hourglass::Error& error) {
    page().app->receive(hourglass::session::Failure{0, error.what()});
  }
}

// Takes in what has happened on the canvas and draws if that, or an event, has changed the picture.
// The size is in device pixels. Returns whether another frame is wanted.
EMSCRIPTEN_KEEPALIVE int ui_frame(int width, int height, float pixel_ratio) {
  hourglass::Page& p = page();
  if (width < 1 || height < 1 || !(pixel_ratio > 0)) return 0;
  hourglass::resize(width, height, pixel_ratio);
  hourglass::take_input();
  if (!p.app->wants_frame()) return 0;
  ImGui_ImplSDL2_NewFrame();
  p.app->frame({static_cast<float>(width) / pixel_ratio, static_cast<float>(height) / pixel_ratio,
                pixel_ratio});
  p.renderer.draw(*ImGui::GetDrawData());
  return p.app->wants_frame() ? 1 : 0;
}

// The canvas's WebGL context, which had been lost, is there again.
EMSCRIPTEN_KEEPALIVE void ui_context_restored() {
  page().renderer.restart();
  page().app->note_input();
}

// The next ui_frame() draws although nothing has changed.
EMSCRIPTEN_KEEPALIVE void ui_draw_again() { page().app->note_input(); }

EMSCRIPTEN_KEEPALIVE int ui_wants_frame() { return page().app->wants_frame() ? 1 : 0; }

// See App::search_image().
EMSCRIPTEN_KEEPALIVE int ui_search_image(const std::uint8_t* bytes, int count) {
  return page().app->search_image({bytes, bytes + count}) ? 1 : 0;
}

// Whether turning the wheel at this point of the canvas (in CSS pixels) would do something here:
// towards the end for a positive direction, towards the start for a negative one.
EMSCRIPTEN_KEEPALIVE int ui_wants_wheel(float x, float y, float direction) {
  return page().app->wants_wheel(x, y, direction) ? 1 : 0;
}

// Whether a finger that goes down at this point and moves would move something here.
EMSCRIPTEN_KEEPALIVE int ui_wants_touch(float x, float y) {
  return page().app->wants_touch(x, y) ? 1 : 0;
}

// Two fingers around (x, y), in CSS pixels: see App::pinch().
EMSCRIPTEN_KEEPALIVE void ui_pinch(float x, float y, float factor, float dx, float dy) {
  page().app->pinch(x, y, factor, dx, dy);
}

EMSCRIPTEN_KEEPALIVE int ui_wants_text() { return page().app->wants_text() ? 1 : 0; }

// Whether a field is edited that takes words of any language, and words for it (UTF-8).
EMSCRIPTEN_KEEPALIVE int ui_wants_words() { return page().app->wants_words() ? 1 : 0; }
EMSCRIPTEN_KEEPALIVE void ui_text(const std::uint8_t* bytes, int count) {
  hourglass::push_words({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count)});
}

// Whether Escape would close nothing in here.
EMSCRIPTEN_KEEPALIVE int ui_escape_leaves() { return page().app->escape_leaves() ? 1 : 0; }

// The canvas has got or lost the keyboard.
EMSCRIPTEN_KEEPALIVE void ui_focused(int focused) { page().app->set_focused(focused != 0); }

EMSCRIPTEN_KEEPALIVE void ui_set_reduced_motion(int reduced) {
  page().app->set_reduced_motion(reduced != 0);
}

EMSCRIPTEN_KEEPALIVE void ui_set_stats(int shown) { page().app->set_stats(shown != 0); }

// JSON as FrameTimes::json(). Good until the next call.
EMSCRIPTEN_KEEPALIVE const char* ui_stats() {
  page().stats = page().app->frame_times().json();
  return page().stats.c_str();
}

// JSON: id -> [x, y, width, height] of every visible widget in CSS pixels of the canvas. Good until
// the next call.
EMSCRIPTEN_KEEPALIVE const char* ui_widgets() {
  page().widgets = page().app->widgets_json();
  return page().widgets.c_str();
}

// The next frame is wanted, and noted for ui_mirror().
EMSCRIPTEN_KEEPALIVE void ui_watch_mirror() { page().app->watch_mirror(); }

// What the last frame has shown, see Mirror::text(), or "" if it was not noted. Good until the next
// call.
EMSCRIPTEN_KEEPALIVE const char* ui_mirror() {
  page().mirror = page().app->mirrored() ? page().app->mirror().text() : std::string();
  return page().mirror.c_str();
}

// See App::act(): `act` is a MirrorAct.
EMSCRIPTEN_KEEPALIVE void ui_act(const char* text, int act, ImGuiID item) {
  page().app->act(static_cast<hourglass::ui::MirrorAct>(act), item, text);
}

// Begins a lesson (JSON text), where `saved` says, for `student`. Returns "", or why it cannot be;
// good until the next call.
EMSCRIPTEN_KEEPALIVE const char* ui_open_lesson(const std::uint8_t* json, int count,
                                                const char* saved, const char* student) {
  page().sentence = page().app->open_lesson(
      {reinterpret_cast<const char*>(json), static_cast<std::size_t>(count)}, saved, student);
  return page().sentence.c_str();
}

EMSCRIPTEN_KEEPALIVE void ui_teach(const char* draft) { page().app->teach(draft); }

EMSCRIPTEN_KEEPALIVE void ui_close_lesson() { page().app->close_lesson(); }

// See App::set_lesson_list().
EMSCRIPTEN_KEEPALIVE void ui_lesson_list(const char* json, const char* error) {
  page().app->set_lesson_list(json, error);
}

EMSCRIPTEN_KEEPALIVE void ui_offer_lesson(const char* name) { page().app->offer_lesson(name); }

// Why a command (its bytes) may not be sent while a lesson lasts, or ""; good until the next call.
EMSCRIPTEN_KEEPALIVE const char* ui_refusal(const std::uint8_t* bytes, int count) {
  try {
    page().sentence = page().app->refusal(
        hourglass::session::decode_command({bytes, static_cast<std::size_t>(count)}));
  } catch (const hourglass::Error&) {
    page().sentence.clear();  // the engine says what is wrong with it
  }
  return page().sentence.c_str();
}

// The settings as session::link_query() tells them. Good until the next call.
EMSCRIPTEN_KEEPALIVE const char* ui_link() {
  page().link = hourglass::session::link_query(page().app->settings());
  return page().link.c_str();
}

EMSCRIPTEN_KEEPALIVE void ui_set_language(const char* code) {
  page().app->set_language(hourglass::ui::language_of(code));
}

EMSCRIPTEN_KEEPALIVE void ui_set_theme(const char* name) {
  page().app->set_theme(std::string(name) == "dark" ? hourglass::ui::ThemeKind::kDark
                                                    : hourglass::ui::ThemeKind::kLight);
}

EMSCRIPTEN_KEEPALIVE void ui_text_scale(float scale) { page().app->set_text_scale(scale); }

EMSCRIPTEN_KEEPALIVE void ui_data_progress(const char* name, double fraction) {
  page().app->set_data_progress(name, fraction);
}

// The texts of a language, as in assets/texts/: "en" and "zh". Returns 0 if the bytes are not that.
EMSCRIPTEN_KEEPALIVE int ui_add_texts(const std::uint8_t* bytes, int count, const char* language) {
  return page().app->add_texts(hourglass::ui::language_of(language),
                               {bytes, static_cast<std::size_t>(count)})
             ? 1
             : 0;
}

// A typeface for characters that the built-in ones lack. Returns 0 if the bytes are no font.
EMSCRIPTEN_KEEPALIVE int ui_add_font(const std::uint8_t* bytes, int count) {
  return page().app->add_font({bytes, static_cast<std::size_t>(count)}) ? 1 : 0;
}

}  // extern "C"
