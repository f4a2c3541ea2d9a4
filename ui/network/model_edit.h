// What a person does to a model: each function returns the changed draft, or nothing where no model
// that can be built would come of it. `input` is the shape of an image.
//
// Layers that mirror each other, the i-th before the code and the i-th after it of the same size,
// change together, come together and go together, so that an autoencoder keeps its shape. Names by
// which layers speak of others ("tied", "pool") follow when layers move.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ui/network/model_draft.h"

namespace hourglass::ui {

using Edited = std::optional<ModelDraft>;

// What can be changed of a layer.
struct LayerOptions {
  std::string type;       // as in the text: "dense", "max-pool", ...
  bool tied = false;      // its weights are another layer's
  std::int64_t size = 0;  // units, channels or k; 0 if it has none of these
  // That the size may be: more would take the memory of a browser for a picture of nothing. A model
  // that was read with more keeps it.
  std::int64_t largest = 0;
  bool size_fixed = true;   // the output is as large as the input
  std::int64_t kernel = 0;  // 0 if it has none
  std::string activation;   // empty if it has none
  double rate = -1;  // of a dropout layer, or of the one before this layer; -1: there is none
  bool takes_dropout = false;  // there can be a dropout layer before it
};
LayerOptions layer_options(const ModelDraft& draft, Place place, DraftShape input);

// The layer that changes along with the one at `place`.
std::optional<Place> mirror_of(const ModelDraft& draft, Place place);

Edited with_size(const ModelDraft& draft, Place place, std::int64_t size, DraftShape input);
Edited with_kernel(const ModelDraft& draft, Place place, std::int64_t kernel, DraftShape input);
Edited with_activation(const ModelDraft& draft, Place place, const std::string& activation,
                       DraftShape input);
// A dropout layer before the one at `place`, or none.
Edited with_dropout(const ModelDraft& draft, Place place, bool on, DraftShape input);
// The rate of the dropout layer at `place`, or of the one before it.
Edited with_rate(const ModelDraft& draft, Place place, double rate, DraftShape input);
// A new layer before or after the one at `place`: a dense one of a size in between, a convolution
// where images flow. There is none after the output.
Edited with_layer(const ModelDraft& draft, Place place, bool after, DraftShape input);
Edited without_layer(const ModelDraft& draft, Place place, DraftShape input);

// The layer whose size is that of the code, and the draft with a code of half or twice the size.
Place code_place(const ModelDraft& draft);
Edited with_code(const ModelDraft& draft, bool twice, DraftShape input);

// Where the layer of `place` is after an edit that added or removed layers, or the nearest to it.
Place clamped(const ModelDraft& draft, Place place);

}  // namespace hourglass::ui
