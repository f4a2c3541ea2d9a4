// Where everything goes, from the size of the window alone.
//
// Three forms: wide has a column of controls beside the pictures; narrow (an embed of 800x600, a
// third of a laptop's screen) has three cards in a row below them; a phone has one column. Sizes
// are compared after division by the text scale, so that large text on a large screen is laid out
// as small text on a small one. Nothing is ever squeezed below what it needs: a body that is too
// low scrolls.
#pragma once

#include "ui/geometry.h"
#include "ui/theme.h"

namespace hourglass::ui {

enum class Form { kWide, kNarrow, kPhone };

// How the pictures of a width are arranged.
struct PictureGrid {
  int columns = 0;
  float cell = 0;          // side of a picture
  float spacing = 0;       // between pictures
  float label_width = 0;   // left of the rows; 0 where labels stand above the rows
  float label_height = 0;  // above each row
  float error_height = 0;  // below the last row
  float height = 0;        // of all rows with labels and errors
};

struct Layout {
  Form form = Form::kWide;
  // In the window.
  Rect toolbar, messages, body, status;
  // Cards, relative to the top left of the body's content.
  Rect reconstructions, noise, training, curves, latent;
  PictureGrid pictures;
  int training_columns = 1;
  float content_height = 0;  // of the body; it scrolls where this is more than body.h
};

Form form_of(float width, const Metrics& metrics);

// `width` is the inside of the card; `count` pictures at most.
PictureGrid arrange_pictures(float width, int count, Form form, const Metrics& metrics);

struct LayoutNeeds {
  int picture_count = 20;     // images on display
  float toolbar_height = 52;  // of all its lines
  float messages_height = 0;
};

Layout compute_layout(float width, float height, const Metrics& metrics, const LayoutNeeds& needs);

// Heights of one setting's widgets, which the cards' heights are made of.
float choice_height(const Metrics& metrics);
float slider_height(const Metrics& metrics);

}  // namespace hourglass::ui
