// The rows of the card of reconstructions: pictures side by side with a label that explains them,
// and lines of errors below.
#pragma once

#include <string_view>

#include "core/session/protocol/messages.h"
#include "ui/images/pictures.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// How many images there is room for and are there.
int shown_columns(const PanelContext& context);

// Left edge and width of column `index` of rows that begin at `line.x`.
Rect column_of(const PictureGrid& grid, const Rect& line, int index);

// The column with the largest of `errors`, which may be null, of those on display; -1 where they do
// not differ.
int worst_column(const PanelContext& context, const session::Floats* errors);

// Cuts the next row off the top of `rest`, and draws its label. Returns where its pictures belong.
Rect draw_row_label(PanelContext& context, Rect& rest, std::string_view label,
                    std::string_view help);

// The first images of the atlas on their papers; tinted, if a colour is given.
void draw_row_images(const PanelContext& context, const Rect& line, ImageAtlas& atlas,
                     ImU32 tint = 0);

// Cuts a line off the top of `rest` and writes a number below each picture, none while there are no
// `errors`. Returns where the line ends. It registers itself as `id`.
float draw_row_errors(PanelContext& context, Rect& rest, std::string_view id,
                      const session::Floats* errors);

}  // namespace hourglass::ui
