// The model drawn as what it is: layers as bars whose lengths are their widths.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/network/feature_maps.h"
#include "ui/network/network_edits.h"
#include "ui/network/network_geometry.h"
#include "ui/state/layer_info.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

Rgb mixed(Rgb a, Rgb b, float t) {
  Rgb out = 0;
  for (int shift = 0; shift < 24; shift += 8) {
    const float from = static_cast<float>((a >> shift) & 0xFF);
    const float to = static_cast<float>((b >> shift) & 0xFF);
    out |= static_cast<Rgb>(from + (to - from) * std::clamp(t, 0.0f, 1.0f) + 0.5f) << shift;
  }
  return out;
}

// 222444 -> "222 k".
std::string compact(std::int64_t value) {
  if (value < 10'000) return grouped(value);
  const auto number = static_cast<double>(value);
  if (value < 1'000'000) return fixed(number / 1e3, 0) + " k";
  return significant(number / 1e6, 3) + " M";
}

class Hourglass {
 public:
  Hourglass(PanelContext& context, const ShownNetwork& shown)
      : context_(context),
        shown_(shown),
        network_(*shown.network),
        colors_(context.theme.colors),
        m_(context.theme.metrics),
        list_(*ImGui::GetWindowDrawList()),
        offsets_(
            activation_offsets(context.store.network, context.store.snapshot.activations.get())) {}

  void draw(const Rect& area) {
    const std::string number = grouped(network_.code_size);
    const float per_point = text_width(context_, number, {m_.heading, true}) / m_.heading;
    float longest = 0;
    for (int i = -1; i < static_cast<int>(network_.layers.size()); ++i) {
      if (i != network_.code_layer) longest = std::max(longest, label_width(i));
    }
    const float words = text_width(context_, size_words(), {m_.small}) + 1;
    glass_ = layout_network(network_, area, longest, per_point, words, m_, m_.touch);
    if (glass_.stages.empty()) return;
    draw_flanks();
    draw_sand();
    for (const GlassStage& stage : glass_.stages) draw_stage(stage);
    draw_pictures();
    draw_waist(number);
    for (const GlassStage& stage : glass_.stages) {
      draw_label(stage);
      take_click(stage);
    }
  }

  // The whole line of the layer under edit: its window is not to cover what it changes.
  Rect edited_line() const {
    for (const GlassStage& stage : glass_.stages) {
      if (stage.layer != context_.state<LayerEdit>().layer) continue;
      return {context_.area.x, stage.hit.y, context_.area.w, stage.hit.h};
    }
    return context_.area;
  }

 private:
  bool running() const { return context_.store.status.phase == session::Phase::kRunning; }
  const session::LayerInfo& info(int layer) const {
    return network_.layers[static_cast<std::size_t>(layer)];
  }
  const std::string& size_words() const {
    return context_.texts.get(network_.code_size == 1 ? "hourglass.number" : "hourglass.numbers");
  }
  std::string caption() const {
    const bool changed = shown_.pending && network_.code_size != context_.store.network.code_size;
    return changed ? context_.texts.get("hourglass.after_reset") : size_words();
  }

  Rgb tint(int layer) const {
    if (layer == network_.code_layer) return colors_.accent;
    return layer < network_.code_layer ? colors_.train : colors_.part;
  }

  // The sides of the glass, as one soft shape that is narrow where the layers are.
  void draw_flanks() {
    constexpr int kSteps = 14;
    for (std::size_t i = 0; i + 1 < glass_.stages.size(); ++i) {
      const Rect& a = glass_.stages[i].bar;
      const Rect& b = glass_.stages[i + 1].bar;
      const float from = a.bottom(), to = b.y;
      if (to - from < 1) continue;
      const Rgb tone = static_cast<int>(i) < glass_.waist ? colors_.train : colors_.part;
      const ImU32 fill = packed(tone, 0.13f), edge = packed(tone, 0.45f);
      const float middle = a.x + a.w / 2;
      ImVec2 left[kSteps + 1], right[kSteps + 1];
      for (int s = 0; s <= kSteps; ++s) {
        const float y = from + (to - from) * static_cast<float>(s) / kSteps;
        const float half = glass_half_width(glass_, std::clamp(y, from + 0.01f, to - 0.01f));
        left[s] = {middle - half, y};
        right[s] = {middle + half, y};
      }
      // Without the soft edge that ImGui gives each shape: the seams would show.
      const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
      list_.PrimReserve(6 * kSteps, 4 * kSteps);
      for (int s = 0; s < kSteps; ++s) {
        list_.PrimQuadUV(left[s], right[s], right[s + 1], left[s + 1], white, white, white, white,
                         fill);
      }
      list_.AddPolyline(left, kSteps + 1, edge, 0, m_.px(1.2f));
      list_.AddPolyline(right, kSteps + 1, edge, 0, m_.px(1.2f));
    }
  }

  // A few grains fall while the network trains. They move in the frames that training draws anyway:
  // none is asked for.
  void draw_sand() {
    if (!running() || context_.view.reduced_motion) return;
    constexpr int kGrains = 18;
    const float top = glass_.stages.front().bar.bottom(), bottom = glass_.stages.back().bar.y;
    const Rect& waist = glass_.stages[static_cast<std::size_t>(glass_.waist)].bar;
    const double time = ImGui::GetTime() * 0.16;
    for (int i = 0; i < kGrains; ++i) {
      const double phase = time + i * 0.381966;  // spread evenly, without a rhythm
      const auto part = static_cast<float>(phase - std::floor(phase));
      const float y = top + (bottom - top) * part * part * (2 - part);
      const float side = std::sin(static_cast<float>(i) * 2.4f) * 0.7f;
      const float half = std::max(0.0f, glass_half_width(glass_, y) - m_.px(3));
      const float fade = std::min({1.0f, part * 8, (1 - part) * 8});
      const Rgb tone = y < waist.y ? colors_.train : colors_.part;
      list_.AddCircleFilled({waist.x + waist.w / 2 + side * half, y}, m_.px(1.5f),
                            packed(tone, 0.75f * fade), 6);
    }
  }

  // The layer's activations in the running network; nothing if it has no such layer, or none came
  // yet.
  std::span<const float> values(int layer) const {
    if (offsets_.empty()) return {};
    int running = layer;
    if (layer >= 0) running = shown_.running[static_cast<std::size_t>(layer)];
    if (running < -1 || (layer >= 0 && running < 0)) return {};
    const auto at = static_cast<std::size_t>(running + 1);
    const session::Floats& all = *context_.store.snapshot.activations;
    return {all.data() + offsets_[at], offsets_[at + 1] - offsets_[at]};
  }

  void draw_stage(const GlassStage& stage) {
    const Rgb tone = tint(stage.layer);
    const Rect& bar = stage.bar;
    const bool waist = stage.layer == network_.code_layer;
    if (stage.kind == StageKind::kMarker) {
      // Gaps in the line: some of what arrives does not pass.
      const float dash = m_.px(4);
      for (float x = bar.x; x < bar.right(); x += 2 * dash) {
        list_.AddRectFilled({x, bar.y}, {std::min(x + dash, bar.right()), bar.bottom()},
                            packed(tone, 0.8f));
      }
      return;
    }
    const float radius = std::min(m_.px(3), bar.h / 3);
    list_.AddRectFilled(top_left(bar), bottom_right(bar), packed(mixed(colors_.card, tone, 0.22f)),
                        radius);
    if (stage.kind == StageKind::kMaps) {
      draw_maps(stage, tone);
    } else {
      draw_cells(bar, values(stage.layer), tone);
    }
    if (waist) {
      list_.AddRect({bar.x - m_.px(1.5f), bar.y - m_.px(1.5f)},
                    {bar.right() + m_.px(1.5f), bar.bottom() + m_.px(1.5f)}, packed(tone),
                    radius + m_.px(1), 0, m_.px(1.5f));
    }
  }

  // One cell for each unit, or for as many neighbours as a few pixels have to stand for.
  void draw_cells(const Rect& bar, std::span<const float> values, Rgb tone) {
    if (values.empty()) return;
    const int most = std::max(1, static_cast<int>(bar.w / m_.px(2)));
    const int cells = std::min(static_cast<int>(values.size()), most);
    means_.assign(static_cast<std::size_t>(cells), 0.0f);
    float largest = 0;
    const std::size_t n = values.size();
    for (int i = 0; i < cells; ++i) {
      const std::size_t from = n * static_cast<std::size_t>(i) / static_cast<std::size_t>(cells);
      const std::size_t to = n * static_cast<std::size_t>(i + 1) / static_cast<std::size_t>(cells);
      float sum = 0;
      for (std::size_t k = from; k < to; ++k) sum += values[k];
      const float mean = std::fabs(sum) / static_cast<float>(to - from);
      means_[static_cast<std::size_t>(i)] = std::isfinite(mean) ? mean : 0;
      largest = std::max(largest, means_[static_cast<std::size_t>(i)]);
    }
    if (largest <= 0) return;
    const float width = bar.w / static_cast<float>(cells);
    const float gap = width > m_.px(4) ? m_.px(1) : 0;
    const float inset = std::min(m_.px(1), bar.h / 6);
    const ImVec2 white = ImGui::GetFontTexUvWhitePixel();
    list_.PrimReserve(6 * cells, 4 * cells);
    for (int i = 0; i < cells; ++i) {
      const float x = bar.x + width * static_cast<float>(i);
      const ImU32 color = packed(tone, means_[static_cast<std::size_t>(i)] / largest);
      list_.PrimRectUV({x + gap / 2, bar.y + inset}, {x + width - gap / 2, bar.bottom() - inset},
                       white, white, color);
    }
  }

  void draw_maps(const GlassStage& stage, Rgb tone) {
    const int running = shown_.running[static_cast<std::size_t>(stage.layer)];
    if (running < 0 || offsets_.empty()) return;
    FeatureMapAtlas& maps = context_.state<NetworkPictures>().maps(context_.store);
    const Rect& bar = stage.bar;
    const float side = bar.h - 2, pitch = side + m_.px(2);
    const int fit = std::max(1, static_cast<int>((bar.w - 2 + m_.px(2)) / pitch));
    const int shown = std::min(fit, maps.count(running));
    if (shown < 1) return;
    const float all = static_cast<float>(shown) * pitch - m_.px(2);
    float x = bar.x + (bar.w - all) / 2;
    ImVec2 from, to;
    for (int i = 0; i < shown; ++i, x += pitch) {
      maps.corners(running, i, from, to);
      const ImVec2 a{x, bar.y + 1}, b{x + side, bar.y + 1 + side};
      list_.AddRectFilled(a, b, context_.theme.color(colors_.card));
      list_.AddImage(maps.ref(), a, b, from, to, packed(mixed(tone, colors_.text, 0.25f)));
    }
  }

  void draw_pictures() {
    const Rect& in = glass_.stages.front().picture;
    const Rect& out = glass_.stages.back().picture;
    draw_paper(context_, in);
    draw_paper(context_, out);
    ImageAtlas& atlas = context_.state<NetworkPictures>().sample(context_.store);
    draw_image(context_, atlas, 0, in);
    const int last = static_cast<int>(network_.layers.size()) - 1;
    if (shown_.running[static_cast<std::size_t>(last)] >= 0) draw_image(context_, atlas, 1, out);
    for (const Rect* cell : {&in, &out}) {
      list_.AddRect(top_left(*cell), bottom_right(*cell), context_.theme.color(colors_.card_edge),
                    m_.px(3));
    }
    register_widget(context_, "hourglass:input", in);
  }

  void draw_waist(const std::string& number) {
    const Texts& texts = context_.texts;
    find_code_limits(context_);
    const auto button = [&](const Rect& area, const char* id, Icon icon, bool twice) {
      const std::string key = twice ? "waist.more" : "waist.less";
      const LayerEdit& edit = context_.state<LayerEdit>();
      if (!draw_button(context_, area,
                       {.id = id,
                        .icon = icon,
                        .help_title = texts.get("hourglass." + key),
                        .help = texts.get("hourglass." + key + ".help"),
                        .disabled = !(twice ? edit.can_double : edit.can_halve)})) {
        return;
      }
      const auto draft = model_setting(context_);
      if (!draft) return;
      const Edited edited = with_code(*draft, twice, input_shape(context_.store));
      if (edited) change_model(context_, *edited);
    };
    button(glass_.less, "waist:less", Icon::kZoomOut, false);
    button(glass_.more, "waist:more", Icon::kZoomIn, true);

    Rect whole = glass_.number;
    whole.h = glass_.caption.bottom() - whole.y;
    ImGui::SetCursorScreenPos(top_left(whole));
    if (ImGui::InvisibleButton("waist", {whole.w, whole.h}, ImGuiButtonFlags_EnableNav)) {
      open(static_cast<int>(network_.code_layer));
    }
    const bool hovered = ImGui::IsItemHovered();
    register_item(context_, "waist");
    explain(static_cast<int>(network_.code_layer));
    draw_text(context_, glass_.number, number,
              context_.theme.color(hovered ? colors_.accent_hover : colors_.accent),
              {glass_.number_size, true});
    draw_text(context_, glass_.caption, caption(), context_.theme.color(colors_.muted),
              {fitting_size(context_, caption(), glass_.caption.w, m_.small)});
  }

  // The size in bold, and what makes it.
  std::string label_size(int layer) const {
    if (layer >= 0) {
      const std::string& kind = info(layer).kind;
      if (kind == "dropout" || kind == "k-sparse") return context_.texts.get("layer.kind." + kind);
      return shape_text(info(layer));
    }
    return grouped(network_.input_features);
  }
  std::string label_rest(int layer) const {
    if (layer < 0) return context_.texts.get("hourglass.in");
    if (stage_kind(network_, layer) == StageKind::kMarker) return "";
    if (shown_.changed[static_cast<std::size_t>(layer)]) {
      return context_.texts.get("hourglass.after_reset");
    }
    const std::string& kind = info(layer).kind;
    if (kind.find("pool") != std::string::npos) return context_.texts.get("hourglass." + kind);
    return context_.texts.activation(info(layer).activation);
  }
  float label_width(int layer) const {
    return text_width(context_, label_size(layer), {m_.small, true}) + m_.px(4) +
           text_width(context_, label_rest(layer), {m_.small});
  }

  void draw_label(const GlassStage& stage) {
    if (stage.label.empty()) return;
    const bool changed = stage.layer >= 0 && shown_.changed[static_cast<std::size_t>(stage.layer)];
    Rect line = stage.label;
    // A faint line leads from the bar to what is said of it.
    const Rect& end = stage.picture.empty() ? stage.bar : stage.picture;
    const float y = std::floor(line.y + line.h / 2) + 0.5f;
    const float from = end.right() + m_.px(5), to = line.x - m_.px(5);
    if (to > from) {
      list_.AddLine({from, y}, {to, y}, context_.theme.color(colors_.card_edge), 1);
    }
    const float used = draw_text(context_, line, label_size(stage.layer),
                                 context_.theme.color(colors_.text), {m_.small, true});
    line.cut_left(used + m_.px(4));
    if (line.w > m_.px(14)) {
      draw_text(context_, line, label_rest(stage.layer),
                context_.theme.color(changed ? colors_.accent : colors_.muted), {m_.small});
    }
  }

  void open(int layer) {
    LayerEdit& edit = context_.state<LayerEdit>();
    edit.open = true;
    edit.shown = false;
    edit.layer = layer;
    context_.animating = true;
  }

  void take_click(const GlassStage& stage) {
    if (stage.layer < 0 || stage.hit.w < 1 || stage.hit.h < 1) return;
    const std::string id = "layer:" + std::to_string(stage.layer);
    ImGui::SetCursorScreenPos(top_left(stage.hit));
    if (ImGui::InvisibleButton(id.c_str(), {stage.hit.w, stage.hit.h},
                               ImGuiButtonFlags_EnableNav)) {
      open(stage.layer);
    }
    const bool lit = ImGui::IsItemHovered() || (context_.state<LayerEdit>().open &&
                                                context_.state<LayerEdit>().layer == stage.layer);
    register_item(context_, id);
    explain(stage.layer);
    if (lit) {
      const Rect box = stage.bar.inset(-m_.px(2), -m_.px(2));
      list_.AddRect(top_left(box), bottom_right(box), packed(tint(stage.layer)), m_.px(4), 0,
                    m_.px(2));
    }
  }

  // What the layer is, its formula, and what it costs.
  void explain(int layer) {
    if (!ImGui::IsItemHovered()) {
      draw_help(context_, "", "");
      return;
    }
    const session::LayerInfo& about = info(layer);
    const Texts& texts = context_.texts;
    const std::string title = texts.get("layer.kind." + about.kind);
    std::string formula = texts.get("layer.formula." + about.kind);
    if (about.parameters > 0) {
      formula = texts.format("layer.formula." + about.kind, {about.activation});
    }
    std::string note = texts.format("layer.output", {shape_text(about)});
    if (about.parameters > 0) {
      note += "\n" + texts.format("layer.parameters", {grouped(about.parameters)});
    }
    if (about.multiply_adds > 0) {
      note += "\n" + texts.format("layer.multiply_adds", {grouped(about.multiply_adds)});
    }
    draw_help(context_, title, formula, note);
  }

  PanelContext& context_;
  const ShownNetwork& shown_;
  const session::NetworkInfo& network_;
  const Palette& colors_;
  const Metrics& m_;
  ImDrawList& list_;
  std::vector<std::size_t> offsets_;
  std::vector<float> means_;
  Glass glass_;
};

// Parameters and work, in one line or two.
void draw_footer(PanelContext& context, Rect& inside, const session::NetworkInfo& network) {
  const Metrics& m = context.theme.metrics;
  const Texts& texts = context.texts;
  const ImU32 color = context.theme.color(context.theme.colors.muted);
  const TextStyle style{m.small};
  const std::string parameters =
      texts.format("hourglass.parameters", {grouped(network.parameters)});
  const std::string work = texts.format("hourglass.work", {compact(network.multiply_adds)});
  const std::string line = parameters + " · " + work;
  if (text_width(context, line, style) <= inside.w) {
    draw_text(context, inside.cut_bottom(m.small + m.px(4)), line, color, style);
  } else {
    draw_text(context, inside.cut_bottom(m.small + m.px(4)), work, color, style);
    draw_text(context, inside.cut_bottom(m.small + m.px(4)), parameters, color, style);
  }
  inside.cut_bottom(m.px(6));
}

}  // namespace

void draw_network(PanelContext& context) {
  Rect inside = context.area;
  const ShownNetwork shown = shown_network(context);
  if (shown.network->layers.empty()) {
    draw_text(context, inside, context.texts.get("hourglass.empty"),
              context.theme.color(context.theme.colors.muted), {0, false, Align::kCenter});
    return;
  }
  draw_footer(context, inside, *shown.network);
  Hourglass hourglass(context, shown);
  hourglass.draw(inside);
  draw_layer_editor(context, shown, hourglass.edited_line());
}

}  // namespace hourglass::ui
