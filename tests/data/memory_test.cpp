// What a file makes a reader allocate is justified by the file's own size, whatever it claims.
#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/import/table.h"
#include "core/formats/gzip.h"
#include "core/formats/png.h"
#include "core/formats/safetensors.h"
#include "tests/data/expect_error.h"
#include "tests/data/import_of.h"
#include "tests/support/allocations.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The bytes that `read` asks for; whether it throws Error makes no difference.
template <typename Read>
std::int64_t bytes_taken(Read read) {
  const std::int64_t before = tests::allocated_bytes();
  try {
    read();
  } catch (const Error&) {
  }
  return tests::allocated_bytes() - before;
}

Bytes safetensors(const std::string& header) {
  Bytes bytes(8 + header.size());
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

std::string repeated(const std::string& piece, std::size_t bytes) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) text += piece;
  text.pop_back();  // a comma
  return text;
}

TEST_CASE("a safetensors header takes a few times its own size, whatever is in it") {
  constexpr std::size_t kSize = 4'000'000;
  std::string metadata = "{\"__metadata__\":{", entries = "{";
  for (int i = 0; metadata.size() < kSize; ++i) metadata += "\"" + std::to_string(i) + "\":\"\",";
  metadata.back() = '}';
  for (int i = 0; entries.size() < kSize; ++i) {
    entries +=
        "\"" + std::to_string(i) + "\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,0]},";
  }
  entries.back() = '}';
  for (const std::string& header :
       {"{" + repeated("\"a\":[],", kSize) + "}", repeated("[],", kSize), std::string(kSize, '['),
        "{\"a\":" + repeated("{\"a\":{},", kSize), metadata + "}", entries,
        "{\"a\":{\"shape\":[" + repeated("1,", kSize) + "]}}",
        "{\"__metadata__\":{\"a\":\"" + std::string(kSize, 'x') + "\"}}",
        "{\"a\":{\"dtype\":\"" + std::string(kSize, 'x') + "\"}}"}) {
    CAPTURE(header.substr(0, 60));
    const Bytes file = safetensors(header);
    const std::int64_t taken = bytes_taken([&] { read_safetensors(file, "x"); });
    CHECK(taken < 12 * static_cast<std::int64_t>(kSize));
  }
}

TEST_CASE("what a gzip file becomes is limited by its size") {
  const Bytes bomb = gzip(Bytes(200'000'000, 0));
  REQUIRE(bomb.size() < 300'000);
  const std::int64_t taken = bytes_taken([&] { gunzip(bomb, "x", std::uint64_t{4} << 30); });
  CHECK(taken < 2 * static_cast<std::int64_t>(most_decompressed(bomb.size())) + 1'000'000);
  const std::string error = error_of([&] { gunzip(bomb, "some/file", std::uint64_t{4} << 30); });
  CHECK(contains(error, "some/file"));
  CHECK(contains(error, "gunzip"));
  // A file of that size, or a little larger, may become as much as a small one.
  CHECK(gunzip(gzip(Bytes(60'000'000, 0)), "x", std::uint64_t{4} << 30).size() == 60'000'000);
  CHECK(bytes_taken([&] { import_of({{"x.npy.gz", bomb}}); }) < 150'000'000);
  CHECK(bytes_taken([&] { read_table(bomb, "x.csv.gz", "auto"); }) < 150'000'000);
}

TEST_CASE("a PNG of few bytes is not made into a picture of many") {
  const Image blank{.width = 12'000, .height = 12'000, .channels = 1, .pixels = Bytes(144'000'000)};
  const Bytes file = write_png(blank);
  REQUIRE(file.size() < 2'000'000);
  CHECK(bytes_taken([&] { read_png(file, "x"); }) < 1'000'000);
  CHECK(contains(error_of([&] { read_png(file, "some/file"); }), "some/file"));
}

TEST_CASE("a table takes a few times its own size") {
  std::string labels = "x,label\n", numbers;
  for (int i = 0; i < 500'000; ++i) labels += i % 3 == 0 ? "1,a\n" : i % 3 == 1 ? "2,b\n" : "3,c\n";
  for (int i = 0; i < 500'000; ++i) numbers += i % 2 == 0 ? "1,2\n" : "3,4\n";
  std::string names = "x,label\n";
  for (int i = 0; i < 200'000; ++i) names += "1," + std::to_string(i) + "\n";
  for (const std::string& text : {labels, numbers, names}) {
    const Bytes file(text.begin(), text.end());
    const std::int64_t taken = bytes_taken([&] { read_table(file, "x.csv", "auto"); });
    CHECK(taken < 12 * static_cast<std::int64_t>(file.size()) + 1'000'000);
  }
}

TEST_CASE("a file of tensors is written in pieces, without another copy of them") {
  const std::vector<float> values(1 << 20, 0.5f);
  Safetensors file;
  file.metadata = {{"key", "value"}};
  file.tensors.push_back({"a", TensorType::kF32, {1 << 20}, bytes_of(values)});
  const std::string letters = "abc";
  file.tensors.push_back({"b", TensorType::kU8, {3}, bytes_of(letters)});
  const Bytes whole = write_safetensors(file);
  Bytes pieces;
  pieces.reserve(whole.size());
  const std::int64_t taken = bytes_taken([&] {
    write_safetensors(file, [&](std::span<const std::uint8_t> bytes) {
      pieces.insert(pieces.end(), bytes.begin(), bytes.end());
    });
  });
  CHECK(taken < 10'000);
  CHECK(pieces == whole);
}

}  // namespace
}  // namespace hourglass
