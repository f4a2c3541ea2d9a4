// Dense networks that other programs have trained, out of safetensors and ONNX files.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/model/activation.h"

namespace hourglass {

// y = activation(weight x + bias).
struct DenseLayer {
  std::string name;  // what the file calls it: "encoder.0", "/fc1/Gemm"
  std::int64_t inputs = 0, outputs = 0;
  std::vector<float> weight = {};  // [outputs, inputs] row-major, as PyTorch's Linear
  std::vector<float> bias = {};    // [outputs]
  Activation activation = Activation::kLinear;
  bool knows_activation = false;  // safetensors do not say
  bool has_bias = true;           // else it is 0
};

// The layers in the order in which they are applied, each fitting the one before.
//
// Of safetensors each array NAME.weight of two dimensions is a layer, with NAME.bias beside it;
// numbers in names count as numbers ("net.10" comes after "net.9"), and what begins with "dec"
// comes after all others. Of ONNX they are Gemm, or MatMul and Add, with the activation behind
// them; Flatten, Reshape, Identity and Dropout between them are passed over. `source` names the
// file in messages. Throws Error that names the first array or node that is none of this, or does
// not fit.
std::vector<DenseLayer> dense_layers_of(std::span<const std::uint8_t> file,
                                        const std::string& source);

}  // namespace hourglass
