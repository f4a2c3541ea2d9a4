#include "ui/kit/rich_text.h"

#include <cmath>
#include <string>
#include <vector>

#include "ui/kit/glyphs.h"
#include "ui/kit/line_break.h"

namespace hourglass::ui {
namespace {

// Words without their marks, and which of the bytes are bold.
struct Marked {
  std::string words;
  std::vector<bool> bold;
};

Marked marked(std::string_view text) {
  Marked made;
  bool bold = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // A mark that nothing closes is what it is.
    if (text.substr(i, 2) == "**" && (bold || text.find("**", i + 2) != std::string_view::npos)) {
      bold = !bold;
      ++i;
      continue;
    }
    made.words += text[i];
    made.bold.push_back(bold);
  }
  return made;
}

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

class Paragraph {
 public:
  Paragraph(const Kit& kit, float size) : kit_(kit), size_(size) {}

  // Draws one paragraph, or only measures.
  float operator()(float x, float y, float width, std::string_view text, ImU32 color,
                   bool draw) const {
    const Marked made = marked(text);
    const float line_height = std::floor(size_ * 1.45f);
    float height = 0;
    std::size_t at = 0;
    while (at < made.words.size()) {
      const std::size_t length = line_length(made, at, width);
      if (draw)
        draw_line(made, at, length, {x, std::floor(y + height + (line_height - size_) / 2)}, color);
      height += line_height;
      at += length;
      while (at < made.words.size() && made.words[at] == ' ') ++at;
      if (at < made.words.size() && made.words[at] == '\n') ++at;
    }
    if (draw && kit_.mirror) kit_.mirror->add_text({x, y, width, height}, made.words);
    return height;
  }

 private:
  ImFont& font(bool bold) const {
    return bold ? *kit_.theme.fonts.bold : *kit_.theme.fonts.regular;
  }

  std::size_t line_length(const Marked& made, std::size_t from, float width) const {
    // first_line() asks for each character once, in their order.
    std::size_t at = from;
    const auto char_width = [&](char32_t c) {
      const float advance = glyph_advance(font(at < made.bold.size() && made.bold[at]), size_, c);
      ++at;
      while (at < made.words.size() && !starts_character(made.words[at])) ++at;
      return advance;
    };
    return first_line(std::string_view(made.words).substr(from), width, char_width);
  }

  void draw_line(const Marked& made, std::size_t from, std::size_t length, ImVec2 at,
                 ImU32 color) const {
    const std::size_t end = from + length;
    while (from < end) {
      std::size_t stop = from;
      while (stop < end && made.bold[stop] == made.bold[from]) ++stop;
      const std::string_view piece = std::string_view(made.words).substr(from, stop - from);
      draw_glyphs(*ImGui::GetWindowDrawList(), font(made.bold[from]), size_, at, color, piece);
      at.x += glyphs_width(font(made.bold[from]), size_, piece);
      from = stop;
    }
  }

  const Kit& kit_;
  float size_;
};

}  // namespace

float draw_rich_text(const Kit& kit, float x, float y, float width, std::string_view text,
                     ImU32 color, float size, bool draw) {
  const Paragraph paragraph(kit, glyph_size(size));
  float height = 0;
  while (!text.empty()) {
    const std::size_t end = text.find("\n\n");
    height += paragraph(x, y + height, width, text.substr(0, end), color, draw);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 2);
    height += std::floor(size * 0.6f);
  }
  return height;
}

}  // namespace hourglass::ui
