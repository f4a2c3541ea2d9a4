#include "native/cli/commands/text_model.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/data/sources/document_dataset.h"
#include "core/nn/inference.h"

namespace hourglass {

TextModel load_text_model(const std::string& path) {
  LoadedModel loaded = load_model(path);
  if (loaded.info.vocabulary.empty()) {
    throw Error("'" + path + "' is a model of images or tables, which knows no words; 'hourglass " +
                "text eval --out DIR' trains and saves one of documents.");
  }
  WordInput input =
      parse_word_input(loaded.info.vocabulary, "'" + path + "'", loaded.model->features());
  return {std::move(loaded), std::move(input)};
}

Matrix document_codes(const Model& model, const Scalar* parameters, const WordWeights& weights,
                      ThreadPool& pool) {
  const int end = model.code_layer() + 1;
  Matrix codes(model.code_size(), weights.rows());
  const auto pieces =
      static_cast<int>((weights.rows() + kInferenceColumns - 1) / kInferenceColumns);
  std::vector<Activations> rooms;
  for (int i = 0; i < pool.size(); ++i) {
    rooms.push_back(model.make_activations(std::min(kInferenceColumns, weights.rows()), false));
  }
  pool.run(pieces, [&](int piece, int worker) {
    Activations& room = rooms[static_cast<std::size_t>(worker)];
    const Index first = piece * kInferenceColumns;
    const Index count = std::min(kInferenceColumns, weights.rows() - first);
    for (Index j = 0; j < count; ++j) {
      write_document(weights, first + j, room.outputs[0].col(j).data());
    }
    model.forward(Pass{}, parameters, 0, end, room, 0, count);
    codes.middleCols(first, count) = room.outputs[static_cast<std::size_t>(end)].leftCols(count);
  });
  if (!codes.allFinite()) throw Error("The model gives codes that are not finite; train it anew.");
  return codes;
}

}  // namespace hourglass
