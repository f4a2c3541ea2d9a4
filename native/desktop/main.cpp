// The playground in a window of its own: the front end here, the engine on a thread beside it.
#include <SDL.h>
#include <imgui.h>
#include <imgui_impl_sdl2.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/data/picture.h"
#include "core/math/simd/kernels.h"
#include "core/session/settings/presets.h"
#include "native/desktop/error_report.h"
#include "native/desktop/options.h"
#include "native/desktop/preferences.h"
#include "native/desktop/window.h"
#include "native/platform/data_files.h"
#include "native/platform/large_pages.h"
#include "native/platform/session_thread.h"
#include "ui/frame/app.h"

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

// Language, theme and size of last time, and what is chosen this time.
class Memory {
 public:
  explicit Memory(bool used) {
    if (!used) return;
    file_ = preferences_file();
    now_ = stored_ = read_preferences(file_);
  }

  const DesktopPreferences& now() const { return now_; }

  void choose(const std::string& name, const std::string& value) {
    if (name == "language") now_.language = value;
    if (name == "theme") now_.theme = value;
    save();
  }
  // A window is dragged through many sizes: the last is written when it closes.
  void resize(int width, int height) {
    now_.width = width;
    now_.height = height;
  }
  void save() {
    if (file_.empty() || now_ == stored_) return;
    write_preferences(file_, now_);
    stored_ = now_;
  }

 private:
  std::string file_;
  DesktopPreferences now_, stored_;
};

// What the flags leave open is as it was last time.
DesktopOptions complete(DesktopOptions options, const DesktopPreferences& last) {
  if (options.width == 0) {
    options.width = last.width > 0 ? last.width : 1280;
    options.height = last.height > 0 ? last.height : 800;
  }
  if (options.theme.empty()) options.theme = last.theme;
  if (options.language.empty()) options.language = last.language;
  return options;
}

ui::AppOptions app_options(const DesktopOptions& options, SessionThread& session, Memory& memory) {
  ui::AppOptions app;
  app.send = [&session](session::Command command) { session.send(std::move(command)); };
  for (const session::Preset& preset : session::presets()) app.presets.push_back(preset.name);
  app.matching_preset = session::matching_preset;
  app.language = ui::language_of(options.language.empty() ? system_language() : options.language);
  app.theme = options.theme == "dark" ? ui::ThemeKind::kDark : ui::ThemeKind::kLight;
  app.text_scale = options.scale > 0 ? options.scale : system_scale();
  app.on_preference = [&memory](const std::string& name, const std::string& value) {
    memory.choose(name, value);
  };
  return app;
}

// The commands with which the run begins. All are handed over at once, so that only the last data
// set is loaded.
void begin(const DesktopOptions& options, SessionThread& session) {
  std::string data = options.data;
  if (!options.preset.empty()) {
    session.send({0, session::LoadPreset{options.preset}});
    const std::string& own = session::find_preset(options.preset).values.text("data.set");
    if (data.empty() && !has_data("mnist") && !is_document_set(own)) data = "strokes";
  }
  if (!data.empty()) session.send({0, session::SetSetting{"data.set", data}});
}

void write_file(const std::string& path, std::span<const std::uint8_t> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw Error("The file '" + path + "' cannot be written.");
}

void write_pictures(const DesktopOptions& options, const DesktopWindow& window,
                    const ui::App& app) {
  write_file(options.screenshot, write_png(window.picture()));
  if (options.widgets.empty()) return;
  const std::string json = app.widgets_json();
  write_file(options.widgets, {reinterpret_cast<const std::uint8_t*>(json.data()), json.size()});
}

// When to take the picture.
class Shutter {
 public:
  explicit Shutter(const DesktopOptions& options)
      : wanted_(!options.screenshot.empty()),
        due_(SDL_GetTicks64() + static_cast<std::uint64_t>(options.after * 1000)),
        steps_(options.steps) {}

  bool due(const ui::App& app) const {
    constexpr std::uint64_t kPatience = 60'000;  // a run that comes to nothing is to be seen, too
    const std::uint64_t now = SDL_GetTicks64();
    const session::Snapshot& shown = app.store().snapshot;
    const bool ready = shown.image_count > 0 && static_cast<double>(shown.step) >= steps_;
    return wanted_ && now >= due_ && (ready || now >= due_ + kPatience);
  }

 private:
  bool wanted_;
  std::uint64_t due_;
  double steps_;
};

// Looks for images like the one in a file that was dropped. Frees what SDL has put into the event.
void take_dropped(const SDL_DropEvent& dropped, ui::App& app) {
  const std::filesystem::path file = dropped.file ? dropped.file : "";
  SDL_free(dropped.file);
  const session::DataReady& data = app.store().data;
  try {
    app.search_image(picture_as_image(read_file(file), file.filename().string(),
                                      {data.channels, data.rows, data.columns}));
  } catch (const Error& error) {
    app.receive(session::Failure{0, error.what()});
  }
}

int run(const DesktopOptions& given) {
  Memory memory(given.preferences);
  const DesktopOptions options = complete(given, memory.now());
  // Complain before a window opens.
  if (!options.preset.empty()) session::find_preset(options.preset);
  if (!options.data.empty()) {
    session::checked_value(session::find_setting("data.set"), options.data);
  }

  std::atomic<bool> awake{false};
  std::atomic<std::uint32_t> wake_event{0};
  // One event in SDL's queue is enough, however often the engine has something to tell.
  SessionThread session([&] {
    if (wake_event == 0 || awake.exchange(true)) return;
    SDL_Event event{};
    event.type = wake_event;
    SDL_PushEvent(&event);
  });
  ui::App app(app_options(options, session, memory));
  app.set_reduced_motion(options.reduced_motion);
  app.set_stats(options.stats);
  DesktopWindow window(options);
  wake_event = SDL_RegisterEvents(1);
  begin(options, session);

  const Shutter shutter(options);
  bool to_start = options.run;
  for (;;) {
    const bool drawing = app.wants_frame() && !window.hidden();
    int wait = drawing ? 0 : 1000;
    if (!options.screenshot.empty() && wait > 20) wait = 20;
    SDL_Event event;
    for (bool more = SDL_WaitEventTimeout(&event, wait) != 0; more;
         more = SDL_PollEvent(&event) != 0) {
      if (event.type == SDL_QUIT) {
        memory.save();
        return 0;
      }
      if (event.type == SDL_WINDOWEVENT && event.window.event == SDL_WINDOWEVENT_SIZE_CHANGED) {
        memory.resize(event.window.data1, event.window.data2);
      }
      if (event.type == wake_event) continue;
      if (event.type == SDL_DROPFILE) {
        take_dropped(event.drop, app);
        continue;
      }
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
    const bool last = shutter.due(app);
    if ((app.wants_frame() && !window.hidden()) || last) {
      window.draw(app);
      if (!options.report.empty() &&
          !replace_file(options.report, report_json(app, window.focused()))) {
        throw Error("The file '" + options.report + "' cannot be written.");
      }
    }
    if (last) {
      write_pictures(options, window, app);
      return 0;
    }
  }
}

}  // namespace
}  // namespace hourglass

int main(int argc, char** argv) {
  hourglass::use_large_pages();
  try {
    const hourglass::DesktopOptions options = hourglass::parse_desktop_options(argc, argv);
    if (options.help) {
      std::fputs(hourglass::desktop_help(), stdout);
      return 0;
    }
    hourglass::kernels();  // says what is wrong with HOURGLASS_ISA before a window opens
    return hourglass::run(options);
  } catch (const hourglass::Error& error) {
    std::fprintf(stderr, "hourglass-desktop: %s\n", hourglass::printable(error.what()).c_str());
    return 2;
  } catch (const std::system_error& error) {
    std::fprintf(stderr, "hourglass-desktop: The system refused something that is needed: %s.\n",
                 hourglass::printable(error.what()).c_str());
    return 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "hourglass-desktop: %s\n", hourglass::printable(error.what()).c_str());
    return 1;
  }
}
