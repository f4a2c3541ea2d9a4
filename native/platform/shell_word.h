// Words of a shell's command line.
#pragma once

#include <string>

namespace hourglass {

// `text` as one word of a shell's command line. Bytes that a terminal would not show as they are,
// such as those of a name that is no UTF-8, are written so that the shell makes them again.
std::string shell_word(const std::string& text);

}  // namespace hourglass
