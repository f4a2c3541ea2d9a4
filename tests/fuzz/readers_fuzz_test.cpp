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
#include "core/data/sources/csv.h"
#include "core/data/sources/mnist.h"
#include "core/data/sources/npy_dataset.h"
#include "core/data/sources/png_folder.h"
#include "core/formats/gzip.h"
#include "core/formats/idx.h"
#include "core/formats/npy.h"
#include "core/formats/png.h"
#include "core/math/random.h"
#include "core/text/documents.h"
#include "core/text/vocabulary.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// Values that length fields and flags are most likely to stumble over.
constexpr std::array<std::uint8_t, 12> kNasty = {0x00, 0x01, 0x7f, 0x80, 0xff, 0xfe,
                                                 '(',  '9',  '"',  ',',  '\n', '-'};

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
    dataset_from_idx("fuzz", Bytes(bytes.begin(), bytes.end()), labels, images, labels);
  };
  const auto read_labels = [&](std::span<const std::uint8_t> bytes) {
    dataset_from_idx("fuzz", images, Bytes(bytes.begin(), bytes.end()), images, labels);
  };
  CHECK(attack(images, 7, 2000, read_images) > 400);
  CHECK(attack(labels, 8, 2000, read_labels) > 400);
}

TEST_CASE("fuzz: CSV") {
  const std::string text =
      "name,\"a "
      "\"\"b\"\"\",c,label\r\n1,-2.5e3,3,cat\r\n\"4\",5,6,dog\n\n7,8,9,cat\n0,1,2,\"a\nb\"\n";
  std::string pixels;
  for (int row = 0; row < 3; ++row) {
    for (int i = 0; i < 65; ++i) pixels += std::to_string(row * i % 256) + (i < 64 ? ";" : "\n");
  }
  for (const std::string& table : {text, pixels}) {
    const Bytes file(table.begin(), table.end());
    const auto read = [](std::span<const std::uint8_t> bytes) {
      for (const char* label : {"auto", "last", "c", "none"}) {
        try {
          const Dataset data = dataset_from_csv(bytes, "fuzz", "fuzz", label);
          CHECK(data.train.count() >= 1);
          CHECK(data.test.count() >= 1);
          CHECK(data.train.features() == data.shape.features());
        } catch (const Error&) {
          if (std::string(label) == "auto") throw;
        }
      }
    };
    CHECK(attack(file, 9, 3000, read) > 300);
  }
}

TEST_CASE("fuzz: data sets of NPY") {
  const Bytes labels = write_npy(std::vector<Index>{7}, std::vector<float>{0, 1, 2, 0, 1, 2, 0});
  const Bytes images = write_npy(std::vector<Index>{7, 3, 2, 2}, std::vector<float>(84, 0.5f));
  const auto read = [&](std::span<const std::uint8_t> bytes) {
    const Dataset data = dataset_from_npy(bytes, "fuzz", labels, "labels", "fuzz");
    CHECK(data.train.count() + data.test.count() == 7);
  };
  const auto read_labels = [&](std::span<const std::uint8_t> bytes) {
    dataset_from_npy(images, "fuzz", bytes, "labels", "fuzz");
  };
  CHECK(attack(images, 10, 3000, read) > 400);
  CHECK(attack(labels, 11, 3000, read_labels) > 400);
}

TEST_CASE("fuzz: PNG images made small") {
  const auto read = [](std::span<const std::uint8_t> bytes) {
    const Bytes image = image_from_png(bytes, "fuzz", {.side = 5, .colour = true});
    CHECK(image.size() == 75);
  };
  CHECK(attack(write_png(colourful()), 12, 1000, read) > 100);
}

TEST_CASE("fuzz: documents") {
  const std::string text =
      "topic\ttext\nsun|star\tThe Sun is a star &amp; \xC3\xA9l\xC3\xA8ve\r\n\n\xE6\x9C\x88\t"
      "\xE6\x9C\x88\xE7\x90\x83\xE7\x9A\x84\xE8\x83\x8C\xE9\x9D\xA2\n\"a,b\"\tplain\n";
  const Bytes file(text.begin(), text.end());
  for (const auto kind : {DocumentFormat::Kind::kLines, DocumentFormat::Kind::kCsv}) {
    const auto read = [&](std::span<const std::uint8_t> bytes) {
      const Documents all = read_documents(bytes, "fuzz", {.kind = kind, .entities = true});
      CHECK(all.count() >= 1);
      const auto texts = all.texts();
      const Vocabulary words(texts, 3);
      CHECK(words.count(texts).rows() == all.count());
      for (const std::string_view one : texts) CHECK_FALSE(one.empty());
    };
    CHECK(attack(file, 13, 3000, read) > 300);
    CHECK(attack(gzip(file), 14, 1000, read) > 300);
  }
}

}  // namespace
}  // namespace hourglass
