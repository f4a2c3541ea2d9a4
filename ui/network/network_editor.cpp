#include "ui/network/network_editor.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/model/activation.h"
#include "ui/kit/controls.h"
#include "ui/kit/number_text.h"
#include "ui/model/add_layer.h"
#include "ui/model/layer_parts.h"

namespace hourglass::ui {
namespace {

constexpr const char* kEditorPopup = "layer editor";

// Sizes are far apart: the slider is logarithmic.
double position_of(std::int64_t size, std::int64_t largest) {
  if (largest <= 1) return 0;
  return std::log(static_cast<double>(std::max<std::int64_t>(size, 1))) /
         std::log(static_cast<double>(largest));
}
std::int64_t size_at(double position, std::int64_t largest) {
  const double size = std::pow(static_cast<double>(largest), std::clamp(position, 0.0, 1.0));
  // Two digits are what a person means.
  const double unit = std::pow(10.0, std::max(0.0, std::floor(std::log10(size)) - 1));
  return std::clamp<std::int64_t>(std::llround(std::round(size / unit) * unit), 1, largest);
}

class Editor {
 public:
  Editor(PanelContext& context, ModelSpec model, Place place, const session::LayerInfo& layer)
      : context_(context),
        model_(std::move(model)),
        place_(place),
        layer_(layer),
        input_(input_shape(context.store)),
        options_(layer_options(model_, place, input_)) {}

  // Heights are the same whether it draws or only measures.
  float run(const Rect& inside, bool draw) {
    draw_ = draw;
    at_ = inside;
    title();
    if (options_.size > 0 && !options_.size_fixed) size();
    if (options_.size_fixed && type().find("activation")) fixed_size();
    for (const LayerField& field : type().fields) {
      if (applies(field, spec())) this->field(field);
    }
    if (options_.takes_dropout) dropout();
    layers();
    return at_.y - inside.y;
  }
  bool closed() const { return closed_; }

 private:
  const Metrics& m() const { return context_.theme.metrics; }
  std::string text(std::string_view key) const { return context_.texts.get(key); }
  ImU32 color(Rgb rgb) const { return context_.theme.color(rgb); }

  const LayerSpec& spec() const { return layer_at(model_, place_); }
  const LayerType& type() const { return spec().type(); }

  // The widget of one field, if its row offers any; the size has one already.
  void field(const LayerField& field) {
    if (!field.offered.empty()) {
      choice(field);
    } else if (field.kind == LayerField::Kind::kActivation) {
      activation();
    } else if (field.kind == LayerField::Kind::kReal && field.offered_high > 0) {
      rate(field, "layer:" + std::string(type().name));
    }
  }

  Rect row(float height) {
    const Rect line{at_.x, at_.y, at_.w, height};
    at_.y += height + m().gap;
    return line;
  }
  void label(Rect line, const std::string& words) {
    draw_text(context_, line, words, color(context_.theme.colors.muted), {m().small});
  }
  void apply(const Edited& edited, bool send = true) {
    if (edited) change_model(context_, *edited, send);
  }

  void title() {
    Rect line = row(m().control);
    if (!draw_) return;
    const std::string name = text("layer.close");
    if (draw_button(context_, line.cut_right(m().control),
                    {.id = "layer:close",
                     .icon = Icon::kClose,
                     .kind = ButtonKind::kBare,
                     .help_title = name,
                     .help = text("layer.close.help")})) {
      closed_ = true;
    }
    const float width = draw_text(context_, line, context_.texts.get("layer.kind." + layer_.kind),
                                  color(context_.theme.colors.text), {m().heading, true});
    line.cut_left(width + m().gap);
    draw_text(context_, line, context_.texts.layer_name(layer_.name),
              color(context_.theme.colors.muted), {m().small});
  }

  void fixed_size() {
    const Rect line = row(m().label);
    if (draw_) label(line, text("layer.size_fixed"));
  }

  void size() {
    Rect line = row(slider_height(m()));
    if (!draw_) return;
    const std::string key = "layer." + std::string(options_.size_name);
    Rect head = line.cut_top(m().label);
    const Rect field = head.cut_right(m().px(80));
    label(head, text(key));
    std::string value = std::to_string(options_.size);
    if (draw_field(context_, field, "layer:units", value, false)) {
      std::int64_t size = 0;
      const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), size);
      if (error == std::errc() && size >= 1 && end == value.data() + value.size()) {
        apply(with_size(model_, place_, size, input_));
      }
    }
    draw_help(context_, text(key), text(key + ".help"), text("layer.mirrored"));
    line.cut_top(m().px(4));
    double position = position_of(options_.size, options_.largest);
    // The model follows the finger.
    if (draw_slider(context_, line, "layer:size", position)) {
      const std::int64_t size = size_at(position, options_.largest);
      if (size != options_.size) apply(with_size(model_, place_, size, input_), false);
    }
    send_when_done();
    draw_help(context_, text(key), text(key + ".help"), text("layer.mirrored"));
  }

  // Of one of a few whole numbers: the side of a square.
  void choice(const LayerField& field) {
    Rect line = row(m().label + m().control);
    if (!draw_) return;
    const std::string key = "layer." + std::string(field.key);
    label(line.cut_top(m().label), text(key));
    const std::string present = std::to_string(spec().whole(field.key));
    std::vector<std::string> values;
    for (const std::int64_t value : field.offered) values.push_back(std::to_string(value));
    std::vector<Choice> items;
    int selected = -1;
    for (const std::string& value : values) {
      if (value == present) selected = static_cast<int>(items.size());
      items.push_back({value, value + " × " + value, ""});
    }
    const int chosen =
        draw_choice(context_, line, "layer:" + std::string(field.key), selected, items, present);
    draw_help(context_, text(key), text(key + ".help"));
    if (chosen >= 0 && chosen != selected) {
      const std::int64_t value = field.offered[static_cast<std::size_t>(chosen)];
      apply(with_whole(model_, place_, field.key, value, input_));
    }
  }

  void activation() {
    Rect line = row(m().label + m().control);
    if (!draw_) return;
    label(line.cut_top(m().label), text("layer.activation"));
    const std::string& present = spec().text("activation");
    std::vector<Choice> items;
    int selected = -1;
    for (const std::string_view name : activation_names()) {
      // Where softmax has no meaning it is no choice.
      if (name != present && !with_activation(model_, place_, std::string(name), input_)) continue;
      if (name == present) selected = static_cast<int>(items.size());
      items.push_back(
          {name, context_.texts.activation(name), text("layer.activation." + std::string(name))});
    }
    const int chosen = draw_choice(context_, line, "layer:activation", selected, items);
    draw_help(context_, text("layer.activation"), text("layer.activation.help"),
              text("layer.mirrored"));
    if (chosen >= 0 && chosen != selected) {
      const std::string name(items[static_cast<std::size_t>(chosen)].value);
      apply(with_activation(model_, place_, name, input_));
    }
  }

  // A dropout layer before this one.
  void dropout() {
    const Rect line = row(m().control);
    if (draw_ && draw_button(context_, line,
                             {.id = "layer:dropout",
                              .label = text("layer.dropout"),
                              .help_title = text("layer.dropout"),
                              .help = text("layer.dropout.help"),
                              .on = options_.rate >= 0})) {
      const bool on = options_.rate < 0;
      follow(with_dropout(model_, place_, on, input_), place_.index + (on ? 1 : -1));
    }
    if (options_.rate < 0) return;
    rate(*find_layer_type("dropout")->find("rate"), "layer:rate");
  }

  void rate(const LayerField& field, const std::string& id) {
    Rect line = row(slider_height(m()));
    if (!draw_) return;
    Rect head = line.cut_top(m().label);
    label(head, context_.texts.format("layer.rate", {fixed(options_.rate * 100, 0)}));
    line.cut_top(m().px(4));
    double position = options_.rate / field.offered_high;
    if (draw_slider(context_, line, id, position)) {
      // In steps of a twentieth.
      const double rate = std::round(std::clamp(position, 0.0, 1.0) * field.offered_high * 20) / 20;
      if (rate != options_.rate) apply(with_rate(model_, place_, rate, input_), false);
    }
    send_when_done();
    draw_help(context_, text("layer.dropout"), text("layer.rate.help"));
  }

  // The engine is told once: it builds a network anew each time.
  void send_when_done() {
    // Not held by a pointer: moved by a key, or without the canvas.
    const bool at_once = ImGui::IsItemEdited() && !ImGui::IsItemActive();
    if (!at_once && !ImGui::IsItemDeactivatedAfterEdit()) return;
    if (const auto now = model_setting(context_)) change_model(context_, *now);
  }

  void layers() {
    const auto button = [&](const char* id, const char* key, const auto& edit, int index,
                            bool close) {
      const Rect line = row(m().control);
      if (!draw_) return;
      const Edited edited = edit();
      const bool pressed = draw_button(context_, line,
                                       {.id = id,
                                        .label = text(key),
                                        .help_title = text(key),
                                        .help = text(std::string(key) + ".help"),
                                        .disabled = !edited});
      if (!pressed || !edited) return;
      follow(edited, index);
      if (close) closed_ = true;
    };
    button(
        "layer:add_before", "layer.add_before",
        [&] { return with_layer(model_, place_, false, input_); }, -2, false);
    button(
        "layer:add_after", "layer.add_after",
        [&] { return with_layer(model_, place_, true, input_); }, -2, false);
    button(
        "layer:remove", "layer.remove", [&] { return without_layer(model_, place_, input_); },
        place_.index, true);
  }

  // Applies an edit that moves layers about, and keeps to the one under edit: at `index` of its
  // part, or, with -2, as many places later as layers came in before it.
  void follow(const Edited& edited, int index) {
    if (!edited) return;
    Place place = place_;
    if (index != -2) {
      place.index = index;
    } else if (const auto& now = layers_of(*edited, place.part);
               static_cast<std::size_t>(place.index) < now.size() &&
               now[static_cast<std::size_t>(place.index)] != spec()) {
      for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i] == spec()) place.index = static_cast<int>(i);
      }
      if (place.index == place_.index) ++place.index;
    }
    place = clamped(*edited, place);
    change_model(context_, *edited);
    const auto plan = plan_of(*edited, input_);
    if (!plan) return;
    const auto& all = plan->layers;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (place_of(all[i].name) == place) {
        context_.state<NetworkState>().layer = static_cast<int>(i);
        break;
      }
    }
  }

  PanelContext& context_;
  ModelSpec model_;
  Place place_;
  const session::LayerInfo& layer_;
  ImageShape input_;
  LayerOptions options_;
  Rect at_;
  bool draw_ = false, closed_ = false;
};

}  // namespace

void draw_layer_editor(PanelContext& context, const ShownNetwork& shown, const Rect& anchor) {
  NetworkState& edit = context.state<NetworkState>();
  const auto& layers = shown.network->layers;
  if (!edit.open) return;
  if (edit.layer < 0 || edit.layer >= static_cast<int>(layers.size())) {
    edit.open = false;
    return;
  }
  const Metrics& m = context.theme.metrics;
  // By value: a change makes the network on show anew while the window is drawn.
  const session::LayerInfo layer = layers[static_cast<std::size_t>(edit.layer)];
  const auto model = model_setting(context);
  const auto place = place_of(layer.name);
  if (!model || !place || !has_layer(*model, *place)) {
    edit.open = false;
    return;
  }
  Editor editor(context, *model, *place, layer);
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float margin = m.px(12);
  const float width = std::min(m.px(280), screen.x - 2 * margin);
  const float inner = width - 2 * margin;
  const float needed = editor.run({0, 0, inner, 0}, false) - m.gap + 2 * margin;
  const float height = std::min(needed, screen.y - 2 * margin);
  float x = anchor.right() + margin, y = anchor.y + anchor.h / 2 - height / 2;
  if (context.layout.form == Form::kPhone || x + width > screen.x - margin) {
    x = (screen.x - width) / 2;
    y = (screen.y - height) / 2;
  }
  y = std::clamp(y, margin, std::max(margin, screen.y - height - margin));

  if (!ImGui::IsPopupOpen(kEditorPopup)) {
    // It was just asked for, or it was closed by a click elsewhere.
    if (edit.shown) {
      edit.open = edit.shown = false;
      return;
    }
    ImGui::OpenPopup(kEditorPopup);
    edit.shown = true;
    context.animating = true;
  }
  ImGui::SetNextWindowPos({std::floor(x), std::floor(y)}, ImGuiCond_Appearing);
  ImGui::SetNextWindowSize({width, height});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(margin, margin));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(0, 0));
  if (ImGui::BeginPopup(kEditorPopup, ImGuiWindowFlags_NoMove)) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    register_widget(context, "panel:layer", {at.x - margin, at.y - margin, width, height});
    const float drawn = editor.run({at.x, at.y, inner, 0}, true);
    ImGui::SetCursorScreenPos({at.x, at.y + drawn - m.gap - 1});
    ImGui::Dummy({1, 1});
    if (editor.closed()) {
      ImGui::CloseCurrentPopup();
      context.state<NetworkState>().open = false;
      context.state<NetworkState>().shown = false;
      context.animating = true;
    }
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar(2);
}

}  // namespace hourglass::ui
