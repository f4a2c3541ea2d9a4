// The texts of the settings model.encoder and model.decoder as something that can be looked at and
// edited: what each layer is, and which network would come of them. The format is that of
// core/model/spec.h; entries that this does not look at are kept as they are.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/session/protocol/messages.h"

namespace hourglass::ui {

using LayerDraft = nlohmann::ordered_json;  // an object
using LayerDrafts = std::vector<LayerDraft>;

enum class Part { kEncoder, kDecoder };

// A layer's place in the texts, which its name says: "encoder.2".
struct Place {
  Part part = Part::kEncoder;
  int index = 0;
  bool operator==(const Place&) const = default;
};

struct ModelDraft {
  LayerDrafts encoder, decoder;

  LayerDrafts& layers(Part part) { return part == Part::kEncoder ? encoder : decoder; }
  const LayerDrafts& layers(Part part) const { return part == Part::kEncoder ? encoder : decoder; }
  const LayerDraft& at(Place place) const {
    return layers(place.part)[static_cast<std::size_t>(place.index)];
  }
  LayerDraft& at(Place place) { return layers(place.part)[static_cast<std::size_t>(place.index)]; }
  bool has(Place place) const {
    return place.index >= 0 && place.index < static_cast<int>(layers(place.part).size());
  }
};

// Of a layer's input or output. A plain vector is an image of one row.
struct DraftShape {
  std::int64_t channels = 1, rows = 1, columns = 1;
  std::int64_t features() const { return channels * rows * columns; }
  bool flat() const { return channels == 1 && rows == 1; }
  bool operator==(const DraftShape&) const = default;
};

// Nothing if a text is no JSON list of 1 to 64 objects.
std::optional<ModelDraft> parse_model(std::string_view encoder, std::string_view decoder);
std::string layers_text(const LayerDrafts& layers);

std::string place_name(Place place);
// Of "encoder.2", and of "encoder.2.sample", which comes of the same entry.
std::optional<Place> place_of(std::string_view layer_name);

std::string layer_type(const LayerDraft& layer);  // "dense" where it says nothing
// An entry of a layer; `otherwise` if there is none, or one of another type.
std::string text_entry(const LayerDraft& layer, const char* key, std::string_view otherwise = {});
std::int64_t whole_entry(const LayerDraft& layer, const char* key, std::int64_t otherwise);
double real_entry(const LayerDraft& layer, const char* key, double otherwise);

// The shape that a dense layer's "units" names: an image for [channels, rows, columns], the input's
// for "input". Nothing if it is no size that may be.
std::optional<DraftShape> dense_shape(const LayerDraft& layer, DraftShape input);

// The plan that the engine would build from a draft (core/model/plan.h), and every entry's input.
struct DraftNetwork {
  session::NetworkInfo info;  // without engine and threads
  std::vector<DraftShape> encoder_inputs, decoder_inputs;
  const std::vector<DraftShape>& inputs(Part part) const {
    return part == Part::kEncoder ? encoder_inputs : decoder_inputs;
  }
};
// Nothing if the engine would refuse it: layers that do not fit one another, an output that is not
// of the input's size, names of layers that are not there, too much of anything.
std::optional<DraftNetwork> network_of(const ModelDraft& draft, DraftShape input);

}  // namespace hourglass::ui
