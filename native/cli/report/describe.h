// What a run is about, in the words and in the JSON of the command line.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/data/description.h"

namespace hourglass {

// "strokes: 1,000 images to train on and 200 held out (drawn apart), 28 x 28 pixels, values from 0
// to 255, scaled to 0 to 1; 10 classes, by the digit drawn; hash 3f...".
std::string data_sentence(const Dataset& data, const DataDescription& description);
// The same as an object.
nlohmann::ordered_json data_json(const Dataset& data, const DataDescription& description);

}  // namespace hourglass
