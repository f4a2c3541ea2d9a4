// What every panel gets.
//
// A panel is a function that draws into an area of the current ImGui window. It reads the store,
// reads and writes its state and what all panels share, and sends commands. The card around it,
// with its title, is drawn by whoever places it: a panel finds the inside of the card in `area`,
// and in `heading` the free part of the title's line for buttons of its own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/session/protocol/messages.h"
#include "ui/kit/kit.h"
#include "ui/state/jobs.h"
#include "ui/state/layout.h"
#include "ui/state/panel_states.h"
#include "ui/state/requests.h"
#include "ui/state/send.h"
#include "ui/state/store.h"
#include "ui/state/texts.h"
#include "ui/state/view_state.h"

namespace hourglass::ui {

struct PanelContext : Kit {
  const Store& store;
  ViewState& view;
  PanelStates& states;
  const Texts& texts;
  const Layout& layout;
  const std::vector<std::string>& presets;
  Requests& requests;
  Jobs& jobs;
  const Send& post;
  Rect area = {};     // on the screen
  Rect heading = {};  // on the screen; empty where the panel has no card

  // What is kept between frames, by its type.
  template <typename State>
  State& state() const {
    return states.get<State>();
  }

  template <typename Body>
  void send(Body body) const {
    post(session::Command{0, std::move(body)});
  }
};

}  // namespace hourglass::ui
