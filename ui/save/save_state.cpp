#include "ui/save/save_state.h"

#include <string_view>
#include <utility>

namespace hourglass::ui {
namespace {

constexpr std::string_view kSave = "save";

}  // namespace

bool take_save_event(SaveState& state, ViewState& view, const session::Event& event) {
  if (const auto* progress = std::get_if<session::JobProgress>(&event)) {
    if (progress->kind != kSave) return false;
    if (progress->stage == "can_open") state.can_open = true;
    if (progress->stage == "can_link") state.can_link = true;
    if (progress->stage == "can_film") state.can_film = true;
    if (progress->stage == "film") view.workspace = Workspace::kTraining;
    if (progress->stage == "filmed") view.workspace = Workspace::kApplications;
    if (progress->stage == "place") state.place = progress->words;
    if (progress->stage == "model") {
      state.model = parse_json(progress->words);
      state.error.clear();
      state.saved.clear();
      view.workspace = Workspace::kApplications;
      view.application = kSave;
    }
    return true;
  }
  if (const auto* ended = std::get_if<session::JobEnded>(&event)) {
    if (ended->kind != kSave) return false;
    state.done = std::exchange(state.working, {});
    const bool done = ended->reason == session::JobEnd::kDone;
    state.saved = done ? ended->message : "";
    state.error = done ? "" : ended->message;
    return true;
  }
  return false;
}

}  // namespace hourglass::ui
