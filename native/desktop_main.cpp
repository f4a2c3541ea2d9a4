// The playground in a window of its own: the front end here, the engine on a thread beside it.
#include <SDL.h>
#include <imgui.h>
#include <imgui_impl_sdl2.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string>

#include "core/base/error.h"
#include "core/session/presets.h"
#include "native/data_files.h"
#include "native/desktop_options.h"
#include "native/desktop_window.h"
#include "native/session_thread.h"
#include "ui/app.h"

namespace hourglass {
namespace {

std::string system_language() {
  std::string code = "en";
  if (SDL_Locale* locales = SDL_GetPreferredLocales()) {
    if (locales[0].language) code = locales[0].language;
    SDL_free(locales);
  }
  return code;
}

// Where the system scales nothing itself (X11), desktops say by this variable what they want.
float system_scale() {
  const char* text = std::getenv("GDK_SCALE");
  const float scale = text ? std::strtof(text, nullptr) : 1;
  return scale >= 1 && scale <= 4 ? scale : 1;
}

ui::AppOptions app_options(const DesktopOptions& options, SessionThread& session) {
  ui::AppOptions app;
  app.send = [&session](session::Command command) { session.send(std::move(command)); };
  for (const session::Preset& preset : session::presets()) app.presets.push_back(preset.name);
  app.matching_preset = session::matching_preset;
  app.language = ui::language_of(options.language.empty() ? system_language() : options.language);
  app.theme = options.dark ? ui::ThemeKind::kDark : ui::ThemeKind::kLight;
  app.text_scale = options.scale > 0 ? options.scale : system_scale();
  return app;
}

// The commands with which the run begins. All are handed over at once, so that only the last data set is loaded.
void begin(const DesktopOptions& options, SessionThread& session) {
  std::string data = options.data;
  const session::Preset& preset = session::find_preset(options.preset);
  if (data.empty() && !has_data("mnist")) data = "strokes";
  session.send({0, session::LoadPreset{preset.name}});
  if (!data.empty()) session.send({0, session::SetSetting{"data.set", data}});
}

void write_screenshot(const DesktopWindow& window, const std::string& path) {
  const std::vector<std::uint8_t> png = write_png(window.picture());
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(png.data()), static_cast<std::streamsize>(png.size()));
  file.close();
  if (!file) throw Error("The screenshot cannot be written to '" + path + "'.");
}

int run(const DesktopOptions& options) {
  session::find_preset(options.preset);
  session::checked_value(session::find_setting("data.set"),
                         options.data.empty() ? "strokes" : options.data);

  std::atomic<bool> awake{false};
  std::atomic<std::uint32_t> wake_event{0};
  // One event in SDL's queue is enough, however often the engine has something to tell.
  SessionThread session([&] {
    if (wake_event == 0 || awake.exchange(true)) return;
    SDL_Event event{};
    event.type = wake_event;
    SDL_PushEvent(&event);
  });
  ui::App app(app_options(options, session));
  DesktopWindow window(options);
  wake_event = SDL_RegisterEvents(1);
  begin(options, session);

  const std::uint64_t start = SDL_GetTicks64();
  const auto due = start + static_cast<std::uint64_t>(options.after * 1000);
  bool to_start = options.run;
  for (;;) {
    const bool drawing = app.wants_frame() && !window.hidden();
    int wait = drawing ? 0 : 1000;
    if (!options.screenshot.empty() && wait > 20) wait = 20;
    SDL_Event event;
    for (bool more = SDL_WaitEventTimeout(&event, wait) != 0; more;
         more = SDL_PollEvent(&event) != 0) {
      if (event.type == SDL_QUIT) return 0;
      if (event.type == wake_event) continue;
      ImGui_ImplSDL2_ProcessEvent(&event);
      app.note_input();
    }
    awake = false;
    for (session::Event& told : session.take_events()) {
      // New data begin a new run, paused: only then is there something to start.
      if (to_start && std::holds_alternative<session::DataReady>(told)) {
        session.send({0, session::Run{}});
        to_start = false;
      }
      app.receive(std::move(told));
    }
    const bool last = !options.screenshot.empty() && SDL_GetTicks64() >= due;
    if ((app.wants_frame() && !window.hidden()) || last) window.draw(app);
    if (last) {
      write_screenshot(window, options.screenshot);
      return 0;
    }
  }
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
  try {
    const hourglass::DesktopOptions options = hourglass::parse_desktop_options(argc, argv);
    if (options.help) {
      std::fputs(hourglass::desktop_help(), stdout);
      return 0;
    }
    return hourglass::run(options);
  } catch (const hourglass::Error& error) {
    std::fprintf(stderr, "hourglass-desktop: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hourglass-desktop: %s\n", error.what());
    return 1;
  }
}
