// The shapes that the network's drawing is made of.
#pragma once

#include <imgui.h>

#include <span>

#include "ui/kit/theme.h"
#include "ui/network/network_geometry.h"

namespace hourglass::ui {

// `t` of the way from one colour to the other.
Rgb mixed(Rgb a, Rgb b, float t);

// The sides of the hourglass, as one soft shape that is narrow where the layers are.
void draw_outline(ImDrawList& list, const NetworkLayout& layout, const Palette& colors,
                  const Metrics& metrics);

// A few grains fall while the network trains. They move in the frames that training draws anyway:
// none is asked for.
void draw_grains(ImDrawList& list, const NetworkLayout& layout, const Palette& colors,
                 const Metrics& metrics);

// One cell for each unit, or for as many neighbours as a few pixels have to stand for.
void draw_cells(ImDrawList& list, const Rect& bar, std::span<const float> values, Rgb tone,
                const Metrics& metrics);

}  // namespace hourglass::ui
