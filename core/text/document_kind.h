// Whether a file holds documents, by what is in it.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace hourglass {

// Whether the bytes of a .csv or .tsv file, plain or, natively, packed with gzip, are documents and
// no table of numbers: its first line has a title for texts, or its lines mostly have several
// words, behind a first tab if there is one, and far fewer numbers. Looks at the beginning alone.
bool holds_documents(std::span<const std::uint8_t> file, const std::string& name);

}  // namespace hourglass
