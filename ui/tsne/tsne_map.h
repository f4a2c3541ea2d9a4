// The t-SNE map itself: points as the job moves them, their images, and what the pointer is over.
#pragma once

#include "ui/state/panel.h"
#include "ui/tsne/tsne_state.h"

namespace hourglass::ui {

// Whether the job's result has a map.
bool has_tsne_map(const PanelContext& context);

// Draws it into `area`; there must be one.
void draw_tsne_map(PanelContext& context, const Rect& area);

// What the colours stand for, where they are a range; nothing where they are classes.
float tsne_legend_height(const PanelContext& context);
void draw_tsne_legend(PanelContext& context, const Rect& area);

}  // namespace hourglass::ui
