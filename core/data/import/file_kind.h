// What a file is, told from its contents.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/base/sentence.h"

namespace hourglass {

enum class FileKind {
  kUnknown,
  kEmpty,
  kGzip,
  kZip,  // NPZ, too, and what else is one: its contents decide
  kIdx,
  kNpy,
  kPng,
  kJpeg,
  kBmp,
  kMat5,         // MATLAB 5.0 MAT-file
  kBinaryBatch,  // CIFAR's or STL-10's .bin, which have no mark of their own: by name
  kText,         // a table or documents
  kSafetensors,
  kOnnx,
  // Known, and not read: what would work is said by refusal_of().
  kGif,
  kWebp,
  kTiff,
  kPdf,
  kHdf5,
  kParquet,
  kPickle,
  kSqlite,
  kOtherArchive,
};

// How many of a file's first bytes kind_of() looks at.
inline constexpr std::size_t kHeadBytes = 4096;

// What the file is whose first bytes (kHeadBytes, or all) these are. The name decides only between
// kinds that have no mark of their own.
FileKind kind_of(std::span<const std::uint8_t> head, const std::string& path);

// Why a file of this kind is no data, and what would be: a sentence that begins with `name` in
// quotes. For kinds that are read it speaks of what was looked for instead.
Sentence refusal_of(FileKind kind, const std::string& name);

}  // namespace hourglass
