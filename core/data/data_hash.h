// What a data set is, by its contents: two files of one name need not hold the same.
#pragma once

#include <string>

#include "core/data/dataset.h"

namespace hourglass {

// 16 hexadecimal digits, the same on every machine for the same data as a model sees it: XXH64 (see
// core/base/hash.h) of the shape (channels, rows, columns), the scaling with its map, and of each
// split, first the training one: the number of samples, whether the features are bytes or floats,
// the features as `data` holds them, and the labels. Names (of the set, its classes and factors)
// are no part of it: a file that was moved is the same data. Costs about as much as reading the
// features once from memory.
std::string data_hash(const Dataset& data);

}  // namespace hourglass
