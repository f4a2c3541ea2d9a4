// A page over everything: a card in the middle that scrolls, with a cross, before the dimmed
// window.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

struct PagePopup {
  const char* popup = "";       // ImGui's name of it, which ImGui::OpenPopup() opens
  std::string_view id;          // of the card as a widget
  std::string_view close_id;    // of its cross
  float width = 0;              // of the card at most, in points of the text's size
  std::string_view close_help;  // of the cross
};

// Lays the page out from (x, y); with `draw` false it only measures. Returns its height.
using DrawPage = std::function<float(float x, float y, float width, bool draw)>;

// Draws the page while its popup is open.
void draw_page_popup(Kit& kit, const PagePopup& page, const DrawPage& draw_page);

}  // namespace hourglass::ui
