// ZIP archives, read (PKWARE's APPNOTE.TXT 6.3): names and sizes from the central directory, with
// ZIP64, members stored or deflated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hourglass {

class ZipArchive {
 public:
  struct Entry {
    // Parts divided by '/', as UTF-8, without a drive, a leading '/', "." or "..": a name to show
    // and to sort by, and safe as one below a folder. A folder's ends in '/'.
    std::string path;
    std::uint64_t bytes = 0;         // unpacked
    std::uint64_t packed_bytes = 0;  // in the archive

    bool is_folder() const { return path.empty() || path.back() == '/'; }
  };

  // Lists the archive; `name` is what messages call it. Bytes in front of the archive (a program
  // that unpacks itself) and up to 64 KiB of comment behind it are passed over. Throws Error if it
  // is no ZIP file, damaged, cut short or one part of several, if members lie over each other, or
  // if they would have more than most_decompressed() (core/formats/gzip.h) of the archive's size
  // together.
  ZipArchive(std::vector<std::uint8_t> bytes, std::string name);

  // In the order of the archive's directory; two may have the same path.
  const std::vector<Entry>& entries() const { return entries_; }
  const std::string& name() const { return name_; }

  // The content of a member; its checksum is verified. Throws Error if it is damaged, locked with a
  // password, packed in another way than deflate, or larger than kMaxArrayBytes.
  std::vector<std::uint8_t> read(std::size_t entry) const;

 private:
  // What the directory says of a member beside its Entry.
  struct Place {
    std::uint64_t header = 0;  // where its local header begins
    std::uint32_t crc = 0;
    std::uint16_t method = 0, flags = 0;
  };

  std::uint64_t list_directory(std::uint64_t directory, std::uint64_t end, std::uint64_t count);
  void refuse_overlaps(std::uint64_t directory) const;
  void refuse_expansion() const;
  std::string title(std::size_t entry) const {
    return "'" + name_ + "/" + entries_[entry].path + "'";
  }
  [[noreturn]] void throw_damaged(const std::string& what) const;

  std::vector<std::uint8_t> bytes_;
  std::string name_;
  std::vector<Entry> entries_;
  std::vector<Place> places_;
};

}  // namespace hourglass
