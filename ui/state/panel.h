// What every panel gets, and the one verb that every panel has.
//
// A panel is a function that draws into an area of the current ImGui window. It reads the store,
// reads and writes the view state, sends commands, and keeps nothing of its own between frames. The
// card around it, with its title, is drawn by whoever places it: a panel finds the inside of the
// card in `area`, and in `heading` the free part of the title's line for buttons of its own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/session/protocol/messages.h"
#include "ui/images/pictures.h"
#include "ui/kit/theme.h"
#include "ui/kit/widgets.h"
#include "ui/state/layout.h"
#include "ui/state/requests.h"
#include "ui/state/send.h"
#include "ui/state/store.h"
#include "ui/state/texts.h"
#include "ui/state/view_state.h"

namespace hourglass::ui {

struct PanelContext {
  const Store& store;
  ViewState& view;
  const Texts& texts;
  const Theme& theme;
  const Layout& layout;
  const std::vector<std::string>& presets;
  Widgets& widgets;
  Pictures& pictures;
  Requests& requests;
  const Send& post;
  bool& animating;    // set it to ask for another frame soon
  Rect area;          // on the screen
  Rect heading = {};  // on the screen; empty where the panel has no card

  template <typename Body>
  void send(Body body) const {
    post(session::Command{0, std::move(body)});
  }
};

// Bars of the window. In a low one the row with Run stays, and the rest moves with the cards.
enum class ToolbarPart { kAll, kRow, kRest };
void draw_toolbar(PanelContext& context, ToolbarPart part);
void draw_messages(PanelContext& context);
void draw_status(PanelContext& context);

// Cards of their own.
void draw_hourglass(PanelContext& context);
void draw_reconstructions(PanelContext& context);
void draw_noise(PanelContext& context);
void draw_latent(PanelContext& context);

// Puts another random set of held-out images on display.
void other_images(PanelContext& context);

// The card with tabs draws itself, and in it the panel whose tab is chosen.
void draw_tabs(PanelContext& context);
void draw_curves(PanelContext& context);
void draw_weights(PanelContext& context);
void draw_code(PanelContext& context);
// Has the engine make the pictures that draw_weights() shows, and only while it is on show. Call it
// once a frame.
void request_tiles(PanelContext& context);
void draw_training(PanelContext& context);

// How high a part of the toolbar will be in `width`, 0 where it has nothing: it breaks into as many
// lines as it needs.
float toolbar_height(const PanelContext& context, Form form, float width, ToolbarPart part);
// How high draw_messages() will be in `width`; 0 when there is nothing to tell.
float messages_height(const PanelContext& context, float width);

}  // namespace hourglass::ui
