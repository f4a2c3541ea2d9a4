// What every panel gets, and the one verb that every panel has.
//
// A panel is a function that draws into an area of the current ImGui window. It reads the store,
// reads and writes the view state, sends commands, and keeps nothing of its own between frames.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/session/messages.h"
#include "ui/layout.h"
#include "ui/pictures.h"
#include "ui/store.h"
#include "ui/texts.h"
#include "ui/theme.h"
#include "ui/view_state.h"
#include "ui/widgets.h"

namespace hourglass::ui {

using Send = std::function<void(session::Command)>;

struct PanelContext {
  const Store& store;
  ViewState& view;
  const Texts& texts;
  const Theme& theme;
  const Layout& layout;
  const std::vector<std::string>& presets;
  Widgets& widgets;
  Pictures& pictures;
  const Send& post;
  bool& animating;  // set it to ask for another frame soon
  Rect area;        // on the screen

  template <typename Body>
  void send(Body body) const {
    post(session::Command{0, std::move(body)});
  }
};

void draw_toolbar(PanelContext& context);
void draw_messages(PanelContext& context);
void draw_reconstructions(PanelContext& context);
void draw_noise(PanelContext& context);
void draw_training(PanelContext& context);
void draw_curves(PanelContext& context);
void draw_latent(PanelContext& context);
void draw_status(PanelContext& context);

// How high draw_toolbar() will be in `width`: it breaks into as many lines as it needs.
float toolbar_height(const PanelContext& context, Form form, float width);
// How high draw_messages() will be in `width`; 0 when there is nothing to tell.
float messages_height(const PanelContext& context, float width);

}  // namespace hourglass::ui
