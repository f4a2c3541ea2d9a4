// The network that the hourglass shows: the running one, or the one that waits for a reset.
#pragma once

#include <string>

#include "ui/model/model_edit.h"
#include "ui/network/network_state.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// The texts of the model as the settings have them, with what was changed and not yet confirmed.
std::string encoder_setting(const PanelContext& context);
std::string decoder_setting(const PanelContext& context);
std::optional<ModelSpec> model_setting(const PanelContext& context);

// The shape of an image.
ImageShape input_shape(const Store& store);

struct ShownNetwork {
  const session::NetworkInfo* network = nullptr;
  bool pending = false;       // it waits for a reset
  std::vector<bool> changed;  // by layer: it is not, or not so, in the running network
  std::vector<int> running;   // by layer: index of the same layer in the running network, or -1
};
ShownNetwork shown_network(PanelContext& context);

// Brings can_halve and can_double of NetworkState up to date.
void find_code_limits(PanelContext& context);

// Sends both texts together, so that they fit each other at every moment.
void change_model(PanelContext& context, const ModelSpec& model, bool send = true);

}  // namespace hourglass::ui
