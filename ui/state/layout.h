// Where everything goes, from the size of the window alone.
//
// Three forms: wide has the network in a column of its own, pictures and noise beside it, and below
// them the map and the card with tabs; narrow (an embed of 800x600, a third of a laptop's screen)
// has two columns, the map among the tabs; a phone has one column. Sizes are compared after
// division by the text scale, so that large text on a large screen is laid out as small text on a
// small one. Nothing is ever squeezed below what it needs: a body that is too low scrolls. In a
// window so low that the bars around the body would leave little of it (a browser zoomed to 400 %,
// a phone on its side), bars move with the body's content; the row with Run stays as long as it
// can.
#pragma once

#include "ui/kit/geometry.h"
#include "ui/kit/theme.h"

namespace hourglass::ui {

enum class Form { kWide, kNarrow, kPhone };

// What the body is for: training a network, or what its code is good for.
enum class Workspace { kTraining, kApplications };

// How the pictures of a width are arranged.
struct PictureGrid {
  int columns = 0;
  float cell = 0;          // side of a picture
  float spacing = 0;       // between pictures
  float label_width = 0;   // left of the rows; 0 where labels stand above the rows
  float label_height = 0;  // above each row
  float error_height = 0;  // of a line of errors, below a row
  float height = 0;        // of all rows with labels and errors
};

struct Layout {
  Form form = Form::kWide;
  Workspace workspace = Workspace::kTraining;
  // In the window; a bar is empty if all of it moves with the content.
  Rect toolbar, messages, body, status;
  // What moves, relative to the top left of the body's content; empty where nothing does. Where
  // some of the toolbar is in the window, too, this is the rest of it.
  Rect moving_toolbar, moving_messages, moving_status;
  // The switch between the workspaces, relative to the top left of the body's content; empty where
  // it stands in the toolbar.
  Rect workspaces;
  // Cards, relative to the top left of the body's content; applications share the one with tabs.
  Rect hourglass, reconstructions, noise, latent, tabs;
  bool map_in_tabs = false;  // then `latent` is empty
  PictureGrid pictures;
  float content_height = 0;  // of the body; it scrolls where this is more than body.h
};

Form form_of(float width, const Metrics& metrics);

// `width` and `height` are the inside of the card; `count` pictures at most, in `rows` rows with as
// many `error_lines` among them. Pictures grow until they fill the height, as long as six fit side
// by side.
PictureGrid arrange_pictures(float width, float height, int count, int rows, Form form,
                             const Metrics& metrics, int error_lines = 1);

// The bars that stay in the window take no more of its height than this.
inline constexpr float kMaxBarsShare = 0.4f;

struct LayoutNeeds {
  Workspace workspace = Workspace::kTraining;
  int picture_count = 20;     // images on display
  int picture_rows = 3;       // original, corrupted, reconstructed, and on demand two more
  float toolbar_height = 52;  // of all its lines
  float messages_height = 0;
  float toolbar_row = 52;  // of the row with Run alone
  float toolbar_rest = 0;  // of the lines beside that row, as they move with the content
  int error_lines = 1;     // of the reconstructions, and on demand of what they are compared with
};

Layout compute_layout(float width, float height, const Metrics& metrics, const LayoutNeeds& needs);

// The inside of the noise card, which is as high in every form.
float noise_content_height(const Metrics& metrics);
// Of the button below its sliders: lower than others where no finger needs it, for the pictures
// beside the card get what it takes.
float noise_link_height(const Metrics& metrics);

// Heights of one setting's widgets, which the cards' heights are made of.
float choice_height(const Metrics& metrics);
float slider_height(const Metrics& metrics);

}  // namespace hourglass::ui
