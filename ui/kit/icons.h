// Signs on buttons, drawn as shapes: sharp at every size and in every colour.
#pragma once

#include <imgui.h>

namespace hourglass::ui {

enum class Icon {
  kNone,
  kPlay,
  kPause,
  kStep,
  kEpoch,
  kReset,
  kDice,
  kSun,
  kMoon,
  kClose,
  kChevron,
  kPrevious,
  kNext,
  kShuffle,
  kFit,
  kHourglass,
  kHelp,
  kPath,
  kHand,
  kBox,
  kLasso,
  kGrid,
  kThumbnails,
  kZoomIn,
  kZoomOut,
  kDifference,
  kWorst,
  kLink,
  kAxes,
  kSideBySide,
  kBookmark,
  kTakeBack,
  kPencil,
};

// A filled triangle with soft edges, whichever way round its corners are given: Dear ImGui wants
// them clockwise, and draws hard edges, half a point too far out, if they are not.
void fill_triangle(ImDrawList& list, ImVec2 a, ImVec2 b, ImVec2 c, ImU32 color);

// Draws `icon` into a square of side `size` around `center`.
void draw_icon(ImDrawList& list, Icon icon, ImVec2 center, float size, ImU32 color);

}  // namespace hourglass::ui
