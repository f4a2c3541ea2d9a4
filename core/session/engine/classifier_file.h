// A classifier as a file: an encoder with its head, and which classes it tells apart.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/session/engine/build.h"

namespace hourglass::session {

// What a classifier's file says beside the RunInfo of the autoencoder that it was made of.
struct ClassifierInfo {
  std::vector<std::string> class_names;  // at least two
  std::int64_t labels = 0;               // that it has learned from
  bool fine_tuned = false;               // the encoder, too, has learned from them
};

// A safetensors file without the decoder, which need not fit the encoder any more: parameters by
// name ("encoder.0.weight", "head.0.bias"), and both infos in the metadata. Its arrays are those of
// `parameters`.
Safetensors classifier_file(const Model& model, const ParameterBuffer& parameters,
                            const RunInfo& info, const ClassifierInfo& classifier);

bool is_classifier(const Safetensors& file);
// Throws Error, naming `what`, if it is one: for those who need an autoencoder.
void refuse_classifier(const Safetensors& file, const std::string& what);
// Throws Error, naming `what`, unless is_classifier() and undamaged.
ClassifierInfo read_classifier_info(const Safetensors& file, const std::string& what);

}  // namespace hourglass::session
