// Words that are cut short end in an ellipsis: of those that a card always shows, none is, however
// large the text.
#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <utility>

#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

constexpr ImWchar kEllipsis = 0x2026;

// How many ellipses the frame drawn last shows within `area`.
int ellipses(const Rect& area) {
  int found = 0;
  ImStableVector<ImFontBaked, 32>& pool = ImGui::GetIO().Fonts->Builder->BakedPool;
  for (int i = 0; i < pool.Size; ++i) {
    for (const ImFontGlyph& glyph : pool[i].Glyphs) {
      if (glyph.Codepoint != kEllipsis) continue;
      for (const ImDrawList* list : ImGui::GetDrawData()->CmdLists) {
        for (const ImDrawVert& v : list->VtxBuffer) {
          const bool corner = v.uv.x == glyph.U0 && v.uv.y == glyph.V0;
          found += corner && area.contains(v.pos.x, v.pos.y);
        }
      }
    }
  }
  return found;
}

TEST_CASE("words: on a phone none of a card's own is cut, however large the text") {
  for (const Language language : {Language::kEnglish, Language::kChinese}) {
    for (const float scale : {1.0f, 1.5f, 2.0f}) {
      AppOptions options;
      options.language = language;
      options.text_scale = scale;
      Harness harness(390, 5000, std::move(options));
      feed(harness);
      harness.settle();
      harness.frame();
      CAPTURE(scale);
      for (const char* card : {"panel:noise", "panel:hourglass", "panel:reconstructions"}) {
        CAPTURE(std::string(card));
        const Rect place = harness.widget(card);
        REQUIRE_FALSE(place.empty());
        CHECK(ellipses(place) == 0);
      }
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
