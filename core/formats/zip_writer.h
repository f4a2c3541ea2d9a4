// ZIP archives, written: members as they are, none of them packed. What NumPy calls .npz is such an
// archive of .npy files.
//
// Layout (PKWARE's APPNOTE.TXT 6.3): for each member a local header (PK 3 4) and its bytes; then
// the central directory (PK 1 2 each) and its end (PK 5 6). Numbers are little-endian.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hourglass {

struct ZipMember {
  std::string path;  // UTF-8, with / between folders
  std::vector<std::uint8_t> bytes;
};

// The archive, with the date 1980-01-01 for all members so that equal members make equal bytes.
// Throws Error if it would need ZIP64: more than 65,535 members, or 4 GiB.
std::vector<std::uint8_t> write_zip(std::span<const ZipMember> members);

}  // namespace hourglass
