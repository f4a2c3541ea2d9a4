#!/usr/bin/env bash
# Dear ImGui draws a font that was never current at one texel a point, however dense the screen is.
#
# Guess: since 1.92 bakes glyphs at the density of the screen (DisplayFramebufferScale), ImDrawList::AddText(font, size, ...)
# is as sharp in any font as in the one that is current.
# Really: each font has a density of its own, which is set to that of the screen when it becomes the current one. A font
# that is passed to AddText and was never pushed keeps 1: at two pixels a point its letters are magnified and so blurred.
# Once it was pushed it keeps that density, in later frames too.
# Version: 1.92.2b (Debian's source package imgui of suite forky).
# For us: every font is pushed, in each frame, before anything is drawn in it.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

debian_source imgui 1.92.2b forky

cat >density.cpp <<'CPP'
#include <cmath>
#include <cstdio>
#include "imgui.h"

// How many texels of the font texture there are for a point on the screen, in the glyph that was drawn last.
double texels_per_point(const ImDrawList& list) {
  const ImDrawVert& first = list.VtxBuffer[list.VtxBuffer.Size - 4];
  const ImDrawVert& opposite = list.VtxBuffer[list.VtxBuffer.Size - 2];
  const double texels = (opposite.uv.x - first.uv.x) * ImGui::GetIO().Fonts->TexData->Width;
  return texels / (opposite.pos.x - first.pos.x);
}

int main() {
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
  io.IniFilename = nullptr;
  io.DisplaySize = ImVec2(400, 300);
  io.DisplayFramebufferScale = ImVec2(2, 2);
  io.DeltaTime = 1.0f / 60;
  io.Fonts->AddFontDefault();
  ImFont* other = io.Fonts->AddFontDefault();
  ImGui::NewFrame();
  ImDrawList& list = *ImGui::GetForegroundDrawList();
  const auto draw = [&](const char* what) {
    list.AddText(other, 20, ImVec2(10, 10), IM_COL32_WHITE, "M");
    std::printf("%s: %.0f texels a point\n", what, texels_per_point(list));
  };
  std::printf("version %s, 2 pixels a point\n", ImGui::GetVersion());
  draw("AddText of a font that was never pushed");
  ImGui::PushFont(other, 20);
  draw("AddText of it while it is pushed");
  ImGui::PopFont();
  draw("AddText of it after that");
  ImGui::Render();
  ImGui::NewFrame();
  draw("AddText of it in the next frame, not pushed");
}
CPP
c++ -O0 -Iimgui density.cpp imgui/imgui.cpp imgui/imgui_draw.cpp imgui/imgui_tables.cpp imgui/imgui_widgets.cpp -o density
says ./density
expect 'the version' 'version 1.92.2b, 2 pixels a point'
expect 'a font that was never pushed' 'AddText of a font that was never pushed: 1 texels a point'
expect 'a font that is pushed' 'AddText of it while it is pushed: 2 texels a point'
expect 'a font that was pushed' 'AddText of it after that: 2 texels a point'
expect 'a font that was pushed, one frame later' 'AddText of it in the next frame, not pushed: 2 texels a point'
