// A whole data set as the bytes of a safetensors file: how data that a person has brought cross
// from the module that has understood them to the engine, and are kept in a browser.
//
// Arrays: train.features and test.features, U8 or F32 [samples, features]; train.labels and
// test.labels, I32 [samples]; train.factors and test.factors, F32 [factors, samples]; train.rows
// and test.rows, U32 [samples]. Without labels, factors or rows theirs are not there. The metadata
// "dataset" is JSON text: {"name", "shape": [channels, rows, columns], "classes", "features",
// "factors": [{"name", "unit", "low", "high"}], "labels_from", "split_by"}, with "range": [black,
// white] and "transposed": true where that is known (FileReading); "hash" is data_hash().
//
// Of documents there are the words' counts in place of the features, by rows (SparseRows): U32
// arrays train.offsets [samples + 1], train.words and train.counts, likewise test; the metadata
// "words", which is word_input_json(), and in "dataset" an object "documents": {"wanted",
// "has_others", "note", "train": [first words of each], "test"}.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace hourglass {

// Of unscaled data. `options` is text that comes back
// as it is. The bytes take as much memory as the data, beside them.
std::vector<std::uint8_t> dataset_to_bytes(const Dataset& data, const std::string& options = "");

struct DatasetFile {
  Dataset data;  // unscaled
  std::string options;
};

// The same back. Throws Error unless everything fits together: both splits hold samples of the
// shape's size and of one type, finite; labels are those of a class, factors and rows as many as
// the samples, and the hash that of the contents. `what` names the source in the message.
DatasetFile dataset_from_bytes(std::span<const std::uint8_t> bytes, const std::string& what);

}  // namespace hourglass
