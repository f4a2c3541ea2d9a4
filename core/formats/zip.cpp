#include "core/formats/zip.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string_view>

#include "core/base/error.h"
#include "core/formats/byte_reader.h"
#include "core/formats/gzip.h"
#include "core/formats/inflate.h"
#include "core/formats/zip_names.h"

namespace hourglass {
namespace {

// What begins each part of an archive, and how long that part is without names and the like.
constexpr std::uint32_t kLocalMark = 0x04034b50, kMemberMark = 0x02014b50, kEndMark = 0x06054b50,
                        kEnd64Mark = 0x06064b50, kLocator64Mark = 0x07064b50;
constexpr std::uint64_t kLocalBytes = 30, kMemberBytes = 46, kEndBytes = 22, kEnd64Bytes = 56,
                        kLocator64Bytes = 20;
constexpr std::uint64_t kMaxComment = 0xFFFF;
// A 32-bit field that holds this is found in the ZIP64 record instead.
constexpr std::uint64_t kIn64 = 0xFFFFFFFFu;
constexpr std::uint16_t kLocked = 1 << 0, kUtf8Name = 1 << 11;
constexpr std::uint16_t kStored = 0, kDeflated = 8, kLockedByAes = 99;
constexpr std::uint16_t kExtra64 = 0x0001, kExtraUnicodePath = 0x7075;

// What the end of an archive says about its directory.
struct DirectoryEnd {
  std::uint64_t at = 0;     // where the directory must end at the latest
  std::uint64_t count = 0;  // members
  std::uint64_t bytes = 0, offset = 0;
  bool is_one_of_several = false;
};

using ByteSpan = std::span<const std::uint8_t>;

std::uint16_t u16(ByteSpan bytes, std::uint64_t at) {
  return read_little_endian<std::uint16_t>(bytes.data() + at);
}
std::uint32_t u32(ByteSpan bytes, std::uint64_t at) {
  return read_little_endian<std::uint32_t>(bytes.data() + at);
}
std::uint64_t u64(ByteSpan bytes, std::uint64_t at) {
  return read_little_endian<std::uint64_t>(bytes.data() + at);
}

// The last mark of the end whose comment fits into what follows it.
std::optional<DirectoryEnd> find_end(ByteSpan bytes) {
  if (bytes.size() < kEndBytes) return std::nullopt;
  const std::uint64_t last = bytes.size() - kEndBytes;
  const std::uint64_t first = last > kMaxComment ? last - kMaxComment : 0;
  for (std::uint64_t at = last + 1; at-- > first;) {
    if (u32(bytes, at) != kEndMark || at + kEndBytes + u16(bytes, at + 20) > bytes.size()) continue;
    return DirectoryEnd{at, u16(bytes, at + 10), u32(bytes, at + 12), u32(bytes, at + 16),
                        u16(bytes, at + 4) != 0 || u16(bytes, at + 8) != u16(bytes, at + 10)};
  }
  return std::nullopt;
}

// What ZIP64's own end says instead, if there is one before the other. Its place is told relative
// to the archive's beginning, which is not the file's if something is in front: so it is looked for
// right before its locator, too.
void look_for_end64(ByteSpan bytes, DirectoryEnd& end) {
  if (end.at < kLocator64Bytes) return;
  const std::uint64_t locator = end.at - kLocator64Bytes;
  if (u32(bytes, locator) != kLocator64Mark) return;
  std::uint64_t at = u64(bytes, locator + 8);
  const auto is_there = [&](std::uint64_t place) {
    return locator >= kEnd64Bytes && place <= locator - kEnd64Bytes &&
           u32(bytes, place) == kEnd64Mark;
  };
  if (!is_there(at) && locator >= kEnd64Bytes) at = locator - kEnd64Bytes;
  if (!is_there(at)) return;
  end = {at, u64(bytes, at + 32), u64(bytes, at + 40), u64(bytes, at + 48),
         u32(bytes, at + 16) != 0};
}

// The content of a member's extra field of that kind; empty if it has none.
ByteSpan extra_field(ByteSpan extra, std::uint16_t kind) {
  while (extra.size() >= 4) {
    const std::size_t size = u16(extra, 2);
    if (size > extra.size() - 4) break;
    if (u16(extra, 0) == kind) return extra.subspan(4, size);
    extra = extra.subspan(4 + size);
  }
  return {};
}

std::string_view text_of(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Info-ZIP's name in UTF-8 (APPNOTE 4.6.9) if it belongs to this name, else the name itself.
std::string name_of(ByteSpan name, ByteSpan extra, std::uint16_t flags) {
  const ByteSpan unicode = extra_field(extra, kExtraUnicodePath);
  if (unicode.size() > 5 && unicode[0] == 1 && u32(unicode, 1) == fast_crc32(name)) {
    return zip_name_as_utf8(text_of(unicode.subspan(5)), true);
  }
  return zip_name_as_utf8(text_of(name), (flags & kUtf8Name) != 0);
}

std::string method_name(std::uint16_t method) {
  switch (method) {
    case 1:
    case 6:
      return "in a way of the 1980s";
    case 9:
      return "with Deflate64";
    case 12:
      return "with bzip2";
    case 14:
      return "with LZMA";
    case 93:
      return "with Zstandard";
    case 95:
      return "with XZ";
    default:
      return "by method " + std::to_string(method);
  }
}

}  // namespace

void ZipArchive::throw_damaged(const std::string& what) const {
  throw Error("'" + name_ + "' is a damaged ZIP file or one that is cut short: " + what +
              "; get the file again.");
}

ZipArchive::ZipArchive(std::vector<std::uint8_t> bytes, std::string name)
    : bytes_(std::move(bytes)), name_(std::move(name)) {
  const ByteSpan file(bytes_);
  std::optional<DirectoryEnd> end = find_end(file);
  if (!end) {
    if (file.size() >= 4 && u32(file, 0) == kLocalMark) {
      throw_damaged("the list of its members, which is at the end, is missing");
    }
    throw Error("'" + name_ + "' is not a ZIP file.");
  }
  look_for_end64(file, *end);
  if (end->is_one_of_several) {
    throw Error("'" + name_ + "' is one part of a ZIP archive in several files: join them first.");
  }
  if (end->bytes > end->at || end->offset > end->at - end->bytes) {
    throw_damaged("its list of members would lie outside of it");
  }
  // Offsets count from the archive's beginning, in front of which other bytes may lie.
  const std::uint64_t directory = end->at - end->bytes;
  const std::uint64_t in_front = directory - end->offset;
  if (end->count > end->bytes / kMemberBytes) {
    throw_damaged("it says that it has " + std::to_string(end->count) +
                  " members, more than its list has room for");
  }
  entries_.reserve(static_cast<std::size_t>(end->count));
  places_.reserve(static_cast<std::size_t>(end->count));
  list_directory(directory, end->at, end->count);
  for (Place& place : places_) {
    if (place.header > directory - in_front) {
      throw_damaged("a member would lie outside of it");
    }
    place.header += in_front;
  }
  refuse_overlaps(directory);
  refuse_expansion();
}

std::uint64_t ZipArchive::list_directory(std::uint64_t at, std::uint64_t end, std::uint64_t count) {
  const ByteSpan file(bytes_);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (end - at < kMemberBytes || u32(file, at) != kMemberMark) {
      throw_damaged("its list of members ends after " + std::to_string(i) + " of " +
                    std::to_string(count));
    }
    const std::uint64_t name_bytes = u16(file, at + 28), extra_bytes = u16(file, at + 30);
    const std::uint64_t whole = kMemberBytes + name_bytes + extra_bytes + u16(file, at + 32);
    if (end - at < whole) throw_damaged("the name of a member lies outside of it");
    const ByteSpan name = file.subspan(static_cast<std::size_t>(at + kMemberBytes), name_bytes);
    const ByteSpan extra =
        file.subspan(static_cast<std::size_t>(at + kMemberBytes + name_bytes), extra_bytes);
    Place place{u32(file, at + 42), u32(file, at + 16), u16(file, at + 10), u16(file, at + 8)};
    Entry entry{safe_zip_path(name_of(name, extra, place.flags)), u32(file, at + 24),
                u32(file, at + 20)};
    // ZIP64 has those that did not fit, in this order, and no others.
    ByteSpan large = extra_field(extra, kExtra64);
    for (std::uint64_t* field : {&entry.bytes, &entry.packed_bytes, &place.header}) {
      if (*field != kIn64) continue;
      if (large.size() < 8) throw_damaged("the size of '" + entry.path + "' is missing");
      *field = u64(large, 0);
      large = large.subspan(8);
    }
    entries_.push_back(std::move(entry));
    places_.push_back(place);
    at += whole;
  }
  return at;
}

// Each member lies between its header and the next one's. Archives whose members share their bytes
// expand without bounds and are made for nothing else.
void ZipArchive::refuse_overlaps(std::uint64_t directory) const {
  std::vector<std::uint32_t> order(entries_.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, {}, [&](std::uint32_t i) { return places_[i].header; });
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::size_t i = order[k];
    const std::uint64_t next = k + 1 < order.size() ? places_[order[k + 1]].header : directory;
    const std::uint64_t room = next - places_[i].header;
    if (room < kLocalBytes || entries_[i].packed_bytes > room - kLocalBytes) {
      throw Error("'" + name_ + "' is damaged, or made to expand without bounds: its member '" +
                  entries_[i].path + "' lies over the next one.");
    }
  }
}

void ZipArchive::refuse_expansion() const {
  const std::uint64_t most = most_decompressed(bytes_.size());
  std::uint64_t all = 0;
  for (const Entry& entry : entries_) {
    if (entry.bytes <= most - all) {
      all += entry.bytes;
      continue;
    }
    throw Error("'" + name_ + "' has " + std::to_string(bytes_.size()) +
                " bytes and would have more than " + std::to_string(most) +
                " once unpacked, as no data do; if it is right all the same, unpack it and give "
                "the folder.");
  }
}

std::vector<std::uint8_t> ZipArchive::read(std::size_t i) const {
  const Entry& entry = entries_.at(i);
  const Place& place = places_[i];
  const ByteSpan file(bytes_);
  if ((place.flags & kLocked) != 0 || place.method == kLockedByAes) {
    throw Error(title(i) + " is locked with a password; unpack the archive and give the folder.");
  }
  if (place.method != kStored && place.method != kDeflated) {
    throw Error(title(i) + " is packed " + method_name(place.method) +
                ", which is not read; make the archive anew with plain deflate, as most programs "
                "do.");
  }
  if (entry.bytes > kMaxArrayBytes) {
    throw Error(title(i) + " has " + std::to_string(entry.bytes) +
                " bytes unpacked, more than the " + std::to_string(kMaxArrayBytes) +
                " that can be used.");
  }
  const auto damaged = [&](const std::string& what) {
    return Error(title(i) + " is damaged: " + what + "; get the archive again.");
  };
  if (u32(file, place.header) != kLocalMark) throw damaged("it does not begin as a member does");
  const std::uint64_t start =
      place.header + kLocalBytes + u16(file, place.header + 26) + u16(file, place.header + 28);
  if (start > file.size() || entry.packed_bytes > file.size() - start) {
    throw damaged("it would end outside of the archive");
  }
  const ByteSpan packed =
      file.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(entry.packed_bytes));
  std::vector<std::uint8_t> out;
  if (place.method == kStored) {
    if (entry.bytes != entry.packed_bytes) throw damaged("it has two sizes");
    out.assign(packed.begin(), packed.end());
  } else {
    out.resize(static_cast<std::size_t>(entry.bytes));
    if (!inflate(packed, out)) throw damaged("it cannot be unpacked");
  }
  if (fast_crc32(out) != place.crc) throw damaged("its checksum is wrong");
  return out;
}

}  // namespace hourglass
