#include "core/formats/table_text.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

using Words = std::vector<std::string>;

// All records of a text, each one's fields with '|' between.
Words records_of(const std::string& text) {
  TableScanner records(text, layout_of(text), "t.csv");
  Words all;
  std::vector<std::string_view> fields;
  while (records.next(fields, 100)) {
    std::string joined;
    for (const std::string_view field : fields) joined += std::string(field) + "|";
    all.push_back(joined);
  }
  return all;
}

char separator(const std::string& text) { return layout_of(text).separator; }

TEST_CASE("table text: what stands between the fields") {
  CHECK(separator("1,2\n3,4\n") == ',');
  CHECK(separator("1;2\n3;4\n") == ';');
  CHECK(separator("1\t2\n3\t4\n") == '\t');
  CHECK(separator("1 2\n3 4\n") == ' ');
  CHECK(separator("  0.2   0.4\n  0.1   0.3  \n") == ' ');
  CHECK(separator("1 2\t3 \n4\t5 6\t\n") == ' ');
  CHECK(separator("1, 2, 3\n4, 5, 6\n") == ',');
  CHECK(separator("a,b c\n1,2\n") == ',');
  // Numbers with a comma for a point, which there are more of than semicolons.
  CHECK(separator("1,5;2,5;3,5\n4,5;5,5;6,5\n") == ';');
  CHECK(separator("1,5 2,5\n4,5 5,5\n") == ' ');
  CHECK(separator("1,5\t2,5\n4,5\t5,5\n") == '\t');
  // Numbers in one field with blanks between are no such numbers.
  CHECK(separator("label,pixels,set\n0,70 80 82 72,a\n1,151 150 147 155,b\n") == ',');
  CHECK(separator("0,70 80 82 72\n1,151 150 147 155\n") == ',');
  CHECK(separator("words\nred car\nblue\n") == ',');
  CHECK(separator("") == ',');
}

TEST_CASE("table text: a comma for a point") {
  const TableLayout comma = layout_of("a;b\n1,5;2\n");
  CHECK(comma.decimal_comma);
  double value = 0;
  CHECK(parse_table_number("-1,25", comma, value));
  CHECK(value == -1.25);
  CHECK_FALSE(parse_table_number("1.234,5", comma, value));
  CHECK_FALSE(parse_table_number("1,", comma, value));
  const TableLayout point = layout_of("a;b\n1.5;2\n");
  CHECK_FALSE(point.decimal_comma);
  CHECK_FALSE(parse_table_number("1,234", point, value));
  // In quotes between commas, but for what may be a thousand.
  CHECK(layout_of("\"0,5\",\"1,25\"\n").decimal_comma);
  CHECK_FALSE(layout_of("\"1,234\",\"2,500\"\n").decimal_comma);
  CHECK(parse_table_number("+1e-3", {}, value));
  CHECK(value == 1e-3);
  for (const char* word : {"", "+", "+-1", "inf", "nan", "0x10", "1e99", "1 2", "1,2"}) {
    CAPTURE(word);
    CHECK_FALSE(parse_table_number(word, {}, value));
  }
}

TEST_CASE("table text: line ends, trailing separators, comments") {
  const Words two = {"1|2|", "3|4|"};
  for (const char* text : {"1,2\n3,4", "1,2\r\n3,4\r\n", "1,2\r3,4\r", "\n\n1,2\n\n3,4\n\n",
                           "1 2 \n 3  4\n", "# made by hand\n1,2\n# and more\n3,4\n"}) {
    CAPTURE(text);
    CHECK(records_of(text) == two);
  }
  CHECK(records_of("1,2,\n") == Words{"1|2||"});
  CHECK(records_of("\"a\nb\",\"c \"\"d\"\"\" , e\n") == Words{"a\nb|c \"d\"|e|"});
  CHECK(records_of("1\t\t3\n4\t5\t6\n") == Words{"1||3|", "4|5|6|"});
  CHECK(layout_of("# a b\n1 2\n").title_line == " a b");
  const std::string text = "1,2\r\n\"3\n\",4\r5,6\n";
  TableScanner records(text, layout_of(text), "t.csv");
  std::vector<std::string_view> fields;
  for (const char* place : {"'t.csv', line 1", "'t.csv', line 2", "'t.csv', line 4"}) {
    REQUIRE(records.next(fields, 9));
    CHECK(records.place() == place);
  }
}

TEST_CASE("table text: encodings") {
  std::string converted;
  const auto text_of = [&](const std::string& bytes) {
    converted.clear();
    return std::string(table_text(
        {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "t.csv", converted));
  };
  CHECK(text_of("\xEF\xBB\xBF"
                "a,b") == "a,b");
  CHECK(text_of(std::string("\xFF\xFE"
                            "1\0,\0\xE9\0\x3D\xD8\x00\xDE",
                            12)) == "1,\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(text_of(std::string("\xFE\xFF\0"
                            "1\0,\x67\x08\xD8\x3D",
                            10)) == "1,\xE6\x9C\x88\xEF\xBF\xBD");
  CHECK(contains(error_of([&] { text_of(std::string("1,2\0", 4)); }), "not plain text"));
}

TEST_CASE("table text: missing values have many names") {
  for (const char* word :
       {"", "NA", "n/a", "NaN", "nan", "?", "null", "NULL", "-", "None", "#N/A"}) {
    CAPTURE(word);
    CHECK(is_missing_value(word));
  }
  for (const char* word : {"0", "x", "-1", "nano", "none of it", "??"}) {
    CAPTURE(word);
    CHECK_FALSE(is_missing_value(word));
  }
}

}  // namespace
}  // namespace hourglass
