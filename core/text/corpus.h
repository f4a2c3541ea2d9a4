// The documents that come with Hourglass: assets/corpus/documents.tsv.
#pragma once

#include <string_view>

namespace hourglass {

// The bytes of the file, built into the program; "" on the web, where it is a file beside the page.
std::string_view built_in_documents();

}  // namespace hourglass
