// EMNIST's ways (Cohen, Afshar, Tapson and van Schaik, "EMNIST: an extension of MNIST to
// handwritten letters"): rows and columns exchanged, letters counted from 1, and names of classes
// in a file of their own.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/data/import/array_labels.h"
#include "core/formats/numeric_array.h"

namespace hourglass {

// Whether `images` with these labels look like EMNIST's under another name: 28 x 28 bytes, labels
// 1..26 that begin at 1 (letters), or all of 0..46 (balanced) or 0..61 (by class), and not higher
// than wide on average, as upright letters and digits are.
bool looks_like_emnist(const NumericArray& images, const NumericArray& labels);

// The classes of EMNIST's letters, balanced and by-class sets, told from the words of its name or
// from the labels; none for its digits, which are called by their numbers.
ClassNames emnist_class_names(const std::vector<std::string>& words, const NumericArray& labels);

// Class names out of a mapping file: a label and the codes of one or more characters a line, of
// which the first is the name. Lines that are anything else are passed over; empty if all are.
ClassNames class_names_of_mapping(std::span<const std::uint8_t> text);

}  // namespace hourglass
