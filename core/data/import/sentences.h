// What the import tells a person: its notes, refusals, and the phrases in them. A new one is a row
// of a table, and a text "import.KEY" in each of the window's languages.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "core/base/sentence.h"

namespace hourglass {

struct SentenceRow {
  std::string_view key;      // "table.wide"
  std::string_view english;  // as fill_pattern() takes it
};

// All rows, in several tables.
std::span<const std::span<const SentenceRow>> import_sentences();
std::span<const SentenceRow> file_sentences();
std::span<const SentenceRow> array_sentences();
std::span<const SentenceRow> image_sentences();
std::span<const SentenceRow> table_sentences();

// The sentence of that key, which there must be, with its values filled in.
Sentence sentence(std::string_view key, std::vector<Sentence> values = {});

}  // namespace hourglass
