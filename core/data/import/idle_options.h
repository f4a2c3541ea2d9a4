// Settings that say nothing about a kind of data.
#pragma once

#include <string>

#include "core/data/import/import_options.h"

namespace hourglass {

// "data.fit and data.tiles change nothing, for they are for images, and this is a table.": of the
// options that are not what they are without a person's word, those that a source of that
// `kind` (ImportReport::kind) does not look at. "" if there are none. `are_images`: the samples are
// images, whatever file they were in.
std::string idle_options_sentence(const ImportOptions& options, const std::string& kind,
                                  bool are_images);

}  // namespace hourglass
