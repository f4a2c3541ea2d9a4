// The card of reconstructions where the samples are documents: the words that go in beside those
// that come out.
#pragma once

#include "ui/state/panel.h"

namespace hourglass::ui {

// As many of the documents on display as there is room for in `area`. A click on one puts it into
// the network.
void draw_document_cards(PanelContext& context, const Rect& area);

}  // namespace hourglass::ui
