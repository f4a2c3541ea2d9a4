#include "core/formats/zip_writer.h"

#include <cstddef>

#include "core/base/error.h"
#include "core/formats/byte_reader.h"
#include "core/formats/inflate.h"

namespace hourglass {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50, kDirectoryEntry = 0x02014b50,
                        kDirectoryEnd = 0x06054b50;
constexpr std::uint32_t kVersionStored = 10, kUtf8Names = 0x0800, kStoredMethod = 0;
// 1980-01-01, 00:00:00: the earliest date that the format knows.
constexpr std::uint32_t kFirstTime = 0, kFirstDate = 0x0021;

void append_16(std::uint32_t value, std::vector<std::uint8_t>& out) {
  out.push_back(static_cast<std::uint8_t>(value));
  out.push_back(static_cast<std::uint8_t>(value >> 8));
}

void append_text(const std::string& text, std::vector<std::uint8_t>& out) {
  out.insert(out.end(), text.begin(), text.end());
}

// What local header and directory entry have in common: version to flags to sizes to the length of
// the name, and no extra field.
void append_member(const ZipMember& member, std::uint32_t crc, std::vector<std::uint8_t>& out) {
  append_16(kVersionStored, out);
  append_16(kUtf8Names, out);
  append_16(kStoredMethod, out);
  append_16(kFirstTime, out);
  append_16(kFirstDate, out);
  append_little_endian(crc, out);
  const auto size = static_cast<std::uint32_t>(member.bytes.size());
  append_little_endian(size, out);  // packed
  append_little_endian(size, out);  // and not
  append_16(static_cast<std::uint32_t>(member.path.size()), out);
  append_16(0, out);
}

}  // namespace

std::vector<std::uint8_t> write_zip(std::span<const ZipMember> members) {
  constexpr std::uint64_t kMost = 0xFFFFFFFFu;
  std::uint64_t size = 22;
  for (const ZipMember& member : members) {
    if (member.path.empty() || member.path.size() > 0xFFFF) {
      throw Error("A member of a ZIP archive needs a name of 1 to 65,535 bytes.");
    }
    size += 76 + 2 * std::uint64_t{member.path.size()} + member.bytes.size();
  }
  if (members.size() >= 0xFFFF || size >= kMost) {
    throw Error("A ZIP archive of " + std::to_string(members.size()) + " members and " +
                std::to_string(size) +
                " bytes is larger than is written: the most is 65,534 members and 4 GiB.");
  }
  std::vector<std::uint8_t> out, directory;
  out.reserve(static_cast<std::size_t>(size));
  for (const ZipMember& member : members) {
    const std::uint32_t crc = fast_crc32(member.bytes);
    const auto offset = static_cast<std::uint32_t>(out.size());
    append_little_endian(kLocalHeader, out);
    append_member(member, crc, out);
    append_text(member.path, out);
    out.insert(out.end(), member.bytes.begin(), member.bytes.end());
    append_little_endian(kDirectoryEntry, directory);
    append_16(kVersionStored, directory);
    append_member(member, crc, directory);
    append_16(0, directory);             // no comment
    append_16(0, directory);             // first disk
    append_16(0, directory);             // nothing known of the contents
    append_little_endian(0, directory);  // no attributes
    append_little_endian(offset, directory);
    append_text(member.path, directory);
  }
  const auto start = static_cast<std::uint32_t>(out.size());
  const auto count = static_cast<std::uint32_t>(members.size());
  out.insert(out.end(), directory.begin(), directory.end());
  append_little_endian(kDirectoryEnd, out);
  append_16(0, out);  // this disk
  append_16(0, out);  // and that of the directory
  append_16(count, out);
  append_16(count, out);
  append_little_endian(static_cast<std::uint32_t>(directory.size()), out);
  append_little_endian(start, out);
  append_16(0, out);  // no comment
  return out;
}

}  // namespace hourglass
