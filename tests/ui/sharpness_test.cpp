// Sharp letters: of every glyph that a frame draws, one row of the font's texture is one row of the
// screen's pixels, and its edge lies on theirs.
#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/source_path.h"
#include "tests/ui/harness.h"
#include "ui/kit/glyphs.h"

namespace hourglass::ui {
namespace {

struct Baked {
  const ImFontGlyph* glyph;
  const ImFontBaked* baked;
};

// Every glyph in the font's texture, by where it is there.
std::map<std::pair<float, float>, Baked> baked_glyphs() {
  std::map<std::pair<float, float>, Baked> found;
  ImStableVector<ImFontBaked, 32>& pool = ImGui::GetIO().Fonts->Builder->BakedPool;
  for (int i = 0; i < pool.Size; ++i) {
    for (const ImFontGlyph& glyph : pool[i].Glyphs) {
      if (glyph.Visible) found[{glyph.U0, glyph.V0}] = {&glyph, &pool[i]};
    }
  }
  return found;
}

struct Seen {
  int glyphs = 0;
  std::set<std::pair<const ImFont*, float>> fonts_and_sizes;
  bool chinese = false;
};

// How the rows of `glyph`, as drawn from `top` to `bottom` (pixels of the screen), look there:
// sampled at pixel centres by the filter between texels, as graphics cards do. Returns the largest
// difference of a pixel's row of shades from the row that was rasterised, 0 to 255.
float worst_row(const ImFontGlyph& glyph, float top, float bottom) {
  const ImTextureData& texture = *ImGui::GetIO().Fonts->TexData;
  const int x = static_cast<int>(std::lround(glyph.U0 * static_cast<float>(texture.Width)));
  const int right = static_cast<int>(std::lround(glyph.U1 * static_cast<float>(texture.Width)));
  const int y = static_cast<int>(std::lround(glyph.V0 * static_cast<float>(texture.Height)));
  const int rows = static_cast<int>(std::lround(glyph.V1 * static_cast<float>(texture.Height))) - y;
  const auto shade = [&](int column, int row) -> float {
    if (column < 0 || column >= texture.Width || row < 0 || row >= texture.Height) return 0;
    const std::size_t at = static_cast<std::size_t>(row) * static_cast<std::size_t>(texture.Width) +
                           static_cast<std::size_t>(column);
    const auto bytes = static_cast<std::size_t>(texture.BytesPerPixel);
    return static_cast<float>(texture.Pixels[at * bytes + bytes - 1]);
  };
  float worst = 0;
  for (int row = 0; row < rows; ++row) {
    const float center = std::floor(top + 0.5f) + static_cast<float>(row) + 0.5f;
    const float at =
        static_cast<float>(y) + (center - top) / (bottom - top) * static_cast<float>(rows) - 0.5f;
    const int above = static_cast<int>(std::floor(at));
    const float share = at - static_cast<float>(above);
    for (int column = x; column < right; ++column) {
      const float sampled = shade(column, above) * (1 - share) + shade(column, above + 1) * share;
      worst = std::max(worst, std::fabs(sampled - shade(column, y + row)));
    }
  }
  return worst;
}

// Holds every glyph of the frame drawn last against the screen's pixels.
void check_glyphs(float ratio, Seen& seen) {
  const auto glyphs = baked_glyphs();
  int blurred = 0;
  std::string first;
  for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
    for (const ImDrawCmd& command : list->CmdBuffer) {
      if (command.TexRef._TexData != ImGui::GetIO().Fonts->TexData) continue;
      // A quad is two triangles: 0 1 2, 0 2 3.
      for (unsigned i = 0; i + 5 < command.ElemCount; i += 3) {
        const ImDrawIdx* corner = list->IdxBuffer.Data + command.IdxOffset + i;
        const ImDrawVert* v = list->VtxBuffer.Data + command.VtxOffset;
        const ImDrawVert &near = v[corner[0]], &far = v[corner[2]];
        const auto found = glyphs.find({near.uv.x, near.uv.y});
        if (found == glyphs.end() || corner[3] != corner[0]) continue;
        const auto& [glyph, baked] = found->second;
        if (far.uv.x != glyph->U1 || far.uv.y != glyph->V1) continue;  // cut by its field's edge
        const float top = near.pos.y * ratio, bottom = far.pos.y * ratio;
        const float texels =
            (glyph->V1 - glyph->V0) * static_cast<float>(ImGui::GetIO().Fonts->TexData->Height);
        const bool sharp = baked->RasterizerDensity == ratio &&
                           std::fabs(texels - (bottom - top)) < 0.02f * texels &&
                           worst_row(*glyph, top, bottom) < 12;
        if (!sharp && ++blurred == 1) {
          std::ostringstream text;
          text << "character " << glyph->Codepoint << " of "
               << (baked->ContainerFont == ImGui::GetIO().Fonts->Fonts[0] ? "regular " : "bold ")
               << baked->Size << " at density " << baked->RasterizerDensity << ", row " << top
               << " to " << bottom << " of " << texels;
          first = text.str();
        }
        ++seen.glyphs;
        seen.fonts_and_sizes.insert({baked->ContainerFont, baked->Size});
        seen.chinese = seen.chinese || glyph->Codepoint >= 0x4e00;
        i += 3;
      }
    }
  }
  CAPTURE(ratio);
  CAPTURE(first);
  CHECK(blurred == 0);
}

void look_at(Harness& harness, float ratio, Seen& seen) {
  harness.info.pixel_ratio = ratio;
  harness.app.note_input();
  harness.settle();
  harness.frame();  // everything it needs has been rasterised by now
  check_glyphs(ratio, seen);
}

constexpr float kRatios[] = {1, 1.25f, 1.5f, 2, 3};

TEST_CASE("sharpness: every letter of every card has the screen's own pixels") {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    for (const float scale : {1.0f, 1.3f, 2.0f}) {
      for (const auto& [width, height] :
           {std::pair{1280.0f, 900.0f}, {800.0f, 600.0f}, {390.0f, 4000.0f}}) {
        for (const float ratio : kRatios) {
          AppOptions options;
          options.language = language;
          options.text_scale = scale;
          Harness harness(width, height, std::move(options));
          feed(harness);
          harness.app.receive(session::Failure{0, "The file was no image: give one that is."});
          CAPTURE(width);
          CAPTURE(scale);
          Seen seen;
          look_at(harness, ratio, seen);
          for (const char* tab : {"tab:curves", "tab:weights", "tab:training"}) {
            harness.click(tab);
            harness.move(1, 1);
            look_at(harness, ratio, seen);
          }
          CHECK(seen.glyphs > 150);
          // Both weights, in small print, text and headings.
          CHECK(seen.fonts_and_sizes.size() >= 4);
          if (language == Language::kChinese) CHECK(seen.chinese);
        }
      }
    }
  }
}

TEST_CASE(
    "sharpness: letters stay sharp on a screen of another density, and when a page is zoomed") {
  Harness harness;
  feed(harness);
  harness.settle();
  Seen seen;
  for (const float ratio : {1.0f, 2.0f, 1.5f, 3.0f, 1.1f, 0.9f, 2.2f, 1.0f}) {
    harness.info = {1280 / ratio, 800 / ratio, ratio};  // as a browser zooms
    look_at(harness, ratio, seen);
    harness.info = {1280, 800, ratio};  // as a window moves
    look_at(harness, ratio, seen);
  }
}

TEST_CASE("sharpness: what is typed, explained and listed is as sharp as the rest") {
  for (const float ratio : kRatios) {
    Harness harness;
    feed(harness);
    harness.info.pixel_ratio = ratio;
    harness.settle();
    Seen seen;
    for (const char* id : {"setting:train.seed", "preset", "help", "speed"}) {
      CAPTURE(std::string(id));
      REQUIRE(harness.click(id));
      look_at(harness, ratio, seen);
      harness.key(ImGuiKey_Escape);
    }
    const Rect waist = harness.widget("waist");
    harness.move(waist.x + 3, waist.y + 3);
    for (int i = 0; i < 60; ++i) harness.frame();
    look_at(harness, ratio, seen);
  }
}

TEST_CASE("sharpness: soft edges of shapes are a pixel wide") {
  Harness harness;
  feed(harness);
  for (const float ratio : kRatios) {
    harness.info.pixel_ratio = ratio;
    harness.app.note_input();
    harness.settle();
    for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
      CHECK(list->_FringeScale * ratio == doctest::Approx(1));
    }
  }
}

// Filled shapes keep a transparent corner beside each opaque one. Turned the wrong way round they
// have it inside, under the fill, and the edge is hard. Counts both kinds of triangles.
std::pair<int, int> soft_and_hard_fills() {
  const auto clear = [](const ImDrawVert& v) { return (v.col & IM_COL32_A_MASK) == 0; };
  const auto side = [](ImVec2 a, ImVec2 b, ImVec2 p) {
    return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
  };
  int soft = 0, hard = 0;
  for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
    for (const ImDrawCmd& command : list->CmdBuffer) {
      const auto vertices = static_cast<unsigned>(list->VtxBuffer.Size) - command.VtxOffset;
      for (unsigned i = 0; i + 2 < command.ElemCount; i += 3) {
        const ImDrawIdx* corner = list->IdxBuffer.Data + command.IdxOffset + i;
        const ImDrawVert* v = list->VtxBuffer.Data + command.VtxOffset;
        bool fill = true, inside = true;
        for (int k = 0; k < 3; ++k) {
          fill =
              fill && corner[k] + 1u < vertices && !clear(v[corner[k]]) && clear(v[corner[k] + 1]);
        }
        if (!fill) continue;
        const ImVec2 a = v[corner[0]].pos, b = v[corner[1]].pos, c = v[corner[2]].pos;
        const float turn = side(a, b, c);
        for (int k = 0; k < 3; ++k) {
          const ImVec2 p = v[corner[k] + 1].pos;
          inside = inside && side(a, b, p) * turn > 0 && side(b, c, p) * turn > 0 &&
                   side(c, a, p) * turn > 0;
        }
        ++(inside ? hard : soft);
      }
    }
  }
  return {soft, hard};
}

TEST_CASE("sharpness: the edges of filled shapes are soft") {
  for (const auto& [width, height] : {std::pair{1280.0f, 900.0f}, {390.0f, 4000.0f}}) {
    Harness harness(width, height);
    feed(harness);
    harness.settle();
    CAPTURE(width);
    const auto [soft, hard] = soft_and_hard_fills();
    CHECK(soft > 20);
    CHECK(hard == 0);
  }
}

TEST_CASE("sharpness: all text goes through the kit's own drawing of it") {
  namespace fs = std::filesystem;
  const fs::path root = source_path("");
  int files = 0;
  for (const char* room : {"ui", "web", "native"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / room)) {
      const std::string name = fs::relative(entry.path(), root).generic_string();
      if (!name.ends_with(".cpp") && !name.ends_with(".h")) continue;
      if (name.starts_with("ui/kit/glyphs.")) continue;
      ++files;
      std::ifstream in(entry.path());
      const std::string code{std::istreambuf_iterator<char>(in), {}};
      CAPTURE(name);
      for (const char* passes_by : {"AddText(", "CalcTextSize", "GetFontBaked", "RenderText",
                                    "ImGui::Text", "ImGui::Button", "PushFont", "SetTooltip"}) {
        CAPTURE(std::string(passes_by));
        CHECK(code.find(passes_by) == std::string::npos);
      }
    }
  }
  CHECK(files > 100);
}

}  // namespace
}  // namespace hourglass::ui
