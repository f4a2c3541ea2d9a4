#include "ui/network/network_edits.h"

#include <algorithm>
#include <utility>

#include "core/session/protocol/network_info.h"

namespace hourglass::ui {
namespace {

constexpr const char* kEncoder = "model.encoder";
constexpr const char* kDecoder = "model.decoder";
constexpr const char* kLoss = "model.loss";

std::string text_of(const PanelContext& context, const char* key) {
  if (const auto pending = context.view.pending_values.find(key);
      pending != context.view.pending_values.end()) {
    if (const auto* text = std::get_if<std::string>(&pending->second)) return *text;
  }
  return text_setting(context.store, key, "");
}

bool waits(const PanelContext& context) {
  const auto& pending = context.store.status.pending_reset;
  for (const char* key : {kEncoder, kDecoder, kLoss}) {
    if (context.view.pending_values.contains(key)) return true;
    if (std::find(pending.begin(), pending.end(), key) != pending.end()) return true;
  }
  return false;
}

// What a network on the screen is made of.
std::string source_of(const PanelContext& context) {
  const ImageShape input = input_shape(context.store);
  return encoder_setting(context) + '\n' + decoder_setting(context) + '\n' +
         text_of(context, kLoss) + '\n' + std::to_string(input.channels) + ' ' +
         std::to_string(input.rows) + ' ' + std::to_string(input.columns);
}

}  // namespace

std::string encoder_setting(const PanelContext& context) { return text_of(context, kEncoder); }
std::string decoder_setting(const PanelContext& context) { return text_of(context, kDecoder); }

std::optional<ModelSpec> model_setting(const PanelContext& context) {
  return parse_model(encoder_setting(context), decoder_setting(context), text_of(context, kLoss));
}

ImageShape input_shape(const Store& store) {
  const session::DataReady& data = store.data;
  const std::int64_t features = store.network.input_features;
  if (data.rows > 0 && data.channels * data.rows * data.columns == features) {
    return {static_cast<Index>(data.channels), static_cast<Index>(data.rows),
            static_cast<Index>(data.columns)};
  }
  return {1, 1, static_cast<Index>(features)};
}

ShownNetwork shown_network(PanelContext& context) {
  const Store& store = context.store;
  ShownNetwork shown;
  shown.network = &store.network;
  NetworkState& edit = context.state<NetworkState>();
  if (waits(context)) {
    const ImageShape input = input_shape(store);
    const std::string source = source_of(context);
    if (source != edit.source) {
      edit.source = source;
      edit.pending = {};
      const auto model = model_setting(context);
      if (const auto plan = model ? plan_of(*model, input) : std::nullopt) {
        edit.pending = session::network_info(*plan);
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
  NetworkState& edit = context.state<NetworkState>();
  std::string source = source_of(context);
  if (source == edit.code_source) return;
  edit.code_source = std::move(source);
  const auto model = model_setting(context);
  const ImageShape input = input_shape(context.store);
  edit.can_halve = model && with_code(*model, false, input);
  edit.can_double = model && with_code(*model, true, input);
}

void change_model(PanelContext& context, const ModelSpec& model, bool send) {
  const std::string encoder = layers_text(model.encoder), decoder = layers_text(model.decoder);
  context.view.pending_values.insert_or_assign(kEncoder, session::Value(encoder));
  context.view.pending_values.insert_or_assign(kDecoder, session::Value(decoder));
  context.animating = true;
  if (send) {
    context.send(session::SetSettings{
        {{kEncoder, session::Value(encoder)}, {kDecoder, session::Value(decoder)}}});
  }
}

}  // namespace hourglass::ui
