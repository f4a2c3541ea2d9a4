#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/formats/protobuf_reader.h"
#include "core/formats/protobuf_writer.h"
#include "tests/export/expect.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The examples of Protocol Buffers' documentation, "Encoding".
TEST_CASE("messages are written as the documentation of the format shows") {
  ProtobufWriter number;
  number.add_whole(1, 150);
  CHECK(number.joined() == Bytes{0x08, 0x96, 0x01});
  ProtobufWriter text;
  text.add_text(2, "testing");
  CHECK(text.joined() == Bytes{0x12, 0x07, 't', 'e', 's', 't', 'i', 'n', 'g'});
  ProtobufWriter outer;
  outer.add_message(3, number);
  CHECK(outer.joined() == Bytes{0x1a, 0x03, 0x08, 0x96, 0x01});
  ProtobufWriter negative;
  negative.add_whole(1, -2);
  CHECK(negative.joined() ==
        Bytes{0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01});
  ProtobufWriter real;
  real.add_float(20, 1.5f);
  CHECK(real.joined() == Bytes{0xa5, 0x01, 0x00, 0x00, 0xc0, 0x3f});
}

TEST_CASE("borrowed bytes stand where they were added, however deep") {
  const Bytes first = {1, 2, 3}, second(200, 9);
  ProtobufWriter inner, middle, outer;
  inner.add_text(1, "a");
  inner.add_borrowed(9, first);
  inner.add_whole(2, 5);
  middle.add_whole(1, 7);
  middle.add_message(5, inner);
  middle.add_borrowed(9, second);
  outer.add_text(1, "zz");
  outer.add_message(7, middle);
  const Bytes bytes = outer.joined();
  CHECK(bytes.size() == outer.size());

  const std::string what = "'x'";
  ProtobufReader reader(bytes, what);
  REQUIRE(reader.next());
  CHECK(reader.text() == "zz");
  REQUIRE(reader.next());
  CHECK(reader.field() == 7);
  ProtobufReader in = reader.message();
  CHECK_FALSE(reader.next());
  REQUIRE(in.next());
  CHECK(in.whole() == 7);
  REQUIRE(in.next());
  ProtobufReader deep = in.message();
  REQUIRE(deep.next());
  REQUIRE(deep.next());
  CHECK(Bytes(deep.bytes().begin(), deep.bytes().end()) == first);
  REQUIRE(deep.next());
  CHECK(deep.whole() == 5);
  REQUIRE(in.next());
  CHECK(in.bytes().size() == 200);
}

TEST_CASE("repeated numbers are read one by one and packed") {
  const std::string what = "'x'";
  const Bytes bytes = {0x08, 0x03, 0x0a, 0x03, 0x05, 0x96, 0x01};
  ProtobufReader reader(bytes, what);
  std::vector<std::int64_t> numbers;
  while (reader.next()) reader.add_wholes(numbers, 3);
  CHECK(numbers == std::vector<std::int64_t>{3, 5, 150});
  ProtobufReader again(bytes, what);
  numbers.clear();
  REQUIRE(again.next());
  again.add_wholes(numbers, 2);
  REQUIRE(again.next());
  expect_error([&] { again.add_wholes(numbers, 2); }, "more than 2 numbers");
}

TEST_CASE("damaged messages are refused") {
  const std::string what = "'x' is damaged";
  const auto read = [&](const Bytes& bytes) {
    ProtobufReader reader(bytes, what);
    while (reader.next()) {
    }
  };
  expect_error([&] { read({0x08}); }, "'x' is damaged: field 1 is cut off.");
  expect_error([&] { read({0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1}); },
               "field 1 claims 4294967295 bytes, and 1 are left");
  expect_error([&] { read({0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}); },
               "claims 18446744073709551615 bytes");
  expect_error([&] { read({0x00, 0x01}); }, "no number that there can be");
  expect_error([&] { read({0x0b}); }, "of a kind that there is not");
  expect_error([&] { read({0x0d, 1, 2}); }, "field 1 is cut off");
  expect_error([&] { read(Bytes(11, 0xff)); }, "no number that there can be");
  const Bytes number = {0x08, 0x01}, text = {0x0a, 0x00};
  ProtobufReader whole(number, what), empty(text, what);
  REQUIRE(whole.next());
  REQUIRE(empty.next());
  expect_error([&] { whole.text(); }, "is a number");
  expect_error([&] { whole.real(); }, "no float");
  expect_error([&] { empty.whole(); }, "no whole number");
}

}  // namespace
}  // namespace hourglass
