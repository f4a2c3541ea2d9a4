// One image of an atlas on its paper.
#pragma once

#include "ui/images/pictures.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// The paper under an image, with rounded corners. Draw all papers before all inks: every change
// between the two is a draw call of its own.
void draw_paper(const PanelContext& context, const Rect& cell, float opacity = 1);

// Whether the samples are documents, which are shown by their words.
inline bool shows_documents(const PanelContext& context) {
  return !context.store.data.words.empty();
}

// The strongest words of a document, one below the other with a bar as long as each is strong: as
// many as there is room for.
void draw_words(const PanelContext& context, std::span<const ImageAtlas::Word> words,
                const Rect& area, Rgb color);

// Image `index` of the atlas over its paper; nothing if the atlas has fewer. Of a document its
// words.
void draw_image(const PanelContext& context, ImageAtlas& atlas, int index, const Rect& cell,
                float opacity = 1);

// The same in a colour of choice: how much of it each grey pixel has.
void draw_tinted(const PanelContext& context, ImageAtlas& atlas, int index, const Rect& cell,
                 ImU32 tint);

// The name of class `label` of the data in use, or its number.
std::string class_name(const PanelContext& context, std::int32_t label);

}  // namespace hourglass::ui
