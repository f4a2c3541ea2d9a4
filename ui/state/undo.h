// Steps back and forth through the settings that the person has changed.
//
// It sees every command on its way to the engine. What a person does between pressing something and
// letting go is one step: the values of a slider that is dragged, a preset and the data that stay.
// A step back does to the run what such a change does: a setting that acts at once acts at once,
// one that waits for a reset waits, and with another preset or seed the run starts afresh.
#pragma once

#include <cstddef>
#include <vector>

#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"
#include "ui/state/send.h"
#include "ui/state/store.h"
#include "ui/state/view_state.h"

namespace hourglass::ui {

class Undo {
 public:
  static constexpr std::size_t kMaxSteps = 100;  // older ones are forgotten

  // A command goes to the engine.
  void note(const Store& store, const session::Command& command);
  // An event comes from the engine, before the store takes it.
  void receive(const session::Event& event);
  // Nothing is held down any more: what comes next is another step.
  void end_gesture() { in_gesture_ = false; }

  bool can_undo() const { return done_ > 0; }
  bool can_redo() const { return done_ < steps_.size(); }
  // Sends what the last step replaced, or what the next one brought.
  void undo(const Send& send, const Store& store, ViewState& view);
  void redo(const Send& send, const Store& store, ViewState& view);

 private:
  struct Step {
    SettingValues before, after;
    bool afresh = false;  // the run begins anew with it
  };

  session::Settings present(const Store& store) const;
  void add(Step step);
  bool apply(const SettingValues& values, bool afresh, const Send& send, const Store& store,
             ViewState& view);

  std::vector<Step> steps_;
  std::size_t done_ = 0;  // of the steps, counted from the oldest
  bool in_gesture_ = false, applying_ = false;
  SettingValues sent_;  // and not yet confirmed
};

}  // namespace hourglass::ui
