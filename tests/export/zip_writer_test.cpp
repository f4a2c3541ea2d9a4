#include "core/formats/zip_writer.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/formats/byte_reader.h"
#include "core/formats/inflate.h"
#include "tests/export/expect.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_in(const std::string& text) { return {text.begin(), text.end()}; }

TEST_CASE("CRC-32 has the check value of its catalogue") {
  CHECK(fast_crc32(bytes_in("123456789")) == 0xCBF43926u);
  CHECK(fast_crc32({}) == 0);
}

TEST_CASE("a ZIP archive has a header, the bytes and an entry for each member") {
  const std::vector<ZipMember> members = {{"a.npy", bytes_in("first")}, {"folder/b", {}}};
  const Bytes zip = write_zip(members);
  const auto number = [&](std::size_t at) { return read_little_endian<std::uint32_t>(&zip[at]); };
  const auto half = [&](std::size_t at) { return read_little_endian<std::uint16_t>(&zip[at]); };
  const auto text = [&](std::size_t at, std::size_t size) {
    return std::string(zip.begin() + static_cast<std::ptrdiff_t>(at),
                       zip.begin() + static_cast<std::ptrdiff_t>(at + size));
  };
  CHECK(number(0) == 0x04034b50);
  CHECK(half(8) == 0);  // stored
  CHECK(number(14) == fast_crc32(bytes_in("first")));
  CHECK(number(18) == 5);
  CHECK(number(22) == 5);
  CHECK(half(26) == 5);
  CHECK(text(30, 10) == "a.npyfirst");
  CHECK(number(40) == 0x04034b50);
  CHECK(text(70, 8) == "folder/b");
  const std::size_t end = zip.size() - 22;
  CHECK(number(end) == 0x06054b50);
  CHECK(half(end + 8) == 2);
  CHECK(half(end + 10) == 2);
  const std::size_t directory = number(end + 16);
  CHECK(directory == 78);
  CHECK(directory + number(end + 12) == end);
  CHECK(number(directory) == 0x02014b50);
  CHECK(number(directory + 16) == fast_crc32(bytes_in("first")));
  CHECK(number(directory + 42) == 0);
  CHECK(text(directory + 46, 5) == "a.npy");
  CHECK(number(directory + 51 + 42) == 40);
}

TEST_CASE("what does not fit into a ZIP archive is refused") {
  expect_error([] { write_zip(std::vector<ZipMember>{{"", {}}}); }, "1 to 65,535 bytes");
  expect_error([] { write_zip(std::vector<ZipMember>{{std::string(70000, 'a'), {}}}); },
               "1 to 65,535 bytes");
  const std::vector<ZipMember> many(65535, ZipMember{"a", {}});
  expect_error([&] { write_zip(many); }, "65535 members");
}

}  // namespace
}  // namespace hourglass
