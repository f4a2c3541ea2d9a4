// Letters as strokes of a pen.
#pragma once

#include <string_view>
#include <vector>

namespace hourglass {

struct GlyphPoint {
  float x, y;  // capitals are 12 high: 0 is their top, 12 the baseline, 16 the lowest descender
};

struct Glyph {
  float width = 0;                               // of the ink; letters stand 3.5 apart
  std::vector<std::vector<GlyphPoint>> strokes;  // of one point or more each
};

// The strokes of an ASCII character; of one that is not known, a box.
Glyph glyph_of(char character);

}  // namespace hourglass
