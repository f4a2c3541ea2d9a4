// Labels out of arrays of numbers, and the classes they become.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/dataset.h"
#include "core/formats/numeric_array.h"

namespace hourglass {

// One whole number for each of the `count` samples of `samples`: an array of that length, a column
// or row of it, one-hot rows (each a single 1 among zeros), or the eight columns of QMNIST's
// labels, of which the first is the digit. `name` and `samples` are what messages call the arrays;
// a guess is added to `notes`. Throws Error if it is none of these.
std::vector<std::int64_t> label_numbers(const NumericArray& array, const std::string& name,
                                        Index count, const std::string& samples,
                                        std::vector<Sentence>& notes);

// Whether an array of this shape could be the labels of `count` samples.
bool can_be_labels(const std::vector<Index>& shape, Index count);

// What label stands for a sample that has none.
inline constexpr std::int64_t kNoLabel = INT64_MIN;

// Names of classes by their numbers; all of them are classes, whether samples have them or not.
using ClassNames = std::map<std::int64_t, std::string>;

// Sets data.train.labels, data.test.labels and data.class_names. The classes are the numbers that
// are there, and those of `names`, in their order; one without a name is called by its number. An
// empty list is a split without labels. `what` names the labels in messages. Throws Error if there
// are more than kMaxClasses.
void set_labels(const std::vector<std::int64_t>& train, const std::vector<std::int64_t>& test,
                const ClassNames& names, const std::string& what, Dataset& data);

// Class names out of a text with one a line: the first is class `first`. Empty lines are passed
// over; "\r" and blanks at the end are cut off.
ClassNames class_names_of_lines(const std::vector<std::uint8_t>& text, std::int64_t first);

}  // namespace hourglass
