// The model drawn as what it is: layers as bars whose lengths are their widths.
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <cmath>

#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/network/feature_maps.h"
#include "ui/network/network_editor.h"
#include "ui/network/network_edits.h"
#include "ui/network/network_geometry.h"
#include "ui/network/network_shapes.h"
#include "ui/state/layer_info.h"
#include "ui/state/lesson_view.h"
#include "ui/state/panel.h"

namespace hourglass::ui {
namespace {

// 222444 -> "222 k".
std::string compact(std::int64_t value) {
  if (value < 10'000) return grouped(value);
  const auto number = static_cast<double>(value);
  if (value < 1'000'000) return fixed(number / 1e3, 0) + " k";
  return significant(number / 1e6, 3) + " M";
}

// The layers that a pretraining of this network is at, by index.
std::vector<int> pretrained_layers(const PanelContext& context,
                                   const session::NetworkInfo& network) {
  std::vector<int> layers;
  const JobView& job = context.jobs.view("pretrain");
  const Json& fields = job.result.fields;
  if (!job.is_under_way() || !fields.contains("lit") ||
      job.result.number("network_layers") != static_cast<double>(network.layers.size())) {
    return layers;
  }
  for (const Json& layer : fields["lit"]) {
    if (layer.is_number_integer()) layers.push_back(layer.get<int>());
  }
  return layers;
}

class NetworkDrawing {
 public:
  NetworkDrawing(PanelContext& context, const ShownNetwork& shown)
      : context_(context),
        shown_(shown),
        network_(*shown.network),
        colors_(context.theme.colors),
        m_(context.theme.metrics),
        list_(*ImGui::GetWindowDrawList()),
        offsets_(
            activation_offsets(context.store.network, context.store.snapshot.activations.get())),
        pretrained_(pretrained_layers(context, *shown.network)) {}

  void draw(const Rect& area) {
    const std::string number = grouped(network_.code_size);
    const float per_point = text_width(context_, number, {m_.heading, true}) / m_.heading;
    float longest = 0;
    for (int i = -1; i < static_cast<int>(network_.layers.size()); ++i) {
      if (i != network_.code_layer) longest = std::max(longest, label_width(i));
    }
    const float words = text_width(context_, size_words(), {m_.small}) + 1;
    layout_ = layout_network(network_, area, {longest, per_point, words}, m_, m_.touch);
    if (layout_.stages.empty()) return;
    draw_outline(list_, layout_, colors_, m_);
    if (running() && !context_.view.reduced_motion) draw_grains(list_, layout_, colors_, m_);
    for (const Stage& stage : layout_.stages) draw_stage(stage);
    for (const Stage& stage : layout_.stages) draw_light(stage);
    draw_pictures();
    draw_code(number);
    for (const Stage& stage : layout_.stages) {
      draw_label(stage);
      take_click(stage);
    }
  }

  // The whole line of the layer under edit: its window is not to cover what it changes.
  Rect edited_line() const {
    for (const Stage& stage : layout_.stages) {
      if (stage.layer != context_.state<NetworkState>().layer) continue;
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

  // The layer's activations in the running network; nothing if it has no such layer, or none came
  // yet.
  std::span<const float> values(int layer) const {
    if (offsets_.empty()) return {};
    int running = layer;
    if (layer >= 0) running = shown_.running[static_cast<std::size_t>(layer)];
    if (running < -1 || (layer >= 0 && running < 0)) return {};
    const auto at = static_cast<std::size_t>(std::int64_t{running} + 1);
    const session::Floats& all = *context_.store.snapshot.activations;
    return {all.data() + offsets_[at], offsets_[at + 1] - offsets_[at]};
  }

  void draw_stage(const Stage& stage) {
    const Rgb tone = tint(stage.layer);
    const Rect& bar = stage.bar;
    const bool is_code = stage.layer == network_.code_layer;
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
      draw_cells(list_, bar, values(stage.layer), tone, m_);
    }
    if (is_code) {
      list_.AddRect({bar.x - m_.px(1.5f), bar.y - m_.px(1.5f)},
                    {bar.right() + m_.px(1.5f), bar.bottom() + m_.px(1.5f)}, packed(tone),
                    radius + m_.px(1), 0, m_.px(1.5f));
    }
  }

  // Lights up the layers that are being pretrained.
  void draw_light(const Stage& stage) {
    if (std::find(pretrained_.begin(), pretrained_.end(), stage.layer) == pretrained_.end()) return;
    const Rect& bar = stage.bar;
    for (const float glow : {5.0f, 3.0f, 1.5f}) {
      list_.AddRect({bar.x - m_.px(glow), bar.y - m_.px(glow)},
                    {bar.right() + m_.px(glow), bar.bottom() + m_.px(glow)},
                    packed(colors_.accent, glow > 2 ? 0.35f : 1.0f), m_.px(4), 0, m_.px(2));
    }
    register_widget(context_, "hourglass:lit:" + std::to_string(stage.layer), bar);
  }

  void draw_maps(const Stage& stage, Rgb tone) {
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
    const Rect& in = layout_.stages.front().picture;
    const Rect& out = layout_.stages.back().picture;
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

  void draw_code(const std::string& number) {
    const Texts& texts = context_.texts;
    find_code_limits(context_);
    const auto button = [&](const Rect& area, const char* id, Icon icon, bool twice) {
      const std::string key = twice ? "waist.more" : "waist.less";
      const NetworkState& edit = context_.state<NetworkState>();
      if (!draw_button(context_, area,
                       {.id = id,
                        .icon = icon,
                        .help_title = texts.get("hourglass." + key),
                        .help = texts.get("hourglass." + key + ".help"),
                        .disabled = lesson_rules(context_).locks("model.encoder") ||
                                    !(twice ? edit.can_double : edit.can_halve)})) {
        return;
      }
      const auto model = model_setting(context_);
      if (!model) return;
      const Edited edited = with_code(*model, twice, input_shape(context_.store));
      if (edited) change_model(context_, *edited);
    };
    button(layout_.less, "waist:less", Icon::kZoomOut, false);
    button(layout_.more, "waist:more", Icon::kZoomIn, true);

    Rect whole = layout_.number;
    whole.h = layout_.caption.bottom() - whole.y;
    ImGui::SetCursorScreenPos(top_left(whole));
    if (ImGui::InvisibleButton("waist", {whole.w, whole.h}, ImGuiButtonFlags_EnableNav)) {
      open(static_cast<int>(network_.code_layer));
    }
    const bool hovered = ImGui::IsItemHovered();
    register_item(context_, "waist");
    explain(static_cast<int>(network_.code_layer));
    draw_text(context_, layout_.number, number,
              context_.theme.color(hovered ? colors_.accent_hover : colors_.accent),
              {layout_.number_size, true});
    draw_text(context_, layout_.caption, caption(), context_.theme.color(colors_.muted),
              {fitting_size(context_, caption(), layout_.caption.w, m_.small)});
  }

  // The size in bold, and what makes it.
  std::string label_size(int layer) const {
    if (layer >= 0) {
      if (is_mask(info(layer))) return context_.texts.get("layer.kind." + info(layer).kind);
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
    // What has no activation function may have a word for what it does instead.
    const std::string word = "hourglass." + info(layer).kind;
    if (context_.texts.has(Language::kEnglish, word)) return context_.texts.get(word);
    return context_.texts.activation(info(layer).activation);
  }
  float label_width(int layer) const {
    return text_width(context_, label_size(layer), {m_.small, true}) + m_.px(4) +
           text_width(context_, label_rest(layer), {m_.small});
  }

  void draw_label(const Stage& stage) {
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
    if (lesson_rules(context_).locks("model.encoder")) return;  // nothing in it could be changed
    NetworkState& edit = context_.state<NetworkState>();
    edit.open = true;
    edit.shown = false;
    edit.layer = layer;
    context_.animating = true;
  }

  void take_click(const Stage& stage) {
    if (stage.layer < 0 || stage.hit.w < 1 || stage.hit.h < 1) return;
    const std::string id = "layer:" + std::to_string(stage.layer);
    ImGui::SetCursorScreenPos(top_left(stage.hit));
    if (ImGui::InvisibleButton(id.c_str(), {stage.hit.w, stage.hit.h},
                               ImGuiButtonFlags_EnableNav)) {
      open(stage.layer);
    }
    const bool lit =
        ImGui::IsItemHovered() || (context_.state<NetworkState>().open &&
                                   context_.state<NetworkState>().layer == stage.layer);
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
    if (!ImGui::IsItemHovered() && !context_.mirror) {
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
    if (context_.mirror)
      mirror_item(context_, {.name = texts.layer_name(about.name) + ", " + title});
    draw_help(context_, title, formula, note);
  }

  PanelContext& context_;
  const ShownNetwork& shown_;
  const session::NetworkInfo& network_;
  const Palette& colors_;
  const Metrics& m_;
  ImDrawList& list_;
  std::vector<std::size_t> offsets_;
  std::vector<int> pretrained_;
  NetworkLayout layout_;
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
  NetworkDrawing drawing(context, shown);
  drawing.draw(inside);
  draw_layer_editor(context, shown, drawing.edited_line());
}

}  // namespace hourglass::ui
