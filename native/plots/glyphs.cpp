#include "native/plots/glyphs.h"

#include <algorithm>
#include <cstddef>

namespace hourglass {
namespace {

struct GlyphDrawing {
  char character;
  const char* strokes;
};

// Strokes separated by blanks, points as pairs of x and y in base 36. "~" makes the stroke a
// quadratic B-spline from its first point to its last, "@" a closed one; else it is made of
// straight pieces.
constexpr GlyphDrawing kDrawings[] = {
    {'A', "0c408c 1878"},
    {'B', "000c ~004070764606 ~0646868c4c0c"},
    {'C', "~8380000c8c89"},
    {'D', "000c ~004080868c4c0c"},
    {'E', "70000c7c 0656"},
    {'F', "70000c 0656"},
    {'G', "~8380000c8c8988 8848"},
    {'H', "000c 808c 0686"},
    {'I', "000c"},
    {'J', "~50595c0c09"},
    {'K', "000c 7007 257c"},
    {'L', "000c7c"},
    {'M', "0c0058a0ac"},
    {'N', "0c008c80"},
    {'O', "@00808c0c"},
    {'P', "000c ~004080874707"},
    {'Q', "@00808c0c 599d"},
    {'R', "000c ~004080874707 478c"},
    {'S', "~83800006868c0c09"},
    {'T', "0080 404c"},
    {'U', "~00080c8c8880"},
    {'V', "004c80"},
    {'W', "003c629cc0"},
    {'X', "008c 800c"},
    {'Y', "004680 464c"},
    {'Z', "00800c8c"},
    {'a', "@04646c0c 646c"},
    {'b', "000c @04646c0c"},
    {'c', "~6664040c6c6a"},
    {'d', "606c @04646c0c"},
    {'e', "0868 ~6864040c6c6a"},
    {'f', "~5020242c 0454"},
    {'g', "@04646c0c ~646g0g0e"},
    {'h', "000c ~080464686c"},
    {'i', "040c 0000"},
    {'j', "~343e3g0g 3030"},
    {'k', "000c 5409 275c"},
    {'l', "000c"},
    {'m', "040c ~080454585c ~5854a4a8ac"},
    {'n', "040c ~080464686c"},
    {'o', "@04646c0c"},
    {'p', "040g @04646c0c"},
    {'q', "646g @04646c0c"},
    {'r', "040c ~080444"},
    {'s', "~65640408686c0c0b"},
    {'t', "~20292c5c 0454"},
    {'u', "646c ~04080c6c6864"},
    {'v', "043c64"},
    {'w', "042c548ca4"},
    {'x', "046c 640c"},
    {'y', "043c 641g"},
    {'z', "04640c6c"},
    {'0', "@00707c0c"},
    {'1', "03404c"},
    {'2', "~030070750c 0c7c"},
    {'3', "~0200707636 ~36767c0c0a"},
    {'4', "500878 505c"},
    {'5', "601005 ~0544747c4c0b"},
    {'6', "@05757c0c ~60100508"},
    {'7', "00702c"},
    {'8', "@10606616 @06767c0c"},
    {'9', "@00707707 ~74776c1c"},
    {' ', ""},
    {'.', "0c0c"},
    {',', "1c0f"},
    {':', "0505 0c0c"},
    {';', "1515 1c0f"},
    {'-', "0757"},
    {'+', "3539 0767"},
    {'/', "600d"},
    {'%', "800c @00303404 @58888c5c"},
    {'(', "~20040a2e"},
    {')', "~00242a0e"},
    {'\'', "0003"},
    {'!', "0008 0c0c"},
    {'?', "~020060664749 4c4c"},
    {'=', "0565 0969"},
    {'_', "0d7d"},
};

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

GlyphPoint middle(GlyphPoint a, GlyphPoint b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }

// The quadratic Bezier curve from `a` by `control` to `b`, without `a`.
void curve_to(std::vector<GlyphPoint>& out, GlyphPoint a, GlyphPoint control, GlyphPoint b) {
  constexpr int kPieces = 8;
  for (int i = 1; i <= kPieces; ++i) {
    const float t = static_cast<float>(i) / kPieces, s = 1 - t;
    out.push_back({s * s * a.x + 2 * s * t * control.x + t * t * b.x,
                   s * s * a.y + 2 * s * t * control.y + t * t * b.y});
  }
}

std::vector<GlyphPoint> smooth(const std::vector<GlyphPoint>& points, bool closed) {
  const std::size_t n = points.size();
  if (n < 3) return points;
  std::vector<GlyphPoint> out;
  if (closed) {
    GlyphPoint from = middle(points[n - 1], points[0]);
    out.push_back(from);
    for (std::size_t i = 0; i < n; ++i) {
      const GlyphPoint to = middle(points[i], points[(i + 1) % n]);
      curve_to(out, from, points[i], to);
      from = to;
    }
    return out;
  }
  GlyphPoint from = points[0];
  out.push_back(from);
  for (std::size_t i = 1; i + 1 < n; ++i) {
    const GlyphPoint to = i + 2 == n ? points[n - 1] : middle(points[i], points[i + 1]);
    curve_to(out, from, points[i], to);
    from = to;
  }
  return out;
}

}  // namespace

Glyph glyph_of(char character) {
  std::string_view text = "00707c0c00";
  for (const GlyphDrawing& drawing : kDrawings) {
    if (drawing.character == character) text = drawing.strokes;
  }
  Glyph glyph;
  if (character == ' ') glyph.width = 2;
  while (!text.empty()) {
    const std::string_view stroke = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), stroke.size() + 1));
    std::string_view pairs = stroke;
    const char kind = pairs.empty() ? '0' : pairs[0];
    if (kind == '~' || kind == '@') pairs.remove_prefix(1);
    std::vector<GlyphPoint> points;
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) {
      points.push_back(
          {static_cast<float>(digit(pairs[i])), static_cast<float>(digit(pairs[i + 1]))});
    }
    if (points.empty()) continue;
    if (kind == '~' || kind == '@') points = smooth(points, kind == '@');
    for (const GlyphPoint& point : points) glyph.width = std::max(glyph.width, point.x);
    glyph.strokes.push_back(std::move(points));
  }
  return glyph;
}

}  // namespace hourglass
