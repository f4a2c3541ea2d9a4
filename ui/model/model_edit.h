// What a person does to a model: each function returns the changed model, or nothing where no model
// that can be built would come of it. `input` is the shape of an image.
//
// Layers that mirror each other, the i-th before the code and the i-th after it of the same size,
// change together, come together and go together, so that an autoencoder keeps its shape.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ui/model/model_place.h"

namespace hourglass::ui {

using Edited = std::optional<ModelSpec>;

// What can be changed of a layer besides the fields that its row offers.
struct LayerOptions {
  bool tied = false;  // its weights are another layer's
  // Units, channels or k; 0 if it has none of these. Of tied weights it is that of the layer whose
  // size decides.
  std::int64_t size = 0;
  std::string_view size_name;  // key of that field
  // That the size may be: more would take the memory of a browser for a picture of nothing. A model
  // that was read with more keeps it.
  std::int64_t largest = 0;
  bool size_fixed = true;  // the output is as large as the input
  double rate = -1;        // of a dropout layer, or of the one before this layer; -1: there is none
  bool takes_dropout = false;  // there can be a dropout layer before it
};
LayerOptions layer_options(const ModelSpec& model, Place place, ImageShape input);

// The layer that changes along with the one at `place`.
std::optional<Place> mirror_of(const ModelSpec& model, Place place);

Edited with_size(const ModelSpec& model, Place place, std::int64_t size, ImageShape input);
// Another field that is a whole number, such as "kernel".
Edited with_whole(const ModelSpec& model, Place place, std::string_view key, std::int64_t value,
                  ImageShape input);
Edited with_activation(const ModelSpec& model, Place place, const std::string& activation,
                       ImageShape input);
// A dropout layer before the one at `place`, or none.
Edited with_dropout(const ModelSpec& model, Place place, bool on, ImageShape input);
// The rate of the dropout layer at `place`, or of the one before it.
Edited with_rate(const ModelSpec& model, Place place, double rate, ImageShape input);

// The layer whose size is that of the code, and the model with a code of half or twice the size.
Place code_place(const ModelSpec& model);
Edited with_code(const ModelSpec& model, bool twice, ImageShape input);

}  // namespace hourglass::ui
