// What libFuzzer drives: every reader of bytes from outside, by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::harden {

using Bytes = std::vector<std::uint8_t>;

struct FuzzReader {
  const char* name;
  // Reads, or throws Error. Anything else that comes of it is a fault.
  std::function<void(std::span<const std::uint8_t>)> read;
  // Sound files to begin with, made by the project's own writers.
  std::function<std::vector<Bytes>()> seeds;
  // Words that such files hold, for libFuzzer's dictionary; '|' stands between them.
  const char* words;
  // What one allocation for an input of kMaxInput bytes may take, in MiB: files that are packed may
  // become most_decompressed() (core/formats/gzip.h), and pixels four times that.
  int most_megabytes;
};

// Bytes of an input.
inline constexpr std::size_t kMaxInput = std::size_t{16} << 10;

std::span<const FuzzReader> fuzz_readers();

// Seeds, which more than one reader begins with.
std::vector<Bytes> idx_seeds();
std::vector<Bytes> npy_seeds();
std::vector<Bytes> npz_seeds();
std::vector<Bytes> packed_seeds();
std::vector<Bytes> zlib_seeds();
std::vector<Bytes> zip_seeds();
std::vector<Bytes> png_seeds();
std::vector<Bytes> jpeg_seeds();
std::vector<Bytes> bmp_seeds();
std::vector<Bytes> mat_seeds();
std::vector<Bytes> table_seeds();
std::vector<Bytes> document_seeds();
std::vector<Bytes> safetensors_seeds();
std::vector<Bytes> onnx_seeds();
std::vector<Bytes> torch_seeds();
std::vector<Bytes> checkpoint_seeds();
std::vector<Bytes> project_seeds();
std::vector<Bytes> data_set_seeds();
std::vector<Bytes> lesson_seeds();
std::vector<Bytes> progress_seeds();
std::vector<Bytes> layers_seeds();
std::vector<Bytes> settings_seeds();
std::vector<Bytes> words_seeds();
std::vector<Bytes> command_seeds();
std::vector<Bytes> event_seeds();
std::vector<Bytes> import_seeds();

// The names that the reader "import" gives its input, whose first byte chooses among them.
inline constexpr std::string_view kImportNames[] = {
    "a.csv", "a.bin",         "a.npy",        "a.zip",       "a.png",
    "a.mat", "t10k-images",   "data.txt",     "vectors.tsv", "a.jpg",
    "a.gz",  "a.safetensors", "labels.idx",   "train.csv",   "a.tsv",
    "a",     "documents.tsv", "data_batch_1", "a.onnx",      "a.npz"};

}  // namespace hourglass::harden
