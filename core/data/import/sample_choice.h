// Which samples of a person's own data are used, and which of those are held out: the settings
// data.most_samples, data.test_share and data.split_seed, for all kinds of data alike.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/import.h"

namespace hourglass {

// How many of `train` and `test` samples stay where at most `most` (0: all) are wanted: in
// proportion, and at least one of each that has any.
std::pair<Index, Index> chosen_counts(Index train, Index test, Index most);

// `most` of `count` places, chosen at random by `seed`, in rising order; all if there are no more.
std::vector<std::uint32_t> chosen_places(Index count, Index most, std::int64_t seed);

// "100 of 60,000 images, chosen at random (data.most_samples)", for a note.
Sentence choice_sentence(Index chosen, Index count, const std::string& noun);

// Applies the settings to what a source has made of all files; `name` is what messages call them.
// A split that the files have stays, unless data.test_share says another; data.split_seed makes
// another one where it was chosen at random. Documents keep their own split. Samples that are
// not used count as left out.
void choose_samples(const ImportOptions& options, const std::string& name, Imported& imported);

}  // namespace hourglass
