#include "core/formats/npy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes npy_file(const std::string& header, const Bytes& content, std::uint8_t version = 1) {
  Bytes file = {0x93, 'N', 'U', 'M', 'P', 'Y', version, 0};
  const int length_bytes = version == 1 ? 2 : 4;
  for (int i = 0; i < length_bytes; ++i) {
    file.push_back(static_cast<std::uint8_t>(header.size() >> (8 * i)));
  }
  file.insert(file.end(), header.begin(), header.end());
  file.insert(file.end(), content.begin(), content.end());
  return file;
}

std::string header(const std::string& type, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }\n";
}

// The bytes of `values` on a little-endian machine, which all that run the tests are.
template <typename T>
Bytes bytes_of(const std::vector<T>& values) {
  static_assert(std::endian::native == std::endian::little);
  Bytes bytes(values.size() * sizeof(T));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

const std::vector<float> kSix = {1, 2, 3, 4, 5, -6.5f};

TEST_CASE("NPY: every element type, in each version of the format") {
  for (const std::uint8_t version : {1, 2, 3}) {
    const NpyArray array =
        read_npy(npy_file(header("<f4", "(2, 3)"), bytes_of(kSix), version), "x");
    CHECK(array.shape == std::vector<Index>{2, 3});
    CHECK(array.values == kSix);
    CHECK_FALSE(array.is_bytes);
  }
  const std::vector<double> doubles(kSix.begin(), kSix.end());
  CHECK(read_npy(npy_file(header("<f8", "(6,)"), bytes_of(doubles)), "x").values == kSix);
  const std::vector<std::int32_t> ints = {1, -2, 70000};
  CHECK(read_npy(npy_file(header("<i4", "(3,)"), bytes_of(ints)), "x").values ==
        std::vector<float>{1, -2, 70000});
  const std::vector<std::int64_t> longs = {1, -2, 70000};
  CHECK(read_npy(npy_file(header("<i8", "(3L, 1L)"), bytes_of(longs)), "x").values ==
        std::vector<float>{1, -2, 70000});
  const NpyArray bytes = read_npy(npy_file(header("|u1", "(1, 1, 1, 2)"), {7, 255}), "x");
  CHECK(bytes.is_bytes);
  CHECK(bytes.bytes == Bytes{7, 255});
  CHECK(bytes.values.empty());
}

template <typename T>
Bytes swapped(const std::vector<T>& values) {
  Bytes bytes = bytes_of(values);
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(T)) {
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                 bytes.begin() + static_cast<std::ptrdiff_t>(at + sizeof(T)));
  }
  return bytes;
}

// The values that a file of `count` elements of this type has.
std::vector<float> values_of(const std::string& type, int count, const Bytes& content) {
  return read_npy(npy_file(header(type, "(" + std::to_string(count) + ",)"), content), "x").values;
}

TEST_CASE("NPY: whole numbers of every size, of either byte order") {
  const auto both = [](const std::string& type, const auto& values) {
    const std::vector<float> wanted(values.begin(), values.end());
    const int count = static_cast<int>(values.size());
    CHECK(values_of("<" + type, count, bytes_of(values)) == wanted);
    CHECK(values_of(">" + type, count, swapped(values)) == wanted);
    CHECK(values_of("=" + type, count, bytes_of(values)) == wanted);
  };
  both("i2", std::vector<std::int16_t>{1, -2, 32767, -32768});
  both("u2", std::vector<std::uint16_t>{1, 258, 65535});
  both("i4", std::vector<std::int32_t>{1, -2, 70000});
  both("u4", std::vector<std::uint32_t>{1, 4294967040u});
  both("i8", std::vector<std::int64_t>{1, -2, 70000});
  both("u8", std::vector<std::uint64_t>{1, 18446742974197923840u});
  both("f4", kSix);
  both("f8", std::vector<double>{0.5, -1e30, 3});
  CHECK(values_of("|i1", 3, {127, 128, 255}) == std::vector<float>{127, -128, -1});
}

TEST_CASE("NPY: halves, with subnormals and what is no number") {
  const std::vector<std::uint16_t> halves = {0x3C00, 0xC000, 0x7BFF, 0x0001, 0x03FF,
                                             0x0400, 0x8000, 0x7C00, 0x7E00, 0x3555};
  for (const bool big : {false, true}) {
    const auto values =
        values_of(big ? ">f2" : "<f2", 10, big ? swapped(halves) : bytes_of(halves));
    CHECK(values[0] == 1);
    CHECK(values[1] == -2);
    CHECK(values[2] == 65504);
    CHECK(values[3] == 0x1p-24f);  // 5.96e-8, the least
    CHECK(values[4] == 0x3FFp-24f);
    CHECK(values[5] == 0x1p-14f);
    CHECK((values[6] == 0 && std::signbit(values[6])));
    CHECK(std::isinf(values[7]));
    CHECK(std::isnan(values[8]));
    CHECK(values[9] == 0.333251953125f);
  }
}

TEST_CASE("NPY: truth values are bytes 0 and 1") {
  for (const char* type : {"|b1", "?"}) {
    const NpyArray array = read_npy(npy_file(header(type, "(3,)"), {0, 1, 7}), "x");
    CHECK(array.is_bool);
    CHECK(array.bytes == Bytes{0, 1, 1});
  }
}

TEST_CASE("NPY: the first of two arrays is read, and that another follows is told") {
  Bytes file = npy_file(header("<f4", "(2, 3)"), bytes_of(kSix));
  CHECK_FALSE(read_npy(file, "x").another_follows);
  const Bytes second = npy_file(header("|u1", "(1,)"), {7});
  file.insert(file.end(), second.begin(), second.end());
  const NpyArray array = read_npy(file, "x");
  CHECK(array.another_follows);
  CHECK(array.values == kSix);
  // Anything else behind the elements is damage.
  file[file.size() - second.size()] = 'x';
  CHECK(contains(error_of([&] { read_npy(file, "x"); }), "are there"));
}

TEST_CASE("NPY: elements that are no numbers say what to save instead") {
  const auto refusal = [](const std::string& type) {
    return error_of([&] { read_npy(npy_file(header(type, "(1,)"), Bytes(16)), "x"); });
  };
  CHECK(contains(refusal("|O"), "pickle"));
  CHECK(contains(refusal("<U4"), "text"));
  CHECK(contains(refusal("<c16"), "complex"));
  CHECK(contains(refusal("<f16"), "save them as float32"));
  const std::string records =
      "{'descr': [('a', '<f4'), ('b', '<i4')], 'fortran_order': False, 'shape': (2,), }\n";
  CHECK(contains(error_of([&] { read_npy(npy_file(records, Bytes(16)), "x"); }), "records"));
}

TEST_CASE("NPY: Fortran order becomes C order") {
  const std::vector<float> columns = {1, 4, 2, 5, 3, -6.5f};
  CHECK(read_npy(npy_file(header("<f4", "(2, 3)", true), bytes_of(columns)), "x").values == kSix);
  // Element (i, j, k) of a 2 x 3 x 2 array holds 100 i + 10 j + k.
  std::vector<float> fortran, c;
  for (int k = 0; k < 2; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) fortran.push_back(static_cast<float>(100 * i + 10 * j + k));
    }
  }
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 2; ++k) c.push_back(static_cast<float>(100 * i + 10 * j + k));
    }
  }
  CHECK(read_npy(npy_file(header("<f4", "(2, 3, 2)", true), bytes_of(fortran)), "x").values == c);
}

TEST_CASE("NPY: a header may be spelled in other ways") {
  const Bytes content = bytes_of(kSix);
  for (const char* text :
       {"{\"shape\":(3,2),\"descr\":\"<f4\",\"fortran_order\":False}",
        "{ 'fortran_order' : False , 'shape' : ( 3 , 2 , ) ,\n'descr':'<f4',}   "}) {
    CHECK(read_npy(npy_file(text, content), "x").shape == std::vector<Index>{3, 2});
  }
}

TEST_CASE("NPY: what is written is read back, and is aligned as NumPy wants it") {
  for (const std::vector<Index>& shape :
       {std::vector<Index>{6}, std::vector<Index>{2, 3}, std::vector<Index>{1, 3, 1, 2}}) {
    const Bytes file = write_npy(shape, kSix);
    CHECK((file.size() - 24) % 64 == 0);
    CHECK(file[file.size() - 25] == '\n');
    const NpyArray array = read_npy(file, "x");
    CHECK(array.shape == shape);
    CHECK(array.values == kSix);
  }
  const Bytes one = write_npy(std::vector<Index>{6}, kSix);
  CHECK(contains(std::string(one.begin(), one.end()), "'shape': (6,), }"));
}

TEST_CASE("NPY: every truncation is an error") {
  const Bytes file = write_npy(std::vector<Index>{2, 3}, kSix);
  for (std::size_t size = 0; size < file.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(read_npy(std::span(file).first(size), "x"), Error);
  }
}

TEST_CASE("NPY: hostile headers are errors") {
  const auto refuse = [](const std::string& text, std::uint8_t version = 1) {
    return error_of([&] { read_npy(npy_file(text, bytes_of(kSix), version), "some/file"); });
  };
  CHECK(contains(refuse(header("<f4", "(2, 3)"), 4), "version is 4"));
  CHECK(contains(refuse(header(">f3", "(2, 3)")), "'>f3'"));
  CHECK(contains(refuse(header("|O", "(2, 3)")), "'|O'"));
  CHECK(contains(refuse(header("<f4", "()")), "0 dimensions"));
  CHECK(contains(refuse(header("<f4", "(1, 1, 1, 1, 1, 1, 1, 2, 3)")), "9 dimensions"));
  CHECK(contains(refuse(header("<f4", "(0, 3)")), "is 0"));
  CHECK(contains(refuse(header("<f4", "(2, 4)")), "32 bytes"));
  CHECK(contains(refuse(header("<f4", "(2, 2)")), "16 bytes"));
  // The product is 2^64 + 24 bytes, or overflows altogether.
  CHECK(contains(refuse(header("<f4", "(4611686018427387910,)")), "dictionary"));
  CHECK(contains(refuse(header("<f4", "(65536, 65536, 65536, 16384)")), "4 GiB"));
  CHECK(contains(refuse(header("<f4", "(999999999999999999, 999999999999999999)")), "4 GiB"));
  for (const char* text :
       {"", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,3), 'x': 1}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,3)}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,3)} trailing",
        "{'descr': '<f4, 'fortran_order': False, 'shape': (2,3)}"}) {
    CAPTURE(text);
    const std::string message = refuse(text);
    CHECK(contains(message, "dictionary"));
    CHECK(contains(message, "some/file"));
  }
}

}  // namespace
}  // namespace hourglass
