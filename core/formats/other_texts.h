// Text files that people take for tables.
#pragma once

#include <string>
#include <string_view>

namespace hourglass {

// Throws Error that says what it is and what would work if the text is another kind of file that
// people take for a table: a web page, JSON, ARFF, LIBSVM's lines, or what stands for a large file
// in a repository.
void refuse_other_texts(std::string_view text, const std::string& name);

}  // namespace hourglass
