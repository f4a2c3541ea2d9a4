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
#include "core/data/import/import.h"
#include "core/data/import/table.h"
#include "core/data/sources/dataset_file.h"
#include "core/data/sources/mnist.h"
#include "core/export/dense_import.h"
#include "core/export/export.h"
#include "core/formats/bmp.h"
#include "core/formats/gzip.h"
#include "core/formats/idx.h"
#include "core/formats/image_file.h"
#include "core/formats/jpeg.h"
#include "core/formats/mat.h"
#include "core/formats/npy.h"
#include "core/formats/onnx_file.h"
#include "core/formats/png.h"
#include "core/formats/zip.h"
#include "core/formats/zlib.h"
#include "core/math/random.h"
#include "core/text/documents.h"
#include "core/text/vocabulary.h"
#include "tests/data/array_builder.h"
#include "tests/data/bmp_builder.h"
#include "tests/data/import_of.h"
#include "tests/data/mat_builder.h"
#include "tests/data/png_builder.h"
#include "tests/data/table_texts.h"
#include "tests/data/zip_builder.h"
#include "tests/export/small_checkpoint.h"

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

TEST_CASE("fuzz: a data set's file") {
  Dataset data;
  data.name = "spots";
  data.shape = {1, 2, 2};
  data.class_names = {"left", "right"};
  data.train = Samples(4, Bytes{1, 2, 3, 4, 5, 6, 7, 8});
  data.test = Samples(4, Bytes{9, 8, 7, 6});
  data.train.labels = {0, 1};
  data.test.labels = {1};
  const auto read = [](std::span<const std::uint8_t> bytes) { dataset_from_bytes(bytes, "fuzz"); };
  CHECK(attack(dataset_to_bytes(data, "{}"), 40, 4000, read) > 2000);
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

TEST_CASE("fuzz: ZIP") {
  const auto read = [](std::span<const std::uint8_t> bytes) {
    const ZipArchive archive(Bytes(bytes.begin(), bytes.end()), "fuzz");
    for (std::size_t i = 0; i < archive.entries().size(); ++i) archive.read(i);
  };
  for (const bool zip64 : {false, true}) {
    ZipBuilder zip;
    zip.add("a/1", Bytes(300, 7), {.deflate = true, .zip64 = zip64});
    zip.add("b", Bytes{1, 2, 3}, {.zip64 = zip64, .descriptor = true});
    CHECK(attack(zip.finish(zip64), 15, 4000, read) > 2000);
  }
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
          const Dataset data = dataset_of_table(bytes, "fuzz", "fuzz", label);
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

TEST_CASE("fuzz: every type of IDX and NPY") {
  const auto read_as_idx = [](std::span<const std::uint8_t> bytes) { read_idx(bytes, "fuzz"); };
  for (const std::uint8_t type : {0x09, 0x0B, 0x0C, 0x0E}) {
    const std::size_t step = type == 0x09 ? 1 : type == 0x0B ? 2 : type == 0x0C ? 4 : 8;
    Bytes file = {0, 0, type, 2, 0, 0, 0, 3, 0, 0, 0, 2};
    file.resize(12 + 6 * step, 0x40);
    CHECK(attack(file, 20, 1000, read_as_idx) > 100);
  }
  const auto read_as_npy = [](std::span<const std::uint8_t> bytes) { read_npy(bytes, "fuzz"); };
  for (const auto& [type, step] : {std::pair{"|b1", 1}, {">i2", 2}, {"<f2", 2}, {">f8", 8}}) {
    Bytes file = npy_of(type, {3, 2}, Bytes(6 * static_cast<std::size_t>(step), 0x3c), true);
    CHECK(attack(file, 21, 1000, read_as_npy) > 100);
  }
}

TEST_CASE("fuzz: MATLAB's files") {
  const auto read = [](std::span<const std::uint8_t> bytes) { read_mat(bytes, "fuzz"); };
  const auto import = [](std::span<const std::uint8_t> bytes) {
    import_of({{"fuzz.mat", Bytes(bytes.begin(), bytes.end())}});
  };
  for (const bool compressed : {false, true}) {
    MatBuilder file(false, compressed);
    file.add_bytes("fea", {6, 64}, Bytes(6 * 64, 9));
    file.add_small_doubles("gnd", {6, 1}, {1, 2, 1, 2, 1, 2});
    file.add_nested("more", "inside", {{"a", {2, 2}, {1, 2, 3, 4}}});
    CHECK(attack(file.file(), 22, 3000, read) > 100);
    CHECK(attack(file.file(), 23, 2000, import) > 100);
  }
}

TEST_CASE("fuzz: zlib") {
  const auto read = [](std::span<const std::uint8_t> bytes) {
    zlib_decompress(bytes, "fuzz", 1 << 20);
  };
  // A stored block: its length, the complement of that, the bytes, and their Adler-32.
  const Bytes stored = {0x78, 0x01, 1, 3, 0, 0xfc, 0xff, 'a', 'b', 'c', 0x02, 0x4d, 0x01, 0x27};
  CHECK(attack(stored, 24, 2000, read) > 500);
}

TEST_CASE("fuzz: IDX sets, CIFAR's records and the projector's vectors") {
  const auto with = [](const std::string& name, std::vector<NamedBytes> beside) {
    return [=](std::span<const std::uint8_t> bytes) {
      std::vector<NamedBytes> files = beside;
      files.push_back({name, Bytes(bytes.begin(), bytes.end())});
      const Dataset data = import_of(std::move(files)).data;
      CHECK(data.train.features() == data.shape.features());
      CHECK(data.train.count() >= 1);
    };
  };
  const Bytes images = write_idx(std::vector<Index>{4, 28, 28}, Bytes(4 * 784, 200));
  const Bytes labels = write_idx(std::vector<Index>{4}, Bytes{1, 2, 3, 26});
  CHECK(attack(images, 25, 500, with("x-images.idx", {{"x-labels.idx", labels}})) > 50);
  CHECK(attack(labels, 26, 1000, with("x-labels.idx", {{"x-images.idx", images}})) > 100);
  CHECK(attack(Bytes(3 * 3073, 5), 27, 200, with("a.bin", {})) > 20);
  const std::string vectors = "1\t-2.5\n3\t4\n5\t6\n", words = "name\tkind\na\tx\nb\ty\nc\tx\n";
  const Bytes vector_file(vectors.begin(), vectors.end()), word_file(words.begin(), words.end());
  CHECK(attack(vector_file, 28, 2000, with("vectors.tsv", {{"metadata.tsv", word_file}})) > 300);
  CHECK(attack(word_file, 29, 2000, with("metadata.tsv", {{"vectors.tsv", vector_file}})) > 100);
}

TEST_CASE("fuzz: tables of every kind") {
  std::uint32_t which = 15;
  for (const std::string& seed : table_texts()) {
    ImportOptions options;
    options.missing = static_cast<Missing>(which % 4);
    if (options.missing == Missing::kRefuse) options.missing = Missing::kMedian;
    const auto read = [&](std::span<const std::uint8_t> bytes) {
      const TableFile files[] = {{bytes, "fuzz"}, {bytes, "again"}};
      for (const std::size_t count : {std::size_t{1}, std::size_t{2}}) {
        Table table = read_table(std::span(files).first(count), options);
        const Index rows = table.samples.count();
        const Dataset data = dataset_of_table(table, "fuzz", "fuzz", options);
        CHECK(data.train.count() + data.test.count() == rows);
        CHECK(data.train.features() == data.shape.features());
      }
    };
    CHECK(attack(Bytes(seed.begin(), seed.end()), which++, 2000, read) > 100);
  }
}

TEST_CASE("fuzz: data sets of NPY") {
  const Bytes labels = write_npy(std::vector<Index>{7}, std::vector<float>{0, 1, 2, 0, 1, 2, 0});
  const Bytes images = write_npy(std::vector<Index>{7, 3, 2, 2}, std::vector<float>(84, 0.5f));
  const auto read = [](const Bytes& samples, const Bytes& targets) {
    const Dataset data = import_of({{"x.npy", samples}, {"x_labels.npy", targets}}).data;
    CHECK(data.train.count() + data.test.count() >= 2);
    CHECK(data.train.features() == data.shape.features());
  };
  const auto as_bytes = [](std::span<const std::uint8_t> bytes) {
    return Bytes(bytes.begin(), bytes.end());
  };
  CHECK(attack(images, 10, 3000, [&](auto bytes) { read(as_bytes(bytes), labels); }) > 400);
  CHECK(attack(labels, 11, 3000, [&](auto bytes) { read(images, as_bytes(bytes)); }) > 400);
}

TEST_CASE("fuzz: BMP and JPEG") {
  const auto read = [](std::span<const std::uint8_t> bytes) {
    const Image image = read_image_file(bytes, "fuzz", true);
    CHECK(image.pixels.size() == static_cast<std::size_t>(image.width) *
                                     static_cast<std::size_t>(image.height) *
                                     static_cast<std::size_t>(image.channels));
  };
  const Bytes line = {1, 0, 2, 1};
  const Bytes colours = {9, 8, 7, 0, 1, 2, 3, 0, 200, 100, 50, 0};
  CHECK(attack(make_bmp({.width = 4, .height = 2, .depth = 8, .palette = colours}, {line, line}),
               16, 3000, read) > 400);
  CHECK(attack(make_bmp({.width = 1, .height = 2, .depth = 24}, {{1, 2, 3}, {4, 5, 6}}), 17, 3000,
               read) > 400);
  CHECK(attack(write_jpeg(colourful(), 80), 18, 2000, read) > 100);
}

TEST_CASE("fuzz: images as data") {
  const Bytes deep = make_png({.width = 2, .height = 1, .depth = 16, .colour = 4},
                              {{0, 200, 255, 255, 1, 0, 9, 9}});
  const auto read = [&](std::span<const std::uint8_t> bytes) {
    std::vector<NamedBytes> files;
    files.push_back({"a/1.png", Bytes(bytes.begin(), bytes.end())});
    for (int i = 0; i < 3; ++i) files.push_back({"b/" + std::to_string(i) + ".png", deep});
    const Imported imported =
        import_data(*files_in_memory("fuzz", std::move(files)), "fuzz", {.image_side = 5});
    CHECK(imported.data.train.features() == 25);
  };
  CHECK(attack(write_png(colourful()), 12, 500, read) == 0);
  CHECK(attack(deep, 19, 500, read) == 0);
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

TEST_CASE("fuzz: ONNX, and checkpoints to export") {
  const tests::SmallCheckpoint checkpoint(
      {1, 4, 4}, R"([{"type":"convolution","channels":2},{"type":"max-pool"}])",
      R"([{"type":"unpool","mode":"remembered","pool":"encoder.1"},{"units":"input"}])");
  const auto read = [](std::span<const std::uint8_t> bytes) {
    const OnnxFile file = read_onnx(bytes, "fuzz");
    for (const OnnxTensor& tensor : file.constants) {
      if (tensor.type == 1) tensor.floats("fuzz");
    }
  };
  const Bytes onnx = export_model(checkpoint.bytes(), ExportTarget::kOnnx).front().bytes;
  CHECK(attack(onnx, 15, 3000, read) > 300);
  for (const ExportTarget target : {ExportTarget::kOnnx, ExportTarget::kKeras}) {
    const auto exported = [target](std::span<const std::uint8_t> bytes) {
      export_model(bytes, target);
    };
    CHECK(attack(checkpoint.bytes(), 16, 2000, exported) > 300);
  }
}

TEST_CASE("fuzz: dense networks to import") {
  const tests::SmallCheckpoint checkpoint({1, 1, 6}, R"([{"units":3,"activation":"relu"}])",
                                          R"([{"units":"input","activation":"sigmoid"}])");
  const auto read = [](std::span<const std::uint8_t> bytes) {
    for (const DenseLayer& layer : dense_layers_of(bytes, "fuzz")) {
      CHECK(layer.weight.size() == static_cast<std::size_t>(layer.inputs * layer.outputs));
    }
  };
  CHECK(attack(export_model(checkpoint.bytes(), ExportTarget::kOnnx).front().bytes, 17, 3000,
               read) > 300);
  CHECK(attack(export_model(checkpoint.bytes(), ExportTarget::kPyTorch)[1].bytes, 18, 3000, read) >
        300);
}

}  // namespace
}  // namespace hourglass
