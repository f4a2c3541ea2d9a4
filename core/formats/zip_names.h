// Names of members of ZIP archives, which are bytes of some encoding and may mean to lead anywhere.
#pragma once

#include <string>
#include <string_view>

namespace hourglass {

// The bytes of a name as UTF-8: as they are if the archive says so or if they are well-formed
// UTF-8 (as macOS writes without saying so), else as code page 437, which the format means. It ends
// at a zero byte.
std::string zip_name_as_utf8(std::string_view bytes, bool says_utf8);

// A path that leads nowhere but below the archive: '\' becomes '/', and a drive, a leading '/' and
// the parts "", "." and ".." are left out. A '/' at the end, which marks a folder, stays; "" if
// nothing else is left.
std::string safe_zip_path(const std::string& name);

}  // namespace hourglass
