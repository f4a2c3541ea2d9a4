#include "core/formats/safetensors.h"

#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <fstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/math/random.h"

using namespace hourglass;

namespace {

std::vector<std::uint8_t> with_header(const std::string& header, std::size_t data) {
  std::vector<std::uint8_t> bytes(8 + header.size() + data);
  const std::uint64_t length = header.size();
  std::memcpy(bytes.data(), &length, 8);
  std::memcpy(bytes.data() + 8, header.data(), header.size());
  return bytes;
}

std::vector<std::uint8_t> sample() {
  static const std::vector<float> floats = {1, 2, 3, 4, 5, 6};
  static const std::vector<std::uint8_t> bytes = {7, 8, 9};
  Safetensors file;
  file.metadata = {{"key", "value \"quoted\""}};
  file.tensors.push_back({"small", TensorType::kU8, {3}, bytes_of(bytes)});
  file.tensors.push_back({"wide", TensorType::kF32, {2, 3}, bytes_of(floats)});
  return write_safetensors(file);
}

}  // namespace

TEST_CASE("what is written reads back, with floats aligned") {
  const auto bytes = sample();
  const Safetensors file = read_safetensors(bytes, "it");
  CHECK(file.metadata.at("key") == "value \"quoted\"");
  REQUIRE(file.find("wide"));
  CHECK(file.find("wide")->shape == std::vector<std::int64_t>{2, 3});
  CHECK(file.find("wide")->floats() == std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK((file.find("wide")->bytes.data() - bytes.data()) % 4 == 0);
  CHECK(file.find("small")->bytes[2] == 9);
  CHECK(file.find("none") == nullptr);
  CHECK_THROWS_AS(file.find("small")->floats(), Error);
}

TEST_CASE("files that lie about themselves are refused") {
  const char* const headers[] = {
      "",
      "[]",
      "{\"a\": 1}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 4]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [8, 0]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [4], \"data_offsets\": [0, 16]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [-2], \"data_offsets\": [0, 8]}}",
      "{\"a\": {\"dtype\": \"F99\", \"shape\": [2], \"data_offsets\": [0, 8]}}",
      "{\"a\": {\"dtype\": 3, \"shape\": [2], \"data_offsets\": [0, 8]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": 2, \"data_offsets\": [0, 8]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [4611686018427387904, 4], \"data_offsets\": [0, "
      "0]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0]}}",
      "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [-8, 0]}}",
      "{\"__metadata__\": {\"a\": 1}}",
      "{\"__metadata__\": []}",
  };
  for (const char* const header : headers) {
    CAPTURE(header);
    CHECK_THROWS_AS(read_safetensors(with_header(header, 8), "it"), Error);
  }
  CHECK_NOTHROW(read_safetensors(with_header("{}", 0), "it"));
  auto long_header = with_header("{}", 0);
  std::memset(long_header.data(), 0xff, 8);
  CHECK_THROWS_AS(read_safetensors(long_header, "it"), Error);
}

TEST_CASE("cut short or scribbled over, a file is refused or read, never worse") {
  const auto good = sample();
  for (std::size_t length = 0; length < good.size(); ++length) {
    const std::span<const std::uint8_t> cut(good.data(), length);
    CHECK_THROWS_AS(read_safetensors(cut, "it"), Error);
  }
  Random random(1, RandomStream::kTest, 0, 0);
  for (int round = 0; round < 3000; ++round) {
    auto bytes = good;
    for (std::uint32_t i = random.below(4) + 1; i > 0; --i) {
      bytes[random.below(static_cast<std::uint32_t>(bytes.size()))] =
          static_cast<std::uint8_t>(random.bits());
    }
    try {
      const Safetensors file = read_safetensors(bytes, "it");
      for (const TensorEntry& entry : file.tensors) {
        const bool inside = entry.bytes.data() >= bytes.data() &&
                            entry.bytes.data() + entry.bytes.size() <= bytes.data() + bytes.size();
        REQUIRE(inside);
      }
    } catch (const Error&) {
    }
  }
}

TEST_CASE("files are replaced whole, and errors name the file") {
  namespace fs = std::filesystem;
  const fs::path folder = fs::temp_directory_path() / "hourglass-file-test";
  fs::create_directories(folder);
  const std::vector<std::uint8_t> first = {1, 2, 3}, second(3'000'000, 7);
  write_file(folder / "a", first);
  CHECK(read_file(folder / "a") == first);
  write_file(folder / "a", second);
  CHECK(read_file(folder / "a") == second);
  CHECK_THROWS_WITH_AS(read_file(folder / "none"), doctest::Contains("none"), Error);
  CHECK_THROWS_WITH_AS(read_file(folder), doctest::Contains("folder"), Error);
  CHECK_THROWS_AS(read_file(folder / "a", 100), Error);
  CHECK_THROWS_AS(write_file(folder / "no" / "such" / "folder", first), Error);
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder)) files += entry.is_regular_file();
  CHECK(files == 1);  // nothing unfinished is left
  fs::remove_all(folder);
}
