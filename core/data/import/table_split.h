// A table's rows to train on and those that are held out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/dataset.h"
#include "core/data/import/import_options.h"

namespace hourglass {

// Divides `all` as `held_out` says, one a row, and `split_by` names that; where it is empty, or the
// options name a share, as split_samples() does it, with their share and seed. `name` is what
// messages call the file. Both parts come in random order that is always the same. Throws Error if
// one of them would be empty.
void split_table(Samples all, const std::vector<bool>& held_out, const std::string& split_by,
                 const ImportOptions& options, const std::string& name, Dataset& data);

// The rows that would be trained on, of samples with these labels.
std::vector<std::uint32_t> training_rows(const Samples& all, const std::vector<bool>& held_out,
                                         const ImportOptions& options, const std::string& name);

}  // namespace hourglass
