#include "ui/kit/theme.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "ui/kit/assets.h"

namespace hourglass::ui {
namespace {

// The class colours are M. A. Petroff's ten-colour sequence ("Accessible Color Sequences for Data
// Visualization", arXiv:2107.02270), which stays distinguishable under the common kinds of
// colour-blindness. Two of them are a little lighter on the dark card, where they would sink.
constexpr Palette kLight{
    .page = 0xF4F1EA,
    .card = 0xFFFFFF,
    .card_edge = 0xE4DFD4,
    .field = 0xF1EEE7,
    .field_hover = 0xE9E4DA,
    .field_on = 0xDED8CB,
    .text = 0x1D2530,
    .muted = 0x5B6370,
    .accent = 0x0B6B74,
    .accent_hover = 0x0E7C86,
    .on_accent = 0xFFFFFF,
    .warning = 0xFBE3DC,
    .on_warning = 0x7A2413,
    .notice = 0xFBEFD2,
    .on_notice = 0x5E4300,
    .train = 0xC98A1B,
    .part = 0x8A63B8,
    .test = 0x0B6B74,
    .tile = 0xF4F1EA,
    .ink = 0x161C26,
    .negative = 0x1F5FAE,
    .positive = 0xC2550A,
    .heat = 0xB3300C,
    .unlabelled = 0x5B6370,
    .classes = {0x3F90DA, 0xFFA90E, 0xBD1F01, 0x94A4A2, 0x832DB6, 0xA96B59, 0xE76300, 0xB9AC70,
                0x717581, 0x92DADD},
};

constexpr Palette kDark{
    .page = 0x11151B,
    .card = 0x1A2029,
    .card_edge = 0x2A323E,
    .field = 0x262E39,
    .field_hover = 0x303A47,
    .field_on = 0x3B4654,
    .text = 0xECEAE4,
    .muted = 0xA3ACB8,
    .accent = 0x3FB8BE,
    .accent_hover = 0x5CCBD0,
    .on_accent = 0x06181A,
    .warning = 0x4A211A,
    .on_warning = 0xFFC9BB,
    .notice = 0x40341A,
    .on_notice = 0xFCE3A6,
    .train = 0xE3B04B,
    .part = 0xB79AE0,
    .test = 0x4CC3C9,
    .tile = 0x0B0E12,
    .ink = 0xF7F4EC,
    .negative = 0x5EA9F5,
    .positive = 0xFFA04A,
    .heat = 0xFF9A5C,
    .unlabelled = 0xA3ACB8,
    .classes = {0x3F90DA, 0xFFA90E, 0xD70F01, 0x94A4A2, 0x903CCF, 0xA96B59, 0xE76300, 0xB9AC70,
                0x717581, 0x92DADD},
};

double channel_luminance(Rgb channel) {
  const double value = static_cast<double>(channel) / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}

double luminance(Rgb rgb) {
  return 0.2126 * channel_luminance((rgb >> 16) & 0xFF) +
         0.7152 * channel_luminance((rgb >> 8) & 0xFF) + 0.0722 * channel_luminance(rgb & 0xFF);
}

ImFont* add_font(std::span<const std::uint8_t> bytes, ImFont* merge_into, float boldness = 1) {
  if (bytes.size() < 12) return nullptr;
  // ImGui frees the copy.
  void* copy = ImGui::MemAlloc(bytes.size());
  std::memcpy(copy, bytes.data(), bytes.size());
  ImFontConfig config;
  config.OversampleH = 2;
  config.MergeMode = merge_into != nullptr;
  config.DstFont = merge_into;
  config.RasterizerMultiply = boldness;
  // ImGui merges into the last of its fonts, whatever the configuration says: make it that one for
  // the moment.
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  ImFont** place = merge_into ? atlas.Fonts.find(merge_into) : nullptr;
  if (place) std::swap(*place, atlas.Fonts.back());
  ImFont* font = atlas.AddFontFromMemoryTTF(copy, static_cast<int>(bytes.size()), 0.0f, &config);
  if (place) std::swap(*place, atlas.Fonts.back());
  return font;
}

// ImGui asserts on bytes that are no font, so look at the signature first.
bool is_font(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 12) return false;
  static constexpr char kSignatures[][5] = {"\0\1\0\0", "OTTO", "true", "ttcf"};
  return std::any_of(std::begin(kSignatures), std::end(kSignatures), [&](const char* signature) {
    return std::memcmp(bytes.data(), signature, 4) == 0;
  });
}

ImVec4 vec(Rgb rgb, float alpha = 1) {
  return {static_cast<float>((rgb >> 16) & 0xFF) / 255.0f,
          static_cast<float>((rgb >> 8) & 0xFF) / 255.0f, static_cast<float>(rgb & 0xFF) / 255.0f,
          alpha};
}

}  // namespace

ImU32 packed(Rgb rgb, float alpha) {
  return IM_COL32((rgb >> 16) & 0xFF, (rgb >> 8) & 0xFF, rgb & 0xFF,
                  static_cast<int>(std::clamp(alpha, 0.0f, 1.0f) * 255.0f + 0.5f));
}

double contrast(Rgb a, Rgb b) {
  const double la = luminance(a), lb = luminance(b);
  return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

const Palette& palette(ThemeKind kind) { return kind == ThemeKind::kDark ? kDark : kLight; }

Rgb class_color(const Palette& palette, std::int32_t label) {
  if (label < 0) return palette.unlabelled;
  return palette.classes[static_cast<std::size_t>(label) % palette.classes.size()];
}

Metrics::Metrics(float s, bool fingers)
    : scale(s),
      touch(fingers),
      text(15 * s),
      small(13 * s),
      heading(16 * s),
      brand(19 * s),
      // A finger's 40 points do not have to grow with the text, as long as the text fits.
      control(touch ? std::max(40.0f, 32 * s) : 32 * s),
      gap(8 * s),
      gutter((touch ? 8.0f : 12.0f) * s),
      padding((touch ? 12.0f : 14.0f) * s),
      radius(7 * s),
      card_radius(11 * s),
      // Of which draw_card() gives its buttons all but 6 * s.
      header(touch ? std::max(34.0f * s, 40 + 6 * s) : 34 * s),
      label(20 * s) {}

Fonts load_fonts() {
  Fonts fonts;
  fonts.regular = add_font(asset("fonts/latin-regular.ttf"), nullptr);
  fonts.bold = add_font(asset("fonts/latin-bold.ttf"), nullptr);
  const auto chinese = asset("fonts/chinese.ttf");
  fonts.chinese = !chinese.empty();
  add_fallback_font(fonts, fonts.chinese ? chinese : asset("fonts/names.ttf"));
  add_fallback_font(fonts, asset("fonts/documents.ttf"));
  add_fallback_font(fonts, asset("fonts/lessons.ttf"));
  add_fallback_font(fonts, asset("fonts/common.ttf"));
  return fonts;
}

bool add_fallback_font(const Fonts& fonts, std::span<const std::uint8_t> bytes) {
  if (!is_font(bytes)) return false;
  // One weight has to serve for both; darker edges make it look heavier.
  return add_font(bytes, fonts.regular) != nullptr && add_font(bytes, fonts.bold, 1.6f) != nullptr;
}

void apply_theme(const Theme& theme) {
  const Palette& c = theme.colors;
  const Metrics& m = theme.metrics;
  ImGuiStyle style;
  style.FontSizeBase = m.text;
  style.WindowPadding = {0, 0};
  style.WindowBorderSize = 0;
  style.WindowRounding = 0;
  style.ChildBorderSize = 0;
  style.ChildRounding = 0;
  style.FramePadding = {m.px(10), std::max(0.0f, (m.control - m.text) / 2)};
  style.FrameRounding = m.radius;
  style.FrameBorderSize = 0;
  style.PopupRounding = m.radius;
  style.PopupBorderSize = 1;
  style.ItemSpacing = {m.gap, m.px(4)};
  style.ScrollbarSize = m.gutter - m.px(2);  // it fits between the cards and the edge
  style.ScrollbarRounding = m.px(5);
  style.GrabRounding = m.radius;
  style.HoverDelayShort = 0.25f;
  style.HoverDelayNormal = 0.45f;
  style.AntiAliasedLinesUseTex = true;
  const auto set = [&](ImGuiCol index, Rgb rgb, float alpha = 1) {
    style.Colors[index] = vec(rgb, alpha);
  };
  set(ImGuiCol_Text, c.text);
  set(ImGuiCol_TextDisabled, c.muted);
  set(ImGuiCol_TextSelectedBg, c.accent, 0.35f);
  set(ImGuiCol_InputTextCursor, c.text);
  set(ImGuiCol_WindowBg, c.page);
  set(ImGuiCol_ChildBg, c.page, 0);
  set(ImGuiCol_PopupBg, c.card);
  set(ImGuiCol_Border, c.card_edge);
  set(ImGuiCol_FrameBg, c.field);
  set(ImGuiCol_FrameBgHovered, c.field_hover);
  set(ImGuiCol_FrameBgActive, c.field_hover);
  set(ImGuiCol_Header, c.field);
  set(ImGuiCol_HeaderHovered, c.field_hover);
  set(ImGuiCol_HeaderActive, c.field_on);
  set(ImGuiCol_ScrollbarBg, c.page, 0);
  set(ImGuiCol_ScrollbarGrab, c.muted, 0.35f);
  set(ImGuiCol_ScrollbarGrabHovered, c.muted, 0.6f);
  set(ImGuiCol_ScrollbarGrabActive, c.muted, 0.8f);
  set(ImGuiCol_NavCursor, c.accent);
  ImGui::GetStyle() = style;
}

}  // namespace hourglass::ui
