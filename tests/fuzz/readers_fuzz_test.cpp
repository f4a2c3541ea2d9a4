// Valid files with random damage: a reader must either succeed or throw Error, never anything else.
// The sanitizer build runs this too, which is where it bites.
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/data/gzip.h"
#include "core/data/idx.h"
#include "core/data/mnist.h"
#include "core/data/npy.h"
#include "core/data/png.h"
#include "core/math/random.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Values that length fields and flags are most likely to stumble over.
constexpr std::array<std::uint8_t, 8> kNasty = {0x00, 0x01, 0x7f, 0x80, 0xff, 0xfe, '(', '9'};

Bytes damaged(const Bytes& file, Random& random) {
  Bytes bytes = file;
  const std::uint32_t changes = 1 + random.below(4);
  for (std::uint32_t c = 0; c < changes && !bytes.empty(); ++c) {
    // Headers are where most goes wrong: half of the damage is done in the first 64 bytes.
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const std::size_t at = random.below(random.below(2) ? std::min(size, 64u) : size);
    const auto position = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    switch (random.below(6)) {
      case 0:
        bytes[at] ^= static_cast<std::uint8_t>(1u << random.below(8));
        break;
      case 1:
        bytes[at] = kNasty[random.below(kNasty.size())];
        break;
      case 2:
        bytes[at] = static_cast<std::uint8_t>(random.bits());
        break;
      case 3:
        bytes.resize(at);
        break;
      case 4:
        bytes.insert(position, 1 + random.below(8), kNasty[random.below(kNasty.size())]);
        break;
      default:
        bytes.erase(position);
        break;
    }
  }
  return bytes;
}

// Reads `rounds` damaged copies; tells how many were refused.
int attack(const Bytes& file, std::uint32_t which, int rounds,
           const std::function<void(std::span<const std::uint8_t>)>& read) {
  read(file);  // undamaged it must be right
  Random random(2024, RandomStream::kTest, 1, which);
  int refused = 0;
  for (int round = 0; round < rounds; ++round) {
    const Bytes bytes = damaged(file, random);
    try {
      read(bytes);
    } catch (const Error& error) {
      ++refused;
      CHECK(std::string(error.what()).size() > 10);
    }  // any other exception fails the test
  }
  return refused;
}

Image colourful() {
  Image image{9, 7, 3, {}};
  for (int i = 0; i < 9 * 7 * 3; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * i));
  return image;
}

TEST_CASE("fuzz: IDX") {
  const auto read = [](std::span<const std::uint8_t> bytes) { read_idx(bytes, "fuzz"); };
  const Bytes images = write_idx(std::vector<Index>{5, 3, 2}, Bytes(30, 77));
  const Bytes floats = write_idx(std::vector<Index>{2, 2}, std::vector<float>{1, 2, 3, 4});
  CHECK(attack(images, 1, 2000, read) > 200);
  CHECK(attack(floats, 2, 2000, read) > 200);
  CHECK(attack(gzip(images), 3, 2000, read) > 200);
}

TEST_CASE("fuzz: gzip") {
  Bytes two = gzip(Bytes(300, 5));
  const Bytes more = gzip(Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9});
  two.insert(two.end(), more.begin(), more.end());
  const auto read = [](std::span<const std::uint8_t> bytes) { gunzip(bytes, "fuzz", 1 << 20); };
  CHECK(attack(two, 4, 4000, read) > 1000);
}

TEST_CASE("fuzz: NPY") {
  const auto read = [](std::span<const std::uint8_t> bytes) { read_npy(bytes, "fuzz"); };
  CHECK(attack(write_npy(std::vector<Index>{2, 3}, std::vector<float>(6, 0.5f)), 5, 4000, read) >
        400);
}

TEST_CASE("fuzz: PNG") {
  const auto read = [](std::span<const std::uint8_t> bytes) {
    const Image image = read_png(bytes, "fuzz");
    CHECK(image.pixels.size() == static_cast<std::size_t>(image.width) *
                                     static_cast<std::size_t>(image.height) *
                                     static_cast<std::size_t>(image.channels));
  };
  CHECK(attack(write_png(colourful()), 6, 4000, read) > 400);
}

TEST_CASE("fuzz: data sets") {
  const Bytes images = write_idx(std::vector<Index>{4, 2, 2}, Bytes(16, 200));
  const Bytes labels = write_idx(std::vector<Index>{4}, Bytes{0, 1, 2, 3});
  const auto read_images = [&](std::span<const std::uint8_t> bytes) {
    dataset_from_idx("fuzz", bytes, labels, images, labels);
  };
  const auto read_labels = [&](std::span<const std::uint8_t> bytes) {
    dataset_from_idx("fuzz", images, bytes, images, labels);
  };
  CHECK(attack(images, 7, 2000, read_images) > 400);
  CHECK(attack(labels, 8, 2000, read_labels) > 400);
}

}  // namespace
}  // namespace hourglass
