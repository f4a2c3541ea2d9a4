// The playground in a window of its own: the front end here, the engine on a thread beside it.
#include <SDL.h>
#include <imgui.h>
#include <imgui_impl_sdl2.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/data/picture.h"
#include "core/math/simd/kernels.h"
#include "core/session/lesson/lesson.h"
#include "core/session/settings/presets.h"
#include "native/desktop/error_report.h"
#include "native/desktop/lessons.h"
#include "native/desktop/options.h"
#include "native/desktop/preferences.h"
#include "native/desktop/saving.h"
#include "native/desktop/window.h"
#include "native/platform/data_files.h"
#include "native/platform/import_thread.h"
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

// Whether `data` names a file or folder, and not one of the sets.
bool is_data_path(const std::string& data) {
  const auto sets = session::find_setting("data.set").choices();
  std::error_code error;
  return !data.empty() && std::find(sets.begin(), sets.end(), data) == sets.end() &&
         std::filesystem::exists(data, error);
}

ui::AppOptions app_options(const DesktopOptions& options, SessionThread& session,
                           ImportThread& import, Saving& saving, Memory& memory,
                           std::optional<std::string>& wanted) {
  ui::AppOptions app;
  app.send = [&session, &import, &saving](session::Command command) {
    const auto* start = std::get_if<session::StartJob>(&command.body);
    if (start && start->kind == session::kImportJob) {
      import.ask(start->arguments);
    } else if (start && start->kind == Saving::kKind) {
      saving.ask(start->arguments);
    } else {
      session.send(std::move(command));
    }
  };
  for (const session::Preset& preset : session::presets()) app.presets.push_back(preset.name);
  app.matching_preset = session::matching_preset;
  app.language = ui::language_of(options.language.empty() ? system_language() : options.language);
  app.theme = options.theme == "dark" ? ui::ThemeKind::kDark : ui::ThemeKind::kLight;
  app.text_scale = options.scale > 0 ? options.scale : system_scale();
  app.on_preference = [&memory](const std::string& name, const std::string& value) {
    memory.choose(name, value);
  };
  app.want_lesson = [&wanted](const std::string& name) { wanted = name; };
  return app;
}

// The commands with which the run begins. All are handed over at once, so that only the last data
// set is loaded.
void begin(const DesktopOptions& options, SessionThread& session, ImportThread& import) {
  std::string data = options.data;
  if (is_data_path(data)) {
    import.open({data}, true);
    data = "strokes";  // until they are read
  }
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

// Looks for images like the one in a file that was dropped.
void search_dropped(const std::filesystem::path& file, ui::App& app) {
  const session::DataReady& data = app.store().data;
  try {
    app.search_image(picture_as_image(read_file(file), file.filename().string(),
                                      {data.channels, data.rows, data.columns}));
  } catch (const Error& error) {
    app.receive(session::Failure{0, error.what()});
  }
}

void open_run(const std::filesystem::path& path, ui::App& app, Saving& saving) {
  try {
    saving.open(path);
  } catch (const Error& error) {
    app.receive(session::Failure{0, error.what()});
  }
}

// What is dropped comes file by file, between a beginning and an end.
class Drop {
 public:
  // Frees what SDL has put into the event. A run that was saved goes on; an image that comes while
  // similar images are on show is looked for among them; all else is a person's own data.
  void take(const SDL_DropEvent& event, ui::App& app, Saving& saving, ImportThread& import) {
    if (event.type == SDL_DROPBEGIN) paths_.clear();
    if (event.type == SDL_DROPFILE && event.file) paths_.emplace_back(event.file);
    if (event.file) SDL_free(event.file);
    if (event.type != SDL_DROPCOMPLETE || paths_.empty()) return;
    const std::vector<std::filesystem::path> paths = std::exchange(paths_, {});
    if (paths.size() == 1 && Saving::opens(paths[0])) return open_run(paths[0], app, saving);
    if (paths.size() == 1 && is_lesson(paths[0])) return open_lesson(paths[0].string(), app);
    const bool searches = app.widgets().all().contains("panel:search");
    if (paths.size() == 1 && searches && !std::filesystem::is_directory(paths[0])) {
      search_dropped(paths[0], app);
    } else {
      import.open(paths);
    }
  }

 private:
  std::vector<std::filesystem::path> paths_;
};

bool is_drop(const SDL_Event& event) {
  return event.type == SDL_DROPBEGIN || event.type == SDL_DROPFILE ||
         event.type == SDL_DROPCOMPLETE || event.type == SDL_DROPTEXT;
}

int run(const DesktopOptions& given) {
  Memory memory(given.preferences);
  const DesktopOptions options = complete(given, memory.now());
  // Complain before a window opens.
  if (!options.preset.empty()) session::find_preset(options.preset);
  if (!options.lesson.empty()) session::parse_lesson(lesson_text(options.lesson));
  if (!options.data.empty() && !is_data_path(options.data)) {
    session::checked_value(session::find_setting("data.set"), options.data);
  }

  std::atomic<bool> awake{false};
  std::atomic<std::uint32_t> wake_event{0};
  // One event in SDL's queue is enough, however often the engine has something to tell.
  const auto wake = [&] {
    if (wake_event == 0 || awake.exchange(true)) return;
    SDL_Event event{};
    event.type = wake_event;
    SDL_PushEvent(&event);
  };
  SessionThread session(wake);
  ImportThread import(wake);
  Saving saving(download_folder(),
                [&session](session::Command command) { session.send(std::move(command)); });
  Drop drop;
  std::optional<std::string> lesson;  // that the front end has asked for
  ui::App app(app_options(options, session, import, saving, memory, lesson));
  app.set_reduced_motion(options.reduced_motion);
  app.set_stats(options.stats);
  DesktopWindow window(options);
  wake_event = SDL_RegisterEvents(1);
  begin(options, session, import);
  if (!options.lesson.empty()) open_lesson(options.lesson, app);
  // A picture shows what its flags say, whatever somebody has made before.
  const std::string draft = options.preferences ? draft_file() : std::string();
  bool to_teach = options.teach;

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
      if (is_drop(event)) {
        drop.take(event.drop, app, saving, import);
        continue;
      }
      ImGui_ImplSDL2_ProcessEvent(&event);
      app.note_input();
    }
    awake = false;
    for (session::Event& told : import.take_events()) app.receive(std::move(told));
    for (session::Command& command : import.take_commands()) {
      if (!saving.take(command)) session.send(std::move(command));
    }
    for (session::Event& told : session.take_events()) {
      // New data begin a new run, paused: only then is there something to start.
      if (to_start && std::holds_alternative<session::DataReady>(told)) {
        session.send({0, session::Run{}});
        to_start = false;
      }
      const auto* wanted = std::get_if<session::DataWanted>(&told);
      if (wanted && wanted->name == "own" && !saving.provide()) import.provide();
      if (!saving.take(told, app)) {
        app.receive(std::move(told));
      } else if (saving.wants_samples()) {
        import.provide();
      }
    }
    if (saving.wants_command()) saving.take_command(app.settings());
    for (session::Event& told : saving.take_events()) app.receive(std::move(told));
    // The lesson begins with the settings there are.
    if (to_teach && !app.store().settings.empty()) {
      to_teach = false;
      open_teacher(draft, app);
    }
    if (lesson) bring_lesson(*std::exchange(lesson, std::nullopt), draft, app);
    const bool last = shutter.due(app), pictured = saving.wants_picture();
    if ((app.wants_frame() && !window.hidden()) || last || pictured) {
      if (pictured) window.keep_pictures(true);
      window.draw(app);
      if (pictured) {
        saving.take_picture(window.picture());
        window.keep_pictures(!options.screenshot.empty());
        app.note_input();
      }
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
