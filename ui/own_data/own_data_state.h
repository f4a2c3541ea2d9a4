// A person's own data before they are used: what was understood of the files, and what the person
// wants to have understood otherwise.
#pragma once

#include <map>
#include <string>

#include "ui/images/drawing.h"
#include "ui/images/pad.h"
#include "ui/images/pictures.h"
#include "ui/state/jobs.h"
#include "ui/state/view_state.h"

namespace hourglass::ui {

struct OwnDataState {
  // What was understood last, as core/session/engine/data_import.h names it; it stays while the
  // next is made.
  JobFindings found;
  std::string error;  // why the newest could not be made, in English, or ""
  Json refusal;       // the same as a sentence (core/base/sentence.h), where it is one
  // A part that could be used instead; none where `used` is 0.
  struct Offer {
    std::int64_t used = 0, of = 0;
    std::string unit;  // "samples", chosen by data.most_samples; else the page chooses
  } offer;
  bool has_files = false;   // somebody has brought some
  bool working = false;     // they are being read
  bool greeted = false;     // whoever has the files was asked what it can do
  bool can_choose = false;  // it can open a dialogue, and keep files until the next visit
  bool kept = false;        // and does so
  bool will_train = false;  // the next data are these, to be trained on
  std::map<std::string, session::Value, std::less<>> options;  // settings data.* by key
  std::uint64_t revisions = 0;
  ImageAtlas sheet;

  // Samples that are drawn here, or taken with a camera.
  bool making = false;
  Drawing drawing;
  std::string class_name = "0";  // of the next
  bool held_out = false;         // so is the next
  std::int64_t made = 0;         // of those that are there now
};

// Takes an event about the import, also one that opens the panel; false for any other.
bool take_import_event(OwnDataState& state, CameraState& camera, ViewState& view,
                       session::Event& event);

}  // namespace hourglass::ui
