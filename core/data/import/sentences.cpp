#include "core/data/import/sentences.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

namespace hourglass {

std::span<const std::span<const SentenceRow>> import_sentences() {
  static const std::span<const SentenceRow> kTables[] = {file_sentences(), array_sentences(),
                                                         image_sentences(), table_sentences()};
  return kTables;
}

Sentence sentence(std::string_view key, std::vector<Sentence> values) {
  for (const std::span<const SentenceRow> table : import_sentences()) {
    const auto row = std::ranges::find(table, key, &SentenceRow::key);
    if (row == table.end()) continue;
    Sentence made(fill_pattern(row->english, values));
    made.key = key;
    made.values = std::move(values);
    return made;
  }
  assert(false && "no sentence of that key");
  return Sentence(key);
}

}  // namespace hourglass
