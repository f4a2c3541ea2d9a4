#include "core/text/tokenizer.h"

#include <algorithm>
#include <string_view>

#include "core/base/utf8.h"

namespace hourglass {
namespace {

// Without a call for ASCII, of which most texts are.
Utf8Character character_at(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte < 0x80 ? Utf8Character{byte, 1} : first_character(text.substr(at));
}

constexpr bool is_in(char32_t code, char32_t low, char32_t high) {
  return code >= low && code <= high;
}

// Characters of Chinese, Japanese and Korean, which stand side by side without blanks.
bool is_ideograph(char32_t code) {
  if (code < 0x3005) return false;
  if (code == 0x30A0 || code == 0x30FB) return false;  // a hyphen and a dot between words
  return code == 0x3005 || code == 0x3007 || is_in(code, 0x3041, 0x30FF) ||
         is_in(code, 0x3400, 0x4DBF) || is_in(code, 0x4E00, 0x9FFF) ||
         is_in(code, 0xAC00, 0xD7A3) || is_in(code, 0xF900, 0xFAFF) ||
         is_in(code, 0xFF66, 0xFF9F) || is_in(code, 0x20000, 0x323AF);
}

// Particles, conjunctions and negations that stand for themselves, and hardly ever within a word
// that says what a text is about: they separate what is around them.
bool is_particle(char32_t code) {
  constexpr std::u32string_view kParticles =
      U"的了着是在和与也就而被把或这那们很之又只才再但它不没";
  return kParticles.find(code) != kParticles.npos;
}

char32_t lower_latin_extended(char32_t code) {
  if (code == 0x178) return 0xFF;
  const bool odd_is_upper = is_in(code, 0x139, 0x148) || is_in(code, 0x179, 0x17E);
  const bool even_is_upper = is_in(code, 0x100, 0x137) || is_in(code, 0x14A, 0x177);
  if (odd_is_upper && code % 2 == 1) return code + 1;
  if (even_is_upper && code % 2 == 0) return code + 1;
  return code;
}

// A letter or digit in lower case; 0 for any other character.
char32_t lower_letter(char32_t code) {
  if (is_in(code, 0xFF10, 0xFF5A)) code -= 0xFEE0;  // full width
  if (code < 0x80) {
    if (is_in(code, 'a', 'z') || is_in(code, '0', '9')) return code;
    return is_in(code, 'A', 'Z') ? code + 32 : 0;
  }
  if (is_in(code, 0xC0, 0xDE) && code != 0xD7) return code + 32;
  if (is_in(code, 0x100, 0x17F)) return lower_latin_extended(code);
  if (is_in(code, 0x391, 0x3A9)) return code + 32;
  if (is_in(code, 0x400, 0x40F)) return code + 80;
  if (is_in(code, 0x410, 0x42F)) return code + 32;
  // Latin, accents of their own, Greek, Cyrillic, Armenian, Hebrew, Arabic, the scripts of India
  // and of South-East Asia.
  const bool is_letter =
      code == 0xAA || code == 0xB5 || code == 0xBA || (is_in(code, 0xDF, 0x24F) && code != 0xF7) ||
      is_in(code, 0x300, 0x36F) || is_in(code, 0x370, 0x373) || is_in(code, 0x376, 0x37D) ||
      is_in(code, 0x386, 0x52F) || is_in(code, 0x561, 0x587) || is_in(code, 0x5D0, 0x5EA) ||
      is_in(code, 0x620, 0x669) || is_in(code, 0x671, 0x6D3) || is_in(code, 0x900, 0xEFF) ||
      is_in(code, 0x1E00, 0x1FFF);
  return is_letter && code != 0x387 ? code : 0;
}

}  // namespace

void Tokenizer::begin(std::string_view text) {
  text_ = text;
  at_ = last_ = run_ = 0;
}

bool Tokenizer::next(std::string_view& word) {
  for (;;) {
    const bool at_end = at_ >= text_.size();
    const Utf8Character c = at_end ? Utf8Character{} : character_at(text_, at_);
    if (c.bytes > 0 && is_ideograph(c.code) && !(options_.stop_words && is_particle(c.code))) {
      const std::size_t before = last_;
      last_ = at_;
      at_ += c.bytes;
      if (++run_ == 1) continue;
      word = text_.substr(before, at_ - before);
      if (is_kept(word)) return true;
      continue;
    }
    const bool was_alone = run_ == 1;
    run_ = 0;
    if (was_alone) {
      word = text_.substr(last_, at_ - last_);
      if (is_kept(word)) return true;
      continue;
    }
    if (at_end) return false;
    if (c.bytes > 0 && lower_letter(c.code) != 0) {
      if (read_word(word)) return true;
    } else {
      at_ += std::max<std::size_t>(1, c.bytes);
    }
  }
}

bool Tokenizer::is_kept(std::string_view word) const {
  return !(options_.stop_words && is_stop_word(word));
}

// At a letter or digit; leaves at_ behind the last one. False if they make no word.
bool Tokenizer::read_word(std::string_view& word) {
  word_.clear();
  std::size_t characters = 0;
  while (at_ < text_.size()) {
    const Utf8Character c = character_at(text_, at_);
    const char32_t letter = c.bytes > 0 ? lower_letter(c.code) : 0;
    if (letter == 0) break;
    at_ += c.bytes;
    if (word_.size() + 3 <= kMaxWordBytes) append_utf8(letter, word_);
    ++characters;
  }
  word = word_;
  return characters > 1 && is_kept(word);
}

}  // namespace hourglass
