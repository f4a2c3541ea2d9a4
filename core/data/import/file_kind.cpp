#include "core/data/import/file_kind.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/data/import/file_set.h"
#include "core/data/import/sentences.h"

namespace hourglass {
namespace {

struct Mark {
  FileKind kind;
  std::string_view bytes;
  std::size_t at = 0;
};

using namespace std::string_view_literals;

constexpr Mark kMarks[] = {
    {FileKind::kGzip, "\x1F\x8B"sv},
    {FileKind::kZip, "PK\x03\x04"sv},
    {FileKind::kZip, "PK\x05\x06"sv},  // an empty one
    {FileKind::kNpy, "\x93NUMPY"sv},
    {FileKind::kPng, "\x89PNG\r\n\x1A\n"sv},
    {FileKind::kJpeg, "\xFF\xD8\xFF"sv},
    {FileKind::kMat5, "MATLAB 5.0 MAT-file"sv},
    {FileKind::kHdf5, "MATLAB 7.3 MAT-file"sv},
    {FileKind::kGif, "GIF8"sv},
    {FileKind::kWebp, "WEBP"sv, 8},
    {FileKind::kTiff, "II*\0"sv},
    {FileKind::kTiff, "MM\0*"sv},
    {FileKind::kPdf, "%PDF"sv},
    {FileKind::kHdf5, "\x89HDF\r\n\x1A\n"sv},
    {FileKind::kParquet, "PAR1"sv},
    {FileKind::kSqlite, "SQLite format 3\0"sv},
    {FileKind::kOtherArchive, "7z\xBC\xAF\x27\x1C"sv},
    {FileKind::kOtherArchive, "Rar!\x1A\x07"sv},
    {FileKind::kOtherArchive, "BZh"sv},
    {FileKind::kOtherArchive,
     "\xFD"
     "7zXZ\0"sv},
    {FileKind::kOtherArchive, "\x28\xB5\x2F\xFD"sv},
    {FileKind::kOtherArchive, "ustar"sv, 257},
};

bool has_mark(std::string_view head, const Mark& mark) {
  return head.size() >= mark.at && head.substr(mark.at).starts_with(mark.bytes);
}

// "BM", the file's size, and an offset that lies within the file.
bool looks_like_bmp(std::string_view head) {
  return head.size() >= 26 && head.starts_with("BM") && head[6] == 0 && head[7] == 0;
}

// Two zero bytes, one of six types, 1 to 8 dimensions.
bool looks_like_idx(std::string_view head) {
  constexpr std::array<unsigned char, 6> kTypes = {0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E};
  if (head.size() < 4 || head[0] != 0 || head[1] != 0) return false;
  const auto type = static_cast<unsigned char>(head[2]);
  return std::ranges::find(kTypes, type) != kTypes.end() && head[3] >= 1 && head[3] <= 8;
}

// A length of eight bytes, then JSON.
bool looks_like_safetensors(std::string_view head) {
  return head.size() >= 10 && head[8] == '{' && head[6] == 0 && head[7] == 0 && head[5] == 0;
}

// A protocol of 2 to 5 and a frame, tuple, dictionary or global, as NumPy's and PyTorch's older
// files begin.
bool looks_like_pickle(std::string_view head) {
  return head.size() >= 3 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5;
}

// The first field of a protobuf: ir_version as a small number, then the name of a producer.
bool looks_like_onnx(std::string_view head) {
  return head.size() >= 4 && head[0] == 0x08 && head[1] >= 3 && head[1] <= 15 &&
         (head[2] == 0x12 || head[2] == 0x3A);
}

// No control characters but white space; where a byte is none of UTF-8, it is of an older encoding.
bool looks_like_text(std::string_view head) {
  std::size_t odd = 0;
  for (const char c : head) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte == 0) return false;
    odd += byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f' ? 1 : 0;
  }
  return odd * 50 <= head.size();
}

bool is_utf16(std::string_view head) {
  return head.starts_with("\xFF\xFE"sv) || head.starts_with("\xFE\xFF"sv);
}

}  // namespace

FileKind kind_of(std::span<const std::uint8_t> bytes, const std::string& path) {
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (head.empty()) return FileKind::kEmpty;
  const std::string ending = ending_of(path);
  // STL-10's and CIFAR's files begin with any bytes.
  if (ending == ".bin") return FileKind::kBinaryBatch;
  for (const Mark& mark : kMarks) {
    if (has_mark(head, mark)) return mark.kind;
  }
  if (looks_like_idx(head)) return FileKind::kIdx;
  if (looks_like_bmp(head)) return FileKind::kBmp;
  if (looks_like_safetensors(head)) return FileKind::kSafetensors;
  if (looks_like_onnx(head)) return FileKind::kOnnx;
  if (looks_like_pickle(head)) return FileKind::kPickle;
  if (is_utf16(head) || looks_like_text(head)) return FileKind::kText;
  return FileKind::kUnknown;
}

Sentence refusal_of(FileKind kind, const std::string& name) {
  switch (kind) {
    case FileKind::kEmpty:
      return sentence("kind.empty", {name});
    case FileKind::kZip:
      return sentence("kind.zip", {name});
    case FileKind::kGif:
      return sentence("kind.picture", {name, "GIF"});
    case FileKind::kWebp:
      return sentence("kind.picture", {name, "WebP"});
    case FileKind::kTiff:
      return sentence("kind.picture", {name, "TIFF"});
    case FileKind::kPdf:
      return sentence("kind.pdf", {name});
    case FileKind::kHdf5:
      return sentence("kind.hdf5", {name});
    case FileKind::kParquet:
      return sentence("kind.parquet", {name});
    case FileKind::kPickle:
      return sentence("kind.pickle", {name});
    case FileKind::kSqlite:
      return sentence("kind.sqlite", {name});
    case FileKind::kOtherArchive:
      return sentence("kind.archive", {name});
    case FileKind::kSafetensors:
    case FileKind::kOnnx:
      return sentence("kind.model", {name});
    default: {
      const std::string ending = ending_of(name);
      const bool is_called_text = ending == ".txt" || ending == ".csv" || ending == ".tsv";
      return sentence(is_called_text ? "kind.no_text" : "kind.unknown", {name});
    }
  }
}

}  // namespace hourglass
