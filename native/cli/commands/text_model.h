// Documents through a model that was trained on word counts.
#pragma once

#include <string>

#include "core/math/thread_pool.h"
#include "core/nn/model.h"
#include "core/text/word_input.h"
#include "native/cli/commands/model.h"

namespace hourglass {

// A model, and what makes its inputs of texts.
struct TextModel {
  LoadedModel loaded;
  WordInput input;
};

// The model of a model.safetensors that 'text eval --out' wrote. Throws Error if the file is none,
// or of a model that knows no words.
TextModel load_text_model(const std::string& path);

// The codes of documents: code size x documents. Throws Error if one of them is not finite.
Matrix document_codes(const Model& model, const Scalar* parameters, const WordWeights& weights,
                      ThreadPool& pool);

}  // namespace hourglass
