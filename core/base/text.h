// Text that came from outside (names of files and columns, labels, metadata) made safe to keep and
// to print.
#pragma once

#include <string>
#include <string_view>

namespace hourglass {

// `text` as UTF-8: every byte that is no part of a well-formed character (Unicode 15, table 3-7)
// becomes its value in four characters, "\xE9". Different texts of the same encoding stay
// different.
std::string to_utf8(std::string_view text);

// The same, and characters become visible that would act instead of being seen: control characters
// (C0, DELETE, C1) and those that turn the direction of writing or break lines, as "\x1B" or
// "\u202E". For everything that goes to a terminal.
std::string printable(std::string_view text);

}  // namespace hourglass
