#include "native/desktop/saving.h"

#include <SDL.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/import/file_kind.h"
#include "core/data/import/file_set.h"
#include "core/session/engine/failures.h"
#include "core/session/export/foreign_model.h"
#include "core/session/export/project_file.h"
#include "core/session/export/saved_files.h"
#include "native/platform/train_command.h"
#include "native/plots/saved_plots.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

// Of the command that asks for the checkpoint: the front end numbers its own from 1.
constexpr std::uint64_t kCheckpointId = std::uint64_t{1} << 41;

constexpr std::uint64_t kCodesId = kCheckpointId + 1, kModelId = kCheckpointId + 2,
                        kLoadId = kCheckpointId + 3;
constexpr std::uint64_t kCodesJob = std::uint64_t{1} << 41;

constexpr std::string_view kProject = "project", kCommand = "command", kText = "text",
                           kLesson = "lesson", kCurvesPng = "curves_png", kMapPng = "map_png";

// Those that are no session::SavedKind.
bool is_own_kind(std::string_view kind) {
  return kind == kProject || kind == kCurvesPng || kind == kMapPng;
}

void set_clipboard(const std::string& text) {
  if (SDL_SetClipboardText(text.c_str()) == 0) return;
  throw Error(std::string("The system's clipboard takes no text: ") + SDL_GetError() + ".");
}

// A name that no file in the folder has.
fs::path free_name(const fs::path& folder, const fs::path& name) {
  fs::path path = folder / name;
  std::error_code error;
  for (int number = 2; fs::exists(path, error); ++number) {
    path =
        folder / (name.stem().string() + "-" + std::to_string(number) + name.extension().string());
  }
  return path;
}

}  // namespace

fs::path download_folder() {
  std::error_code error;
  const char* const named = std::getenv("XDG_DOWNLOAD_DIR");
  if (named && fs::is_directory(named, error)) return named;
  const char* const home = std::getenv("HOME");
  if (home && fs::is_directory(fs::path(home) / "Downloads", error)) {
    return fs::path(home) / "Downloads";
  }
  return fs::current_path(error);
}

Saving::Saving(fs::path folder, std::function<void(session::Command)> send)
    : folder_(std::move(folder)), send_(std::move(send)) {}

void Saving::ask(const std::string& arguments) {
  guarded([&] {
    const Json json = parse_json(arguments);
    if (!json.is_object() || !json.contains("what") || !json["what"].is_string()) {
      throw Error("It is not said which file is wanted.");
    }
    const auto what = json["what"].get<std::string>();
    if (what == "hello") {
      tell("place", to_utf8(folder_.string()));
    } else if (what == "view") {
      wants_picture_ = true;
    } else if (what == kCommand) {
      wants_command_ = true;
    } else if (what == kText) {
      const auto text = json.find("text");
      copy(text != json.end() && text->is_string() ? text->get<std::string>() : "");
    } else if (what == kLesson) {
      const auto text = json.value("text", std::string()), name = json.value("name", std::string());
      write(name + ".json", {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    } else if (session::is_film_kind(what)) {
      begin_film(what, json.value("steps", Json::array()));
    } else {
      if (!is_own_kind(what)) session::saved_kind_from_name(what);
      kind_ = what;
      words_ = json.contains("words") ? json_text(json["words"]) : "{}";
      send_({kCheckpointId, session::SaveCheckpoint{}});
    }
  });
}

bool Saving::take(const session::Event& event, const ui::App& app) {
  if (const auto* shown = std::get_if<session::Snapshot>(&event)) take_moment(*shown, app);
  if (const auto* told = std::get_if<session::Timeline>(&event)) take_timeline(*told);
  if (take_codes(event, app)) return true;
  if (const auto* failure = std::get_if<session::Failure>(&event)) {
    const bool is_mine = failure->id == kCheckpointId || failure->id == kModelId ||
                         failure->id == kLoadId || failure->id == kFilmId;
    if (failure->id == kFilmId) end_film();
    if (!is_mine) return false;
    end(session::JobEnd::kFailed, failure->message);
    return true;
  }
  const auto* reply = std::get_if<session::Reply>(&event);
  if (!reply) return false;
  if (reply->id == kModelId) guarded([&] { open_model(reply->checkpoint); });
  if (reply->id == kLoadId) tell("model", std::exchange(model_name_, ""));
  if (reply->id != kCheckpointId) {
    return reply->id == kModelId || reply->id == kLoadId || reply->id == kFilmId;
  }
  guarded([&] {
    if (kind_ == kProject) {
      checkpoint_ = reply->checkpoint;
      const auto set = app.store().settings.find("data.set");
      const bool is_own =
          set != app.store().settings.end() && set->second == session::Value(std::string("own"));
      wants_samples_ = is_own && samples_.empty();
      if (!wants_samples_) write_project(is_own ? samples_ : session::Bytes{});
      return;
    }
    checkpoint_ = reply->checkpoint;
    if (!is_own_kind(kind_) && session::needs_codes(session::saved_kind_from_name(kind_))) {
      waits_for_codes_ = true;
      send_({kCodesId, session::StartJob{"codes", "{}", kCodesJob}});
    } else {
      write_run(app, nullptr);
    }
  });
  return true;
}

// Of the job "codes", whose result is one file.
bool Saving::take_codes(const session::Event& event, const ui::App& app) {
  if (const auto* result = std::get_if<session::JobResult>(&event)) {
    if (result->job != kCodesJob) return false;
    waits_for_codes_ = false;
    guarded([&] { write_run(app, result); });
    return true;
  }
  if (const auto* progress = std::get_if<session::JobProgress>(&event)) {
    return progress->job == kCodesJob;
  }
  if (const auto* reply = std::get_if<session::Reply>(&event)) return reply->id == kCodesId;
  const auto* failure = std::get_if<session::Failure>(&event);
  const auto* ended = std::get_if<session::JobEnded>(&event);
  const bool is_failure = failure && failure->id == kCodesId;
  if (!is_failure && (!ended || ended->job != kCodesJob)) return false;
  if (std::exchange(waits_for_codes_, false)) {
    end(session::JobEnd::kFailed, is_failure ? failure->message : ended->message);
  }
  return true;
}

void Saving::write_run(const ui::App& app, const session::JobResult* codes) {
  const session::Bytes checkpoint = std::exchange(checkpoint_, {});
  const ui::Store& store = app.store();
  if (kind_ == kCurvesPng) return write("curves.png", curves_png(checkpoint));
  if (kind_ == kMapPng) {
    const session::PlotWords words = session::plot_words(words_);
    return write("map.png", map_png(store.data, store.snapshot, words.across, words.up));
  }
  const session::RunToSave run{.checkpoint = checkpoint,
                               .data = &store.data,
                               .snapshot = &store.snapshot,
                               .codes = codes,
                               .words = session::plot_words(words_)};
  const ExportedFile file = session::saved_file(kind_, run);
  write(file.name, file.bytes);
}

bool Saving::take(session::Command& command) {
  if (auto* data = std::get_if<session::ProvideData>(&command.body)) {
    if (!wants_samples_) {
      samples_ = {};  // of a project from before
      return false;
    }
    guarded([&] { write_project(std::move(data->samples)); });
  } else if (auto* failed = std::get_if<session::DataFailed>(&command.body)) {
    if (!wants_samples_) return false;
    end(session::JobEnd::kFailed, failed->message);
  } else {
    return false;
  }
  wants_samples_ = false;
  checkpoint_ = {};
  return true;
}

void Saving::write_project(session::Bytes samples) {
  const session::Project project{std::move(checkpoint_), std::move(samples)};
  write("project.zip", session::write_project(project));
}

bool Saving::opens(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  const std::vector<std::uint8_t> head = files_at(path)->head(0, kHeadBytes);
  return session::is_project(head) || session::is_foreign_model(head) ||
         kind_of(head, path.string()) == FileKind::kSafetensors;
}

void Saving::open(const fs::path& path) {
  std::vector<std::uint8_t> bytes = read_file(path);
  if (session::is_foreign_model(std::span(bytes).first(std::min(bytes.size(), kHeadBytes)))) {
    model_ = std::move(bytes);
    model_name_ = to_utf8(path.filename().string());
    send_({kModelId, session::SaveCheckpoint{}});
    return;
  }
  if (session::is_project(bytes)) {
    session::Project project =
        session::read_project(std::move(bytes), to_utf8(path.filename().string()));
    samples_ = std::move(project.samples);
    bytes = std::move(project.checkpoint);
  }
  send_({0, session::LoadCheckpoint{std::move(bytes)}});
}

void Saving::open_model(const session::Bytes& present) {
  const session::Bytes file = std::exchange(model_, {});
  session::ForeignModel model = session::foreign_model(file, model_name_, present);
  model_name_ = session::mapping_json(model_name_, model);  // told when the session has it
  send_({kLoadId, session::LoadCheckpoint{std::move(model.checkpoint)}});
}

bool Saving::provide() {
  if (samples_.empty()) return false;
  session::ProvideData data;
  data.name = "own";
  data.samples = samples_;
  send_({0, std::move(data)});
  return true;
}

void Saving::take_picture(const Image& picture) {
  wants_picture_ = false;
  guarded([&] { write("view.png", write_png(picture)); });
}

void Saving::take_command(const session::Settings& settings) {
  wants_command_ = false;
  guarded([&] {
    set_clipboard(train_command(settings));
    end(session::JobEnd::kDone, std::string(kCommand));
  });
}

std::vector<session::Event> Saving::take_events() { return std::exchange(events_, {}); }

void Saving::write(const std::string& name, std::span<const std::uint8_t> bytes) {
  const fs::path path = free_name(folder_, name);
  write_file(path, bytes);
  end(session::JobEnd::kDone, to_utf8(path.filename().string()));
}

void Saving::tell(const char* stage, std::string words) {
  events_.push_back(session::JobProgress{.job = kFileNumber,
                                         .kind = std::string(kKind),
                                         .share = 0,
                                         .stage = stage,
                                         .words = std::move(words),
                                         .paused = false});
}

void Saving::copy(const std::string& text) {
  guarded(
      [&] {
        set_clipboard(text);
        end(session::JobEnd::kDone, text, kCopyNumber);
      },
      kCopyNumber);
}

void Saving::end(session::JobEnd reason, std::string message, std::uint64_t job) {
  events_.push_back(session::JobEnded{
      .job = job, .kind = std::string(kKind), .reason = reason, .message = std::move(message)});
}

void Saving::guarded(const std::function<void()>& task, std::uint64_t job) {
  try {
    task();
  } catch (...) {
    end(session::JobEnd::kFailed, session::sentence_of_current_exception(), job);
  }
}

}  // namespace hourglass
