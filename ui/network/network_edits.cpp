#include "ui/network/network_edits.h"

#include <algorithm>
#include <utility>

namespace hourglass::ui {
namespace {

constexpr const char* kEncoder = "model.encoder";
constexpr const char* kDecoder = "model.decoder";

std::string text_of(const PanelContext& context, const char* key) {
  if (const auto draft = context.view.pending_values.find(key);
      draft != context.view.pending_values.end()) {
    if (const auto* text = std::get_if<std::string>(&draft->second)) return *text;
  }
  return text_setting(context.store, key, "");
}

bool waits(const PanelContext& context) {
  const auto& pending = context.store.status.pending_reset;
  for (const char* key : {kEncoder, kDecoder}) {
    if (context.view.pending_values.contains(key)) return true;
    if (std::find(pending.begin(), pending.end(), key) != pending.end()) return true;
  }
  return false;
}

// What a network on the screen is made of.
std::string source_of(const PanelContext& context) {
  const DraftShape input = input_shape(context.store);
  return encoder_setting(context) + '\n' + decoder_setting(context) + '\n' +
         std::to_string(input.channels) + ' ' + std::to_string(input.rows) + ' ' +
         std::to_string(input.columns);
}

}  // namespace

std::string encoder_setting(const PanelContext& context) { return text_of(context, kEncoder); }
std::string decoder_setting(const PanelContext& context) { return text_of(context, kDecoder); }

std::optional<ModelDraft> model_setting(const PanelContext& context) {
  return parse_model(encoder_setting(context), decoder_setting(context));
}

DraftShape input_shape(const Store& store) {
  const session::DataReady& data = store.data;
  const DraftShape shape{data.channels, data.rows, data.columns};
  if (data.rows > 0 && shape.features() == store.network.input_features) return shape;
  return {1, 1, store.network.input_features};
}

ShownNetwork shown_network(PanelContext& context) {
  const Store& store = context.store;
  ShownNetwork shown;
  shown.network = &store.network;
  LayerEdit& edit = context.state<LayerEdit>();
  if (waits(context)) {
    const DraftShape input = input_shape(store);
    const std::string source = source_of(context);
    if (source != edit.source) {
      edit.source = source;
      edit.pending = {};
      const auto draft = model_setting(context);
      if (const auto network = draft ? network_of(*draft, input) : std::nullopt) {
        edit.pending = network->info;
      }
    }
    if (!edit.pending.layers.empty()) {
      shown.network = &edit.pending;
      shown.pending = true;
    }
  }
  const auto& running = store.network.layers;
  for (const auto& layer : shown.network->layers) {
    int same = -1;
    bool changed = shown.pending;
    for (std::size_t i = 0; i < running.size(); ++i) {
      if (running[i].name != layer.name) continue;
      if (running[i].kind == layer.kind && running[i].output_shape == layer.output_shape) {
        same = static_cast<int>(i);
        changed = shown.pending && running[i].activation != layer.activation;
      }
    }
    shown.running.push_back(same);
    shown.changed.push_back(changed);
  }
  return shown;
}

void find_code_limits(PanelContext& context) {
  LayerEdit& edit = context.state<LayerEdit>();
  std::string source = source_of(context);
  if (source == edit.code_source) return;
  edit.code_source = std::move(source);
  const auto draft = model_setting(context);
  const DraftShape input = input_shape(context.store);
  edit.can_halve = draft && with_code(*draft, false, input);
  edit.can_double = draft && with_code(*draft, true, input);
}

void change_model(PanelContext& context, const ModelDraft& draft, bool send) {
  const std::string encoder = layers_text(draft.encoder), decoder = layers_text(draft.decoder);
  context.view.pending_values.insert_or_assign(kEncoder, session::Value(encoder));
  context.view.pending_values.insert_or_assign(kDecoder, session::Value(decoder));
  context.animating = true;
  if (send) {
    context.send(session::SetSettings{
        {{kEncoder, session::Value(encoder)}, {kDecoder, session::Value(decoder)}}});
  }
}

}  // namespace hourglass::ui
