// The controls that panels are made of: text, cards, buttons, choices, sliders, number fields. Each
// draws into a rectangle that it is given and registers itself under its id.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/kit/geometry.h"
#include "ui/kit/icons.h"
#include "ui/kit/kit.h"

namespace hourglass::ui {

// After which time a press is a long one, in seconds.
inline constexpr float kLongPress = 0.5f;
// How far a finger that means to stay moves all the same, in points.
inline constexpr float kFingerRest = 6;

enum class Align { kLeft, kCenter, kRight };

struct TextStyle {
  float size = 0;  // 0: the theme's text size
  bool bold = false;
  Align align = Align::kLeft;
};

float text_width(const Kit& kit, std::string_view text, const TextStyle& style = {});

// Draws one line, centred vertically in `area`; what does not fit ends in an ellipsis. Returns its
// width.
float draw_text(const Kit& kit, const Rect& area, std::string_view text, ImU32 color,
                const TextStyle& style = {});

// The size, from `size` down to two thirds of it, at which all of `text` is in `width`: for labels
// that must say it all, where large text has little room.
float fitting_size(const Kit& kit, std::string_view text, float width, float size);

// Draws text broken into lines of `width` at most; with `draw` false it only measures. Returns the
// height.
float draw_paragraph(const Kit& kit, float x, float y, float width, std::string_view text,
                     ImU32 color, float size, bool draw = true);

// Draws a card with its heading and registers it as "panel:NAME". Returns what is inside the
// padding, below the heading; `heading` becomes the free part of the heading's line, right of the
// title.
//
// A long title gets smaller before it takes the room of the buttons beside it.
Rect draw_card(const Kit& kit, std::string_view name, const Rect& area, std::string_view title,
               Rect& heading);

// Draws small text beside a card's title, or nothing where there is no room for all of it.
void draw_subtitle(const Kit& kit, const Rect& heading, std::string_view text);

enum class ButtonKind { kPlain, kPrimary, kBare };

struct Button {
  std::string_view id = {};     // also its name among the widgets
  std::string_view label = {};  // drawn if not empty
  Icon icon = Icon::kNone;
  ButtonKind kind = ButtonKind::kPlain;
  std::string_view help_title = {};
  std::string_view help = {};  // shown on hover, under its title; empty: none
  bool on = false;             // drawn as pressed, for switches
  bool disabled = false;       // drawn so that it looks it, and never pressed; not for kPrimary
};

// The width at which a button shows all of its label.
float button_width(const Kit& kit, const Button& button);
bool draw_button(Kit& kit, const Rect& area, const Button& button);

// A button without a look of its own, for what is drawn otherwise: returns true when it was
// clicked.
bool draw_area(Kit& kit, const Rect& area, std::string_view id);

struct Choice {
  std::string_view value;  // names the popup's item among the widgets: "ID:VALUE"
  std::string label;
  std::string help;  // drawn small under the label; may be empty
};

// A drop-down list. Returns the index of the item that was just chosen, or -1. `otherwise` is shown
// while none is selected (-1).
int draw_choice(Kit& kit, const Rect& area, std::string_view id, int selected,
                const std::vector<Choice>& items, std::string_view otherwise = {});

// A slider whose position runs from 0 to 1. Returns true while it is changed. The left and right
// arrows move it while it has the keyboard's focus, by a hundredth, with Shift by a tenth; with
// `key_steps` they do not move it but are counted there, for values that have steps of their own.
// A finger moves it sideways or by a tap: up and down it moves the page.
bool draw_slider(Kit& kit, const Rect& area, std::string_view id, double& position,
                 int* key_steps = nullptr);

// A field with a number or word in it. Returns true when the person has finished a change, with
// `value` the new text. `right` aligns short numbers with the slider below them.
bool draw_field(Kit& kit, const Rect& area, std::string_view id, std::string& value, bool frame);

// Explains the item drawn last when the pointer rests on it, when it has had the keyboard's focus
// for a while, or when a finger has rested on it: then the help stays until the next touch, and
// lifting the finger is no click. `formula` is set apart from the words; it may have several lines.
void draw_help(Kit& kit, std::string_view title, std::string_view help,
               std::string_view footnote = {}, std::string_view formula = {});

// Registers a rectangle, or the item drawn last, as it is visible in the current window.
void register_widget(const Kit& kit, std::string_view id, const Rect& area);
void register_item(const Kit& kit, std::string_view id);

// Says that what is drawn in that rectangle takes these gestures.
void take_gestures(const Kit& kit, const Rect& area, unsigned gestures);

inline ImVec2 top_left(const Rect& r) { return {r.x, r.y}; }
inline ImVec2 bottom_right(const Rect& r) { return {r.right(), r.bottom()}; }

}  // namespace hourglass::ui
