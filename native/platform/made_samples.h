// Samples that a person draws in the window, as the files of a folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/data/import/file_set.h"

namespace hourglass {

struct MadeSample {
  std::string label;
  bool held_out = false;
  std::vector<std::uint8_t> png;
};

// The sample that the front end's "add" (ui/own_data/own_data_parts.h) brings. Throws Error if it
// is none.
MadeSample made_sample(const Json& arguments);

// A class is a folder, and where some samples are held out there are the folders train and test
// around these: web/client/made_samples.js does the same.
std::vector<NamedBytes> files_of_samples(const std::vector<MadeSample>& samples);

}  // namespace hourglass
