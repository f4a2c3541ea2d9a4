#include <doctest/doctest.h>

#include <string>

#include "core/data/import/table.h"
#include "core/formats/csv_lines.h"
#include "core/formats/gzip.h"
#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Table read(const std::string& text, const std::string& label = "auto") {
  return read_table(bytes_of(text), "t.csv", label);
}

std::string error(const std::string& text, const std::string& label = "auto") {
  return error_of([&] { read(text, label); });
}

std::vector<float> values(const Table& table) {
  return {table.samples.values().begin(), table.samples.values().end()};
}

using Floats = std::vector<float>;
using Labels = std::vector<std::int32_t>;
using Names = std::vector<std::string>;

TEST_CASE("CSV: records and fields") {
  CsvLines lines("\n a , \"b, \"\"c\"\"\" ,\r\n\n\"two\nlines\",,x\n1", "t.csv");
  std::vector<std::string_view> fields;
  CHECK(lines.next(fields, 9));
  CHECK(fields == std::vector<std::string_view>{"a", "b, \"c\"", ""});
  CHECK(lines.line() == 2);
  CHECK(lines.next(fields, 9));
  CHECK(fields == std::vector<std::string_view>{"two\nlines", "", "x"});
  CHECK(lines.line() == 4);
  CHECK(lines.next(fields, 9));
  CHECK(fields == std::vector<std::string_view>{"1"});
  CHECK(lines.place() == "'t.csv', line 6");
  CHECK_FALSE(lines.next(fields, 9));
}

TEST_CASE("CSV: a table with a header and words for labels") {
  const Table table = read("a,b,kind\r\n1,-2.5,dog\r\n3e2,+4,cat\r\n5,6,dog\r\n");
  CHECK(table.shape == ImageShape{1, 1, 2});
  CHECK(values(table) == Floats{1, -2.5f, 300, 4, 5, 6});
  CHECK(table.samples.labels == Labels{1, 0, 1});
  CHECK(table.class_names == Names{"cat", "dog"});
}

TEST_CASE("CSV: separators, byte order mark, quotes and compression") {
  const Floats expected{1, 2, 3, 4};
  CHECK(values(read("1,2\n3,4\n")) == expected);
  CHECK(values(read("1;2\n3;4")) == expected);
  CHECK(values(read("1\t2\n3\t4\n\n")) == expected);
  CHECK(values(read("\xEF\xBB\xBF"
                    "\"x;1\";y\n\"1\";2\n3;\"4\"\n")) == expected);
  const std::string text = "1,2\n3,4\n";
  CHECK(values(read_table(gzip(bytes_of(text)), "t.csv.gz", "auto")) == expected);
}

TEST_CASE("CSV: headers are told from data") {
  CHECK(values(read("0,1,2\n4,5,6\n")) == Floats{4, 5, 6});  // pandas' names of nameless columns
  CHECK(values(read("0,1,5\n4,5,6\n")) == Floats{0, 1, 5, 4, 5, 6});
  const Table counted = read("0,1,label\n4,5,1\n6,7,0\n");
  CHECK(values(counted) == Floats{4, 5, 6, 7});
  CHECK(counted.samples.labels == Labels{1, 0});
  CHECK(values(read(",a,b\n0,4,5\n1,6,7\n")) == Floats{4, 5, 6, 7});  // row numbers by pandas
}

TEST_CASE("CSV: which column is the label") {
  const std::string text = "size,Class,age\n1,2,3\n4,5,6\n";
  const Table likely = read(text);
  CHECK(values(likely) == Floats{1, 3, 4, 6});
  CHECK(likely.class_names == Names{"2", "5"});
  CHECK(values(read(text, "none")) == Floats{1, 2, 3, 4, 5, 6});
  CHECK(values(read(text, "first")) == Floats{2, 3, 5, 6});
  CHECK(values(read(text, "last")) == Floats{1, 2, 4, 5});
  CHECK(values(read(text, "age")) == Floats{1, 2, 4, 5});
  CHECK(read("1,2,x\n3,4,y\n").class_names == Names{"x", "y"});
  CHECK(read("x,1\ny,2\nx,3\n").samples.labels == Labels{0, 1, 0});
  CHECK(read("1,2\n3,4\n").samples.labels.empty());
}

// `rows` rows of `pixels` numbers up to `most`, after `before` and before `after`.
std::string pixel_rows(int rows, int pixels, int most, bool before, bool after) {
  std::string text;
  for (int row = 0; row < rows; ++row) {
    std::string line = before ? std::to_string(row % 3) + "," : "";
    for (int i = 0; i < pixels; ++i) {
      line += (i > 0 ? "," : "") + std::to_string(i == 0   ? 0
                                                  : i == 1 ? most
                                                           : (row * 7 + i) % (most + 1));
    }
    text += line + (after ? "," + std::to_string(row % 3) : "") + "\n";
  }
  return text;
}

TEST_CASE("CSV: pixels of square images") {
  const Table plain = read(pixel_rows(4, 64, 255, false, false));
  CHECK(plain.shape == ImageShape{1, 8, 8});
  CHECK(plain.samples.bytes().size() == 256);
  CHECK(plain.samples.bytes()[1] == 255);
  CHECK(plain.samples.labels.empty());
  for (const bool before : {true, false}) {
    const Table table = read(pixel_rows(4, 64, 255, before, !before));
    CHECK(table.shape == ImageShape{1, 8, 8});
    CHECK(table.samples.labels == Labels{0, 1, 2, 0});
    CHECK(table.samples.bytes()[1] == 255);
  }
  // The 17 levels of the digits of 8 x 8 pixels.
  const Table dark = read(pixel_rows(4, 64, 16, false, true));
  CHECK(dark.shape == ImageShape{1, 8, 8});
  CHECK(dark.samples.bytes()[1] == 255);
  CHECK(dark.samples.labels.size() == 4);
  // Sixteen small whole numbers are a table; sixteen bytes may be an image.
  CHECK(read(pixel_rows(4, 16, 15, false, false)).shape == ImageShape{1, 1, 16});
  CHECK(read(pixel_rows(4, 16, 200, false, false)).shape == ImageShape{1, 4, 4});
  CHECK(read(pixel_rows(4, 63, 255, false, false)).shape == ImageShape{1, 1, 63});
  const std::string colour = "0.5" + pixel_rows(4, 64, 255, false, false).substr(1);
  CHECK(read(colour).shape == ImageShape{1, 1, 64});
}

TEST_CASE("CSV: what cannot be used is named with its line") {
  CHECK(contains(error("a,b\n1,2\n\n3,x\n"), "'t.csv', line 4, column 'b' holds 'x'; a number"));
  CHECK(contains(error("1,2\n3,\n"), "1 of 2 rows has no value: line 2, column 2."));
  CHECK(contains(error("1,2\n3,nan\n"), "1 of 2 rows has no value: line 2, column 2."));
  CHECK(contains(error("1,2\n3,1e99\n"), "line 2, column 2 holds '1e99'"));
  CHECK(contains(error("1,2\n3,4,5\n"),
                 "line 2, there are 3 fields, and there are 2 in the first line"));
  CHECK(
      contains(error("a,b\n3,4,5\n"), "line 2, there are 3 fields, and there are 2 in the header"));
  CHECK(contains(error("a,b\n1,x\n2,\n"), "line 3, the label in column 'b' is missing"));
  CHECK(contains(error("1,\"2\n3,4\n"), "line 1, a field in quotes does not end"));
  CHECK(contains(error("1,\"2\"3\n"), "line 1, something follows"));
  CHECK(contains(error(""), "is empty"));
  CHECK(contains(error("a,b\n"), "a header and no lines"));
  CHECK(contains(error("a\nx\ny\n"), "no column of numbers besides column 'a', which holds 'x'"));
  CHECK(contains(error(",\n1,2\n"), "no column with a name in its header"));
  CHECK(contains(error("1;2\n3;4;5\n"), "2 in the first line of data (divided by semicolons)"));
  CHECK(contains(error("1,2\n", "age"), "no header line"));
  CHECK(contains(error("size,age\n1,2\n", "agee"),
                 "no column 'agee' for data.label; there are size, age"));
  CHECK(contains(error(std::string("1,2\n\0", 5)), "not plain text"));
  CHECK(contains(error(std::string(20000, ',')), "more than the 12290 fields"));
}

TEST_CASE("CSV: a data set with held-out rows") {
  std::string text = "x,y,label\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i) + ".5,1," + (i % 2 ? "odd\n" : "even\n");
  const Dataset data = dataset_of_table(bytes_of(text), "dir/t.csv", "t.csv", "auto");
  CHECK(data.name == "t.csv");
  CHECK(data.class_names == Names{"even", "odd"});
  CHECK(data.train.count() == 50);
  CHECK(data.test.count() == 10);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(static_cast<int>(data.test.values()[2 * i]) % 2 == data.test.labels[i]);
  }
}

}  // namespace
}  // namespace hourglass
