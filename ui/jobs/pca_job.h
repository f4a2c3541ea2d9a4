// The job "pca" where it is shown beside training: it starts by itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ui/state/panel.h"

namespace hourglass::ui {

inline constexpr std::string_view kPcaJob = "pca";

// For a panel that shows what PCA does, in each frame: starts the job where there is none yet, or
// none of these data, or of fewer components than the code has units. What was cancelled or has
// failed is not tried again before one of these changes, or somebody wants it.
void keep_pca(PanelContext& context);
// Somebody has asked to see it, again maybe.
void want_pca(PanelContext& context);

// How many components are held against the code: as many as it has units, or the most there are; 0
// where none are known.
std::int64_t pca_components(const PanelContext& context);

// What there is to say while it has not found all: what it is doing and how far it is, or why it
// has ended; "" otherwise.
std::string pca_state_text(const PanelContext& context);

}  // namespace hourglass::ui
