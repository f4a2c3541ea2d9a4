// What the import says (core/data/import/sentences.h) in the language on show.
#pragma once

#include <string>

#include "ui/own_data/own_data_state.h"
#include "ui/state/texts.h"

namespace hourglass::ui {

// A sentence as sentence_json() (core/base/sentence.h) has it: the text "import.KEY" of another
// language than English with the values filled in, and in English where there is none. "" for what
// is no sentence.
std::string import_words(const Texts& texts, const Json& sentence);

// Why the files are refused, or "".
std::string refusal_words(const Texts& texts, const OwnDataState& state);

}  // namespace hourglass::ui
