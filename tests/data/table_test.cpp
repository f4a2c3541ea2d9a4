// What people's tables look like, each kind by its described layout.
#include "core/data/import/table.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

using Floats = std::vector<float>;
using Labels = std::vector<std::int32_t>;
using Names = std::vector<std::string>;

std::span<const std::uint8_t> table_bytes(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Table read(const std::string& text, const ImportOptions& options = {},
           const std::string& name = "t.csv") {
  const TableFile file{table_bytes(text), name};
  return read_table({&file, 1}, options);
}

Floats values(const Table& table) {
  return {table.samples.values().begin(), table.samples.values().end()};
}

bool has_note(const Table& table, const std::string& part) {
  for (const std::string& note : table.notes) {
    if (note.find(part) != note.npos) return true;
  }
  return false;
}

std::string fixed(double value, int decimals) {
  char text[40];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

// Rows of numbers made by `number(row, column)`, with `between`.
std::string rows_of(int rows, int columns, const std::string& between,
                    const std::function<std::string(int, int)>& number) {
  std::string text;
  for (int row = 0; row < rows; ++row) {
    for (int i = 0; i < columns; ++i) text += (i > 0 ? between : "") + number(row, i);
    text += "\n";
  }
  return text;
}

TEST_CASE("table: USPS, a label with decimals and 256 values from -1 to 1 between blanks") {
  const auto number = [](int row, int i) {
    if (i == 0) return fixed(row % 3 + 4, 4);
    return fixed(i == 1 ? -1 : i == 2 ? 1 : std::sin(row * 7 + i), 4);
  };
  for (const std::string& text : {rows_of(9, 257, " ", number), rows_of(9, 257, "\t", number),
                                  rows_of(9, 257, "  ", number)}) {
    const Table table = read(text, {}, "zip.train");
    CHECK(table.shape == ImageShape{1, 16, 16});
    CHECK(table.class_names == Names{"4", "5", "6"});
    CHECK(table.samples.labels[2] == 2);
    CHECK(table.labels_from == "the first column");
    CHECK(table.samples.values()[0] == 0);
    CHECK(table.samples.values()[1] == 1);
    CHECK(table.range.low == -1);
    CHECK(table.range.high == 1);
    CHECK(has_note(table, "16 x 16 pixels with black -1 and white 1"));
  }
  // A blank or a tab at each line's end is no field.
  std::string trailing;
  for (const char c : rows_of(9, 257, " ", number))
    trailing += c == '\n' ? " \n" : std::string(1, c);
  CHECK(read(trailing).shape == ImageShape{1, 16, 16});
}

TEST_CASE("table: semeion, 256 values of 0 and 1 and ten columns for the digit") {
  for (const int decimals : {4, 0}) {
    const Table table = read(rows_of(20, 266, " ", [&](int row, int i) {
      return fixed(i < 256 ? (row + i) % 2 : i - 256 == row % 10, decimals);
    }));
    CHECK(table.shape == ImageShape{1, 16, 16});
    CHECK(table.samples.bytes()[1] == 255);
    CHECK(table.class_names.size() == 10);
    CHECK(table.samples.labels[13] == 3);
    CHECK(table.labels_from == "the last 10 columns");
  }
}

TEST_CASE("table: optdigits, 64 of 0 to 16 and the label last") {
  const Table table = read(rows_of(30, 65, ",", [](int row, int i) {
    return std::to_string(i == 64 ? row % 10 : i == 0 ? 0 : i == 1 ? 16 : (row + i) % 17);
  }));
  CHECK(table.shape == ImageShape{1, 8, 8});
  CHECK(table.class_names.size() == 10);
  CHECK(table.labels_from == "the last column");
  CHECK(table.samples.bytes()[1] == 255);
  CHECK(table.range.high == 16);
}

TEST_CASE("table: pixels from 0 to 1 have one scale, unless they are said to be a table") {
  std::string text = "label";
  for (int i = 0; i < 64; ++i) text += ",p" + std::to_string(i);
  text +=
      "\n" + rows_of(20, 65, ",", [](int row, int i) {
        return i == 0 ? std::to_string(row % 2) : fixed(i == 5 ? 0 : ((row * i) % 97) / 96.0, 4);
      });
  const Table table = read(text);
  CHECK(table.shape == ImageShape{1, 8, 8});
  CHECK(table.labels_from == "column 'label'");
  CHECK(table.samples.values().size() == 20 * 64);
  const Dataset scaled_data =
      scaled(dataset_of_table(table_bytes(text), "t.csv", "t"), Scaling::kUnit);
  CHECK(scaled_data.map.scale.size() == 1);
  const Table plain = read(text, {.shape = "table"});
  CHECK(plain.shape == ImageShape{1, 1, 64});
  CHECK(plain.feature_names[0] == "p0");
  CHECK(has_note(plain, "Column 'p4' has the same value in every row."));
  CHECK(read(text, {.shape = "4x16"}).shape == ImageShape{1, 4, 16});
  CHECK(contains(error_of([&] { read(text, {.shape = "5x16"}); }), "needs 80 numbers a row"));
  CHECK(contains(error_of([&] { read(text, {.shape = "8by8"}); }), "data.shape cannot be '8by8'"));
  CHECK(contains(error_of([&] { read(text, {.range = "0..x"}); }), "data.range cannot be"));
  CHECK(contains(error_of([&] { read(text, {.range = "0..0.5"}); }),
                 "black and white are 0 and 0.5"));
  // Bounds that are said make pixels of any numbers.
  const Table wide = read(text, {.range = "-1..1"});
  CHECK(wide.samples.values()[4] == 0.5f);
  CHECK(read(text, {.range = "0..1", .invert = true}).samples.values()[4] == 1);
}

TEST_CASE("table: images are turned on request, and where the name says EMNIST") {
  const std::string text = rows_of(3, 64, ",", [](int, int i) { return std::to_string(i + 100); });
  CHECK(read(text).samples.bytes()[1] == 101);
  CHECK(read(text, {.transpose = Guess::kYes}).samples.bytes()[1] == 108);
  CHECK(read(text, {}, "emnist-letters-train.csv").samples.bytes()[1] == 108);
  CHECK(read(text, {.transpose = Guess::kNo}, "emnist-letters-train.csv").samples.bytes()[1] ==
        101);
}

TEST_CASE("table: pandas' changed titles and row numbers") {
  // A first line of data, 3,0,0,0,..., whose repeated values were made different.
  std::string header = "3,0";
  for (int i = 1; i < 64; ++i) header += ",0." + std::to_string(i);
  const std::string text = header + "\n" + rows_of(12, 65, ",", [](int row, int i) {
                             return std::to_string(i == 0 ? row % 4 : (row * i) % 256);
                           });
  const Table table = read(text);
  CHECK(table.samples.count() == 12);
  CHECK(table.shape == ImageShape{1, 8, 8});
  CHECK(table.labels_from == "the first column");
  CHECK(has_note(table, "a row of data that a program has taken for titles"));
  CHECK(read(text, {.header = Guess::kNo}).samples.count() == 13);

  for (const char* title : {"Unnamed: 0", "id", "Index"}) {
    const Table numbered = read(std::string(title) + ",a,b\n17,4,5\n12,6,7\n");
    CHECK(values(numbered) == Floats{4, 5, 6, 7});
    CHECK(has_note(numbered, "row numbers"));
    CHECK(numbered.columns.size() == 3);
  }
  CHECK(values(read("id,a\n1,4\n2,5\n", {.leave_out = "none"})) == Floats{1, 4, 2, 5});
  CHECK(values(read(",a\n1,4\n2,5\n", {.leave_out = "none"})) == Floats{1, 4, 2, 5});
  CHECK(has_note(read(",a\n1,4\n2,5\n"), "column 1, which has no title, is taken for row"));
  // R has no title for the names of rows.
  const Table named = read("\"a\" \"b\"\n\"x1\" 4 5\n\"x2\" 6 7\n");
  CHECK(values(named) == Floats{4, 5, 6, 7});
  CHECK(named.feature_names == Names{"a", "b"});
}

TEST_CASE("table: a first column that counts all rows is no feature") {
  std::string counted, broken;
  for (int i = 0; i < 300; ++i) {
    const std::string rest = "," + fixed(i * 0.5, 1) + "," + std::to_string(i % 7) + "\n";
    counted += std::to_string(i) + rest;
    broken += std::to_string(i % 250) + rest;
  }
  const Table table = read(counted);
  CHECK(table.shape.features() == 2);
  CHECK(has_note(table, "column 1 counts the rows"));
  CHECK(read(counted, {.leave_out = "none"}).shape.features() == 3);
  // What begins again is no count of rows.
  const Table other = read(broken);
  CHECK(other.shape.features() == 3);
  CHECK(other.samples.values()[3 * 260] == 10);
}

TEST_CASE("table: words that are no labels are left out and said") {
  const std::string text =
      "mpg,horsepower,origin,name\n18,130,us,alpha\n15,165,us,beta\n24,95,jp,gamma\n20,90,us,"
      "delta\n";
  const Table table = read(text);
  CHECK(values(table) == Floats{18, 130, 15, 165, 24, 95, 20, 90});
  CHECK(table.labels_from == "column 'origin'");
  CHECK(table.class_names == Names{"jp", "us"});
  CHECK(has_note(table, "column 'name' holds words (4 different words)"));
  CHECK(read(text, {.label = "name"}).class_names.size() == 4);
  CHECK(read(text, {.label = "none"}).class_names.empty());
  CHECK(read(text, {.label = "3"}).labels_from == "column 'origin'");
  const Table coloured = read(text, {.leave_out = "horsepower, name"});
  CHECK(values(coloured) == Floats{18, 15, 24, 20});
  REQUIRE(coloured.factors.size() == 1);
  CHECK(coloured.factors[0].name == "horsepower");
  CHECK(coloured.factors[0].high == 165);
  CHECK(coloured.samples.factors[0] == Floats{130, 165, 95, 90});
  CHECK(contains(error_of([&] { read(text, {.leave_out = "power"}); }),
                 "no column 'power' for data.leave_out; there are mpg, horsepower"));
  // Another word in each of many rows is a name.
  std::string names = "a,b,who\n";
  for (int i = 0; i < 40; ++i) names += std::to_string(i % 9) + ",1.5,n" + std::to_string(i) + "\n";
  CHECK(read(names).class_names.empty());
  CHECK(read(names, {.label = "who"}).class_names.size() == 40);
}

TEST_CASE("table: missing values are counted, placed, and dealt with as said") {
  std::string text = "a,b,kind\n18,?,x\n";
  for (int i = 0; i < 11; ++i) text += std::to_string(10 + i) + "," + std::to_string(i) + ".5,y\n";
  text += "9,,x\n";
  const std::string error = error_of([&] { read(text); });
  CHECK(contains(error, "2 of 13 rows have no value: line 2, column 'b' (the first of 2)."));
  CHECK(contains(error, "data.missing=rows"));
  const Table rows = read(text, {.missing = Missing::kLeaveRows});
  CHECK(rows.samples.count() == 11);
  CHECK(rows.left_out == 2);
  CHECK(rows.class_names == Names{"x", "y"});
  CHECK(rows.samples.labels == Labels(11, 1));
  const Table columns = read(text, {.missing = Missing::kLeaveColumns});
  CHECK(columns.feature_names == Names{"a"});
  CHECK(columns.samples.count() == 13);
  const Table median = read(text, {.missing = Missing::kMedian});
  CHECK(median.samples.count() == 13);
  CHECK(has_note(median, "in 2 of 13 rows are filled with the median"));
  const float filled = median.samples.values()[1];
  CHECK(filled == median.samples.values()[25]);
  CHECK(filled > 2);
  CHECK(filled < 9);
  // A column of nothing says nothing.
  CHECK(read("a,b,\n1,2,\n3,4,\n").shape.features() == 2);
  const Table empty = read("a,b,c\n1,,2\n3,,4\n");
  CHECK(empty.feature_names == Names{"a", "c"});
  CHECK(has_note(empty, "no row has a value there: column 'b'"));
  CHECK(contains(error_of([&] { read("a,label\n1,x\n2,\n"); }),
                 "line 3, the label in column 'label'"));
}

TEST_CASE("table: a field of pixels and a column that divides the rows, as FER2013 has them") {
  for (const bool quoted : {true, false}) {
    std::string text = "emotion,pixels,Usage\n";
    for (int row = 0; row < 12; ++row) {
      std::string pixels;
      for (int i = 0; i < 64; ++i)
        pixels += (i ? " " : "") + std::to_string((row * 40 + i * 3) % 256);
      if (quoted) pixels = "\"" + pixels + "\"";
      text += std::to_string(row % 3) + "," + pixels + "," +
              (row < 8    ? "Training"
               : row < 10 ? "PublicTest"
                          : "PrivateTest") +
              "\n";
    }
    Table table = read(text);
    CHECK(table.shape == ImageShape{1, 8, 8});
    CHECK(table.labels_from == "column 'emotion'");
    CHECK(table.class_names == Names{"0", "1", "2"});
    CHECK(table.samples.bytes()[64] == 40);
    const Dataset data = dataset_of_table(table, "fer", "fer.csv", {});
    CHECK(data.train.count() == 8);
    CHECK(data.test.count() == 4);
    CHECK(data.split_by == "as column 'Usage' has it");
  }
  std::string short_row = "label,pixels\n";
  for (const int count : {64, 63}) {
    short_row += "1,";
    for (int i = 0; i < count; ++i) short_row += (i ? " " : "") + std::to_string(i);
    short_row += "\n";
  }
  CHECK(contains(error_of([&] { read(short_row); }),
                 "column 'pixels' holds 63 numbers, and the first line of data 64"));
}

TEST_CASE("table: decimal commas, comments with titles, UTF-16, old line ends") {
  CHECK(values(read("a;b\n0,5;1\n-2,25;3\n")) == Floats{0.5f, 1, -2.25f, 3});
  CHECK(values(read("0,5 1,5\n2,5 3\n")) == Floats{0.5f, 1.5f, 2.5f, 3});
  const Table saved = read("# width height\n1.5e+00 2.0e+00\n3.0e+00 4.5e+00\n");
  CHECK(values(saved) == Floats{1.5f, 2, 3, 4.5f});
  CHECK(saved.feature_names == Names{"width", "height"});
  CHECK(values(read("1,2\r3,4\r")) == Floats{1, 2, 3, 4});
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("a\tb\r\n1\t2\r\n3\t4\r\n")) wide += {c, '\0'};
  CHECK(values(read(wide)) == Floats{1, 2, 3, 4});
}

TEST_CASE("table: other texts are called what they are") {
  const auto refusal = [](const std::string& text) { return error_of([&] { read(text); }); };
  CHECK(contains(refusal("<!DOCTYPE html><html>\n<body>1,2</body>\n"), "is a web page"));
  CHECK(contains(refusal("[{\"a\": 1}]\n"), "is JSON"));
  CHECK(contains(refusal("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n"),
                 "git lfs pull"));
  CHECK(contains(refusal("% made\n@RELATION x\n@DATA\n1,2\n"), "is an ARFF file"));
  CHECK(contains(refusal("-1 1:0.5 7:1\n1 2:3 4:5\n"), "in LIBSVM's format"));
  std::string wide;
  for (int i = 0; i < 70; ++i) wide += std::to_string(i * 13 % 7) + ".5" + (i < 69 ? "," : "\n");
  CHECK(has_note(read(wide + wide), "transpose the table"));
  const std::string words = "a,b,c,d,e\nred,tall,old,slow,1\nblue,small,new,fast,2\n";
  CHECK(read(words, {.shape = "table"}).shape.features() == 1);
}

TEST_CASE("table: numbers in a dress are refused where they stand, and titles may be numbers") {
  for (const char* dressed : {"\"1,234\"", "5%", "$3.50"}) {
    const std::string text = "a,b\n" + std::string(dressed) + ",1\n" + dressed + ",2\n";
    CHECK(contains(error_of([&] { read(text); }), "line 2, column 'a' holds '"));
  }
  CHECK(contains(error_of([&] { read("a|b\n1|2\n3|4\n"); }), "has '|' between its fields"));
  CHECK(contains(error_of([&] { read("a,b\n1,\"x\n3,4\n"); }), "a field in quotes does not end"));
  const std::string spectra =
      "400,410,420,430,440,450,460,470\n" +
      rows_of(5, 8, ",", [](int row, int i) { return fixed(0.1 * (row + i), 2); });
  CHECK(read(spectra).feature_names[1] == "410");
  CHECK(read(spectra, {.header = Guess::kNo}).samples.count() == 6);
}

TEST_CASE("table: rows are told by their places in the file, whatever is left out") {
  std::string text = "a,b\n";
  for (int i = 0; i < 20; ++i) text += (i == 3 ? "?" : std::to_string(i) + ".5") + ",1\n";
  Table table = read(text, {.missing = Missing::kLeaveRows});
  const Dataset data = dataset_of_table(table, "t", "t.csv", {});
  for (const Samples* samples : {&data.train, &data.test}) {
    for (std::size_t i = 0; i < samples->rows.size(); ++i) {
      CHECK(samples->values()[2 * i] == 0.5f + static_cast<float>(samples->rows[i]));
    }
  }
}

TEST_CASE("table: numbers are read to the last bit, long and short ones alike") {
  const Names texts = {"0.1",
                       "-0.7803921568627451",
                       "3.4e38",
                       "1e-40",
                       "123456789012345678",
                       "0.0001",
                       "16777217",
                       "1800.",
                       ".5",
                       "9007199254740993",
                       "255",
                       "1.17549435e-38",
                       "+4",
                       "-0",
                       "00012"};
  std::string text;
  for (const std::string& each : texts) text += each + "," + each + "\n";
  // Far from the end, where numbers are read quickly, and at it.
  const Table table = read(text + text);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CAPTURE(texts[i]);
    const auto expected = static_cast<float>(std::strtod(texts[i].c_str(), nullptr));
    for (const std::size_t row : {i, i + texts.size()}) {
      CHECK(table.samples.values()[2 * row] == expected);
      CHECK(table.samples.values()[2 * row + 1] == expected);
    }
  }
}

TEST_CASE("table: a model's number of features decides between data and labels") {
  const std::string text = rows_of(3, 65, ",", [](int row, int i) {
    return std::to_string(i == 0 ? row : (row * 31 + i * 7) % 256);
  });
  const TableFile file{table_bytes(text), "t.csv"};
  CHECK(read_table({&file, 1}, {}, 64).shape.features() == 64);
  CHECK(read_table({&file, 1}, {}, 65).shape.features() == 65);
  const std::string one = text.substr(0, text.find('\n') + 1);
  const TableFile single{table_bytes(one), "t.csv"};
  CHECK(read_table({&single, 1}, {}, 64).shape == ImageShape{1, 8, 8});
}

}  // namespace
}  // namespace hourglass
