// Buttons.
#pragma once

#include <optional>
#include <string_view>

#include "ui/kit/icons.h"
#include "ui/kit/kit.h"

namespace hourglass::ui {

enum class ButtonKind { kPlain, kPrimary, kBare };

struct Button {
  std::string_view id = {};     // also its name among the widgets
  std::string_view label = {};  // drawn if not empty
  Icon icon = Icon::kNone;
  ButtonKind kind = ButtonKind::kPlain;
  std::string_view help_title = {};
  std::string_view help = {};   // shown on hover, under its title; empty: none
  std::optional<bool> on = {};  // of a switch: whether it is drawn as pressed
  bool disabled = false;        // drawn so that it looks it, and never pressed; not for kPrimary
};

// The width at which a button shows all of its label.
float button_width(const Kit& kit, const Button& button);
bool draw_button(Kit& kit, const Rect& area, const Button& button);

// A button without a look of its own, for what is drawn otherwise: returns true when it was
// clicked.
bool draw_area(Kit& kit, const Rect& area, std::string_view id);

}  // namespace hourglass::ui
