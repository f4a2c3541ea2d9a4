#include "core/formats/zip.h"

#include <doctest/doctest.h>

#include <string>

#include "core/data/import/zip_files.h"
#include "core/formats/zip_names.h"
#include "tests/data/expect_error.h"
#include "tests/data/zip_builder.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes text(const std::string& characters) { return {characters.begin(), characters.end()}; }

// "hourglass" as h.txt, written by Python 3.11's zipfile.
const Bytes kByPython = {
    0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x21, 0x00, 0x01,
    0x9e, 0x2a, 0x2e, 0x0b, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00,
    0x68, 0x2e, 0x74, 0x78, 0x74, 0xcb, 0xc8, 0x2f, 0x2d, 0x4a, 0xcf, 0x49, 0x2c, 0x2e, 0x06,
    0x00, 0x50, 0x4b, 0x01, 0x02, 0x14, 0x03, 0x14, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00,
    0x21, 0x00, 0x01, 0x9e, 0x2a, 0x2e, 0x0b, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00, 0x00, 0x05,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x80, 0x01, 0x00, 0x00,
    0x00, 0x00, 0x68, 0x2e, 0x74, 0x78, 0x74, 0x50, 0x4b, 0x05, 0x06, 0x00, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x01, 0x00, 0x33, 0x00, 0x00, 0x00, 0x2e, 0x00, 0x00, 0x00, 0x00, 0x00};

Bytes one(const std::string& path, const Bytes& bytes, const ZipBuilder::Way& way) {
  ZipBuilder zip;
  zip.add(path, bytes, way);
  return zip.finish();
}

TEST_CASE("zip: an archive by another program is read") {
  const ZipArchive archive(kByPython, "h.zip");
  REQUIRE(archive.entries().size() == 1);
  CHECK(archive.entries()[0].path == "h.txt");
  CHECK(archive.read(0) == text("hourglass"));
}

TEST_CASE("zip: members stored and deflated") {
  ZipBuilder zip;
  const Bytes long_text(10'000, 'x');
  zip.add("a.txt", text("hourglass"));
  zip.add("folder/", {});
  zip.add("folder/b.txt", long_text, {.deflate = true});
  zip.add("empty", {}, {.deflate = true});
  const ZipArchive archive(zip.finish(), "it.zip");
  REQUIRE(archive.entries().size() == 4);
  CHECK(archive.entries()[0].path == "a.txt");
  CHECK(archive.entries()[1].is_folder());
  CHECK_FALSE(archive.entries()[2].is_folder());
  CHECK(archive.entries()[2].bytes == 10'000);
  CHECK(archive.entries()[2].packed_bytes < 100);
  CHECK(archive.read(0) == text("hourglass"));
  CHECK(archive.read(2) == long_text);
  CHECK(archive.read(3).empty());
}

TEST_CASE("zip: an empty archive, a comment, and bytes in front of it") {
  CHECK(ZipArchive(ZipBuilder().finish(), "x").entries().empty());
  ZipBuilder zip;
  zip.add("a", text("abc"));
  // The comment looks like an end, whose own comment would be too long.
  Bytes bytes = zip.finish(false, "PK\x05\x06 and so on, with bytes enough behind it to be an end");
  CHECK(ZipArchive(bytes, "x").read(0) == text("abc"));
  bytes.insert(bytes.begin(), 100, 'M');
  CHECK(ZipArchive(bytes, "x").read(0) == text("abc"));
  ZipBuilder large;
  large.add("a", text("abc"));
  bytes = large.finish(true);
  bytes.insert(bytes.begin(), 100, 'M');
  CHECK(ZipArchive(bytes, "x").read(0) == text("abc"));
}

TEST_CASE("zip: ZIP64 sizes, data descriptors, and both") {
  for (const bool deflate : {false, true}) {
    for (const bool zip64 : {false, true}) {
      for (const bool descriptor : {false, true}) {
        ZipBuilder zip;
        zip.add("a", text("first"), {.deflate = deflate, .zip64 = zip64, .descriptor = descriptor});
        zip.add("b", text("second"),
                {.deflate = deflate, .zip64 = zip64, .descriptor = descriptor});
        const ZipArchive archive(zip.finish(zip64), "x");
        REQUIRE(archive.entries().size() == 2);
        CHECK(archive.entries()[1].bytes == 6);
        CHECK(archive.read(0) == text("first"));
        CHECK(archive.read(1) == text("second"));
      }
    }
  }
}

TEST_CASE("zip: names in UTF-8, code page 437 and Info-ZIP's field; none leads elsewhere") {
  CHECK(zip_name_as_utf8("\xC3\xA9t\xC3\xA9", true) == "\xC3\xA9t\xC3\xA9");
  CHECK(zip_name_as_utf8("\xC3\xA9t\xC3\xA9", false) == "\xC3\xA9t\xC3\xA9");
  CHECK(zip_name_as_utf8("\x82t\x82\xE1\xFF", false) == "été\xC3\x9F\xC2\xA0");
  CHECK(zip_name_as_utf8("\xB3", false) == "│");
  CHECK(zip_name_as_utf8("a\xFF", true) == "a\\xFF");
  CHECK(zip_name_as_utf8(std::string("a.png\0.exe", 10), false) == "a.png");
  CHECK(safe_zip_path("../../etc/passwd") == "etc/passwd");
  CHECK(safe_zip_path("/a//./b/") == "a/b/");
  CHECK(safe_zip_path("C:\\data\\1.png") == "data/1.png");
  CHECK(safe_zip_path("..") == "");
  // The extra field counts only if it is of this very name.
  const std::uint32_t crc = libdeflate_crc32(0, "?.png", 5);
  Bytes extra = {0x75, 0x70, 5 + 9, 0, 1};
  for (int i = 0; i < 4; ++i) extra.push_back(static_cast<std::uint8_t>(crc >> (8 * i)));
  const Bytes name = text("\xE6\x9C\x88m.png");
  extra.insert(extra.end(), name.begin(), name.end());
  extra[2] = static_cast<std::uint8_t>(extra.size() - 4);
  CHECK(ZipArchive(one("?.png", text("x"), {.extra = extra}), "x").entries()[0].path ==
        "\xE6\x9C\x88m.png");
  CHECK(ZipArchive(one("!.png", text("x"), {.extra = extra}), "x").entries()[0].path == "!.png");
}

TEST_CASE("zip: what is locked, packed otherwise or damaged says so, and the rest stays readable") {
  ZipBuilder zip;
  zip.add("ok", text("fine"));
  zip.add("locked", text("secret"), {.flags = 1});
  zip.add("aes", text("secret"), {.method = 99});
  zip.add("lzma", text("packed"), {.method = 14});
  zip.add("odd", text("packed"), {.method = 77});
  zip.add("crc", text("sum"), {.crc_error = 1});
  zip.add("short", text("abc"), {.deflate = true, .claimed = 5});
  zip.add("long", text("abcdefgh"), {.deflate = true, .claimed = 2});
  zip.add("two sizes", text("abc"), {.claimed = 4});
  zip.add("header", text("abc"));
  Bytes bytes = zip.finish();
  bytes[zip.offset(9)] ^= 1;
  const ZipArchive archive(bytes, "my.zip");
  const auto refusal = [&](std::size_t i) { return error_of([&] { archive.read(i); }); };
  CHECK(archive.read(0) == text("fine"));
  CHECK(refusal(1) ==
        "'my.zip/locked' is locked with a password; unpack the archive and give the folder.");
  CHECK(contains(refusal(2), "locked"));
  CHECK(contains(refusal(3), "packed with LZMA"));
  CHECK(contains(refusal(4), "by method 77"));
  CHECK(contains(refusal(5), "'my.zip/crc' is damaged: its checksum"));
  CHECK(contains(refusal(6), "cannot be unpacked"));
  CHECK(contains(refusal(7), "cannot be unpacked"));
  CHECK(contains(refusal(8), "two sizes"));
  CHECK(contains(refusal(9), "does not begin"));
}

TEST_CASE("zip: whatever is cut off or claims too much is refused") {
  ZipBuilder zip;
  zip.add("a.txt", text("hourglass"));
  zip.add("b.txt", Bytes(300, 'b'), {.deflate = true, .zip64 = true});
  const Bytes whole = zip.finish();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_THROWS_AS(ZipArchive(Bytes(whole.begin(), whole.begin() + std::ptrdiff_t(size)), "x"),
                    Error);
  }
  CHECK(contains(
      error_of([&] { ZipArchive(Bytes(kByPython.begin(), kByPython.begin() + 60), "x.zip"); }),
      "damaged ZIP file or one that"));
  CHECK(error_of([] { ZipArchive(text("no archive at all, and long enough"), "x.zip"); }) ==
        "'x.zip' is not a ZIP file.");
  // A count that the list has no room for, and a part of several.
  Bytes many = whole;
  many[whole.size() - 12] = many[whole.size() - 14] = 200;
  CHECK(contains(error_of([&] { ZipArchive(many, "x"); }), "200 members"));
  Bytes part = whole;
  part[whole.size() - 18] = 1;
  CHECK(contains(error_of([&] { ZipArchive(part, "x"); }), "one part of a ZIP archive"));
  // 2^64 - 1 members of a ZIP64 archive.
  ZipBuilder large;
  large.add("a", text("abc"));
  Bytes claims = large.finish(true);
  const std::size_t end64 = claims.size() - 22 - 20 - 56;
  for (std::size_t i = 0; i < 8; ++i) claims[end64 + 32 + i] = 0xFF;
  CHECK(contains(error_of([&] { ZipArchive(claims, "x"); }), "18446744073709551615 members"));
}

TEST_CASE("zip: what expands without bounds is refused before memory is taken") {
  const Bytes zeros(1 << 20, 0);
  CHECK(contains(error_of([&] {
                   ZipArchive(
                       one("a", zeros,
                           {.deflate = true, .zip64 = true, .claimed = std::uint64_t{1} << 40}),
                       "bomb.zip");
                 }),
                 "as no data do"));
  ZipBuilder many;
  for (int i = 0; i < 100; ++i) many.add(std::to_string(i), zeros, {.deflate = true});
  CHECK(contains(error_of([&] { ZipArchive(many.finish(), "bomb.zip"); }), "as no data do"));
  // The second member is the first one's content: its header lies within.
  ZipBuilder inner;
  inner.add("a", zeros, {.deflate = true});
  const Bytes kernel = inner.finish();
  ZipBuilder outer;
  outer.add("q", kernel);
  outer.add("r", text("behind"));
  Bytes overlapping = outer.finish();
  const std::size_t directory = outer.offset(1) + 30 + 1 + 6;
  const std::size_t within = outer.offset(0) + 30 + 1;
  const std::size_t second = directory + 46 + 1;
  for (std::size_t i = 0; i < 4; ++i) {
    overlapping[second + 42 + i] = static_cast<std::uint8_t>(within >> (8 * i));
  }
  CHECK(contains(error_of([&] { ZipArchive(overlapping, "x"); }), "'q' lies over the next one"));
}

TEST_CASE("zip files: what a person put there, below the folder that holds all of it") {
  ZipBuilder zip;
  zip.add("set/", {});
  zip.add("set/b/2.png", text("old"));
  zip.add("set/b/2.png", text("new"));
  zip.add("set/a/1.png", text("one"), {.deflate = true});
  zip.add("set/.DS_Store", text("litter"));
  zip.add("__MACOSX/set/a/._1.png", text("litter"));
  const auto files = files_in_zip(zip.finish(), "it.zip");
  REQUIRE(files->size() == 2);
  CHECK(files->entries()[0].path == "a/1.png");
  CHECK(files->entries()[1].path == "b/2.png");
  CHECK(files->entries()[1].bytes == 3);
  CHECK(files->title(1) == "it.zip/set/b/2.png");
  CHECK(files->read(0) == text("one"));
  CHECK(files->read(1) == text("new"));
  CHECK(files->head(0, 2) == text("on"));
  ZipBuilder single;
  single.add("x/y/z.npy", text("z"));
  CHECK(files_in_zip(single.finish(), "s")->entries()[0].path == "z.npy");
  ZipBuilder alike;  // these have letters in common, and no folder
  alike.add("train-images", text("1"));
  alike.add("train-labels", text("2"));
  CHECK(files_in_zip(alike.finish(), "s")->entries()[0].path == "train-images");
  CHECK(contains(error_of([] { files_in_zip(ZipBuilder().finish(), "e.zip"); }), "holds no files"));
}

TEST_CASE("zip files: archives that programs keep their own in get a sentence") {
  const auto refusal = [](std::vector<std::string> paths) {
    ZipBuilder zip;
    for (const std::string& path : paths) zip.add(path, text("x"));
    return refusal_of_archive(*files_in_zip(zip.finish(), "f")).text;
  };
  CHECK(contains(refusal({"[Content_Types].xml", "word/document.xml"}), "Office document"));
  CHECK(contains(refusal({"[Content_Types].xml", "xl/workbook.xml"}), "save the sheet as CSV"));
  CHECK(contains(refusal({"archive/data.pkl", "archive/data/0"}), "safetensors"));
  CHECK(contains(refusal({"config.json", "model.weights.h5"}), "Keras"));
  CHECK(contains(refusal({"mimetype", "META-INF/manifest.xml"}), "OpenDocument"));
  CHECK(refusal({"a.png", "b.png"}).empty());
}

}  // namespace
}  // namespace hourglass
