// What runs are called: the settings in which they differ, in words.
#pragma once

#include <string>
#include <string_view>

#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"
#include "ui/state/store.h"
#include "ui/state/texts.h"

namespace hourglass::ui {

// "784–128–32–128–784"; layers of images as "16×14×14". With words for `activations`:
// "784–32 relu–784 sigmoid".
std::string shape_text(const session::NetworkInfo& network, const Texts* activations = nullptr);

// A value of the setting as a person reads it: "0.001", "Adam".
std::string value_words(const Texts& texts, const session::Setting& setting,
                        const session::Value& value);

// Whether the setting plays a part beside the others: Adam has no momentum, a constant rate no
// decay, and only a Gaussian code a KL term. A penalty that is on counts even where the network is
// none for it, so that it can be switched off.
bool setting_applies(const session::Setting& setting, const RunConfig& terms);

// "learning rate 0.01, seed 2": what `run` had where `present` has something else, or "" if they
// differ in nothing that shows in the curves. When to stop and on how many threads is no
// difference.
std::string run_differences(const Texts& texts, const RunConfig& run, const RunConfig& present);

}  // namespace hourglass::ui
