// ZIP archives made member by member after PKWARE's APPNOTE.TXT, in the ways that programs write
// them, and in wrong ones.
#pragma once

#include <libdeflate.h>

#include <cstdint>
#include <string>
#include <vector>

namespace hourglass {

class ZipBuilder {
 public:
  using Bytes = std::vector<std::uint8_t>;

  struct Way {
    bool deflate = false;
    bool zip64 = false;             // sizes in the extra fields alone
    bool descriptor = false;        // sizes and checksum behind the member, as of a stream
    std::uint16_t method = 0xFFFF;  // another than is used
    std::uint16_t flags = 0;
    Bytes extra = {};               // of the directory
    std::uint64_t claimed = ~0ull;  // another unpacked size than is right
    std::uint32_t crc_error = 0;
  };

  void add(const std::string& path, const Bytes& bytes) { add(path, bytes, Way{}); }
  void add(const std::string& path, const Bytes& bytes, const Way& way) {
    Member member{path,         way,
                  bytes.size(), bytes,
                  out_.size(),  libdeflate_crc32(0, bytes.data(), bytes.size()) ^ way.crc_error};
    if (way.deflate) member.packed = deflated(bytes);
    if (way.claimed != ~0ull) member.bytes = way.claimed;
    put(0x04034b50, 4);
    put_common(member, way.descriptor, true);
    put(path);
    if (way.zip64) put_sizes64(member);
    out_.insert(out_.end(), member.packed.begin(), member.packed.end());
    if (way.descriptor) {
      put(0x08074b50, 4);
      put(member.crc, 4);
      put(member.packed.size(), way.zip64 ? 8 : 4);
      put(member.bytes, way.zip64 ? 8 : 4);
    }
    members_.push_back(std::move(member));
  }

  // The archive, its end in ZIP64's form or not, with a comment.
  Bytes finish(bool zip64 = false, const std::string& comment = "") {
    const std::size_t start = out_.size();
    for (const Member& member : members_) {
      const std::size_t extra = member.way.extra.size() + (member.way.zip64 ? 20 : 0);
      put(0x02014b50, 4);
      put(20, 2);
      put_common(member, false, false);
      patch(out_.size() - 2, extra, 2);
      put(0, 2 + 2 + 2 + 4);  // comment, disk, attributes
      put(member.offset, 4);
      put(member.path);
      if (member.way.zip64) put_sizes64(member);
      out_.insert(out_.end(), member.way.extra.begin(), member.way.extra.end());
    }
    const std::size_t end = out_.size();
    if (zip64) {
      put(0x06064b50, 4);
      put(44, 8);
      put(45, 2);
      put(45, 2);
      put(0, 8);
      put(members_.size(), 8);
      put(members_.size(), 8);
      put(end - start, 8);
      put(start, 8);
      put(0x07064b50, 4);
      put(0, 4);
      put(end, 8);
      put(1, 4);
    }
    put(0x06054b50, 4);
    put(0, 4);
    const std::uint64_t count = zip64 ? 0xFFFF : members_.size();
    put(count, 2);
    put(count, 2);
    put(zip64 ? 0xFFFFFFFF : end - start, 4);
    put(zip64 ? 0xFFFFFFFF : start, 4);
    put(comment.size(), 2);
    put(comment);
    return out_;
  }

  // Where a member's local header begins.
  std::size_t offset(std::size_t member) const { return members_[member].offset; }

  static Bytes deflated(const Bytes& bytes) {
    libdeflate_compressor* const compressor = libdeflate_alloc_compressor(6);
    Bytes out(libdeflate_deflate_compress_bound(compressor, bytes.size()));
    out.resize(libdeflate_deflate_compress(compressor, bytes.data(), bytes.size(), out.data(),
                                           out.size()));
    libdeflate_free_compressor(compressor);
    return out;
  }

 private:
  struct Member {
    std::string path;
    Way way;
    std::uint64_t bytes;
    Bytes packed;
    std::size_t offset;
    std::uint32_t crc;
  };

  void put(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      out_.push_back(i < 8 ? static_cast<std::uint8_t>(value >> (8 * i)) : std::uint8_t{0});
    }
  }
  void put(const std::string& text) { out_.insert(out_.end(), text.begin(), text.end()); }
  void patch(std::size_t at, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i, value >>= 8) {
      out_[at + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value);
    }
  }
  void put_sizes64(const Member& member) {
    put(1, 2);
    put(16, 2);
    put(member.bytes, 8);
    put(member.packed.size(), 8);
  }
  // Version needed to length of the extra field.
  void put_common(const Member& member, bool later, bool local) {
    const bool in64 = member.way.zip64;
    put(in64 ? 45 : 20, 2);
    put(member.way.flags | (member.way.descriptor ? 8u : 0u), 2);
    put(member.way.method != 0xFFFF ? member.way.method : member.way.deflate ? 8 : 0, 2);
    put(0x00210000, 4);
    put(later ? 0 : member.crc, 4);
    put(in64 ? 0xFFFFFFFF : later ? 0 : member.packed.size(), 4);
    put(in64 ? 0xFFFFFFFF : later ? 0 : member.bytes, 4);
    put(member.path.size(), 2);
    put(local && in64 ? 20 : 0, 2);
  }

  Bytes out_;
  std::vector<Member> members_;
};

}  // namespace hourglass
