// Files that the person takes away from the desktop: see core/session/export/saved_files.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/formats/png.h"
#include "core/session/export/film.h"
#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"
#include "ui/frame/app.h"

namespace hourglass {

// The folder for files that are taken away: $XDG_DOWNLOAD_DIR, or Downloads in the person's home,
// or the current folder, whichever is there.
std::filesystem::path download_folder();

// Answers the jobs of the kind "save", which are none of the session's, with events for the front
// end. A file never replaces another: "model-2.onnx" stands beside "model.onnx".
class Saving {
 public:
  static constexpr std::string_view kKind = "save";
  // The front end's numbers of the jobs: of a file, of which there is one, and of a text that goes
  // onto the clipboard.
  static constexpr std::uint64_t kFileNumber = 2, kCopyNumber = 3;

  // `send` hands a command to the session.
  Saving(std::filesystem::path folder, std::function<void(session::Command)> send);

  // What the front end asks for, as the arguments of a job.
  void ask(const std::string& arguments);
  // Makes the file that waited for this answer of the session; false for any other event.
  bool take(const session::Event& event, const ui::App& app);  // looks at snapshots of a film, too
  // A project waits for the data, which whoever has the files is to be asked for.
  bool wants_samples() const { return wants_samples_; }
  // Takes the data, or why there are none, out of a command for the session; false for one that the
  // session is to have.
  bool take(session::Command& command);

  // Goes on with the run in a file, a checkpoint or a project, or looks at a model of another
  // program; throws Error if it cannot be read.
  void open(const std::filesystem::path& path);
  // Whether a file begins as one of these do.
  static bool opens(const std::filesystem::path& path);
  // Gives the session the data of the project that was opened last; false if there are none.
  bool provide();
  // Somebody waits for the picture of the window.
  bool wants_picture() const { return wants_picture_; }
  void take_picture(const Image& picture);
  // Somebody waits for the command line that trains what is on the screen.
  bool wants_command() const { return wants_command_; }
  void take_command(const session::Settings& settings);

  std::vector<session::Event> take_events();

 private:
  static constexpr std::uint64_t kFilmId = (std::uint64_t{1} << 41) + 4;  // of its commands

  bool take_codes(const session::Event& event, const ui::App& app);
  // Of a film: puts the next of its moments on display, or writes it after the last.
  void begin_film(const std::string& what, const Json& steps);
  void take_moment(const session::Snapshot& shown, const ui::App& app);
  void take_timeline(const session::Timeline& timeline);
  void show_next_moment();
  void end_film();
  void open_model(const session::Bytes& present);
  void write_run(const ui::App& app, const session::JobResult* codes);
  void write_project(session::Bytes samples);
  void write(const std::string& name, std::span<const std::uint8_t> bytes);
  void tell(const char* stage, std::string words);
  void copy(const std::string& text);
  void end(session::JobEnd reason, std::string message, std::uint64_t job = kFileNumber);
  // Runs `task`; what it throws is told as the end of the job.
  void guarded(const std::function<void()>& task, std::uint64_t job = kFileNumber);

  std::filesystem::path folder_;
  std::function<void(session::Command)> send_;
  std::vector<session::Event> events_;
  std::string kind_, words_;   // of the file that waits for the checkpoint; "" for none
  session::Bytes checkpoint_;  // of a project that waits for the data, or a file for codes
  bool waits_for_codes_ = false;
  std::string model_name_;  // of a model of another program, which waits for the present checkpoint
  session::Bytes model_;
  session::Bytes samples_;  // of the project that was opened
  std::string film_kind_;   // of a film that waits for a snapshot of moment_; "" for none
  std::optional<session::Film> film_;     // once the first is there
  std::vector<std::int64_t> film_steps_;  // that are still to come, last first
  std::int64_t moment_ = 0;
  bool moment_begun_ = false;
  session::Snapshot moment_parts_;  // of what came of it so far
  bool wants_samples_ = false;
  bool wants_picture_ = false;
  bool wants_command_ = false;
};

}  // namespace hourglass
