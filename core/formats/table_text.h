// The text of a table: its encoding, what stands between its fields, and its records one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

// A table's bytes as UTF-8 without a byte order mark. UTF-16 with one, of either byte order, is
// converted into `converted`, which the result then points to; else it points into `file`. `name`
// is what messages call it. Throws Error if the bytes are no text.
std::string_view table_text(std::span<const std::uint8_t> file, const std::string& name,
                            std::string& converted);

struct TableLayout {
  char separator = ',';        // ' ' stands for any number of blanks and tabs
  bool decimal_comma = false;  // "0,5" is a half
  bool has_point = false;      // some number has a decimal point
  bool has_comments = false;   // lines that begin with '#' are none of the table
  std::size_t start = 0;       // of the first record in the text, behind such lines
  std::string_view title_line =
      {};  // the last of those lines, without its '#'; "" if there is none

  // "commas", "semicolons", "tabs" or "blanks".
  const char* separator_name() const;
  // Of numbers that stand without quotes.
  char point() const { return decimal_comma && separator != ',' ? ',' : '.'; }
};

// Told from the first lines: the separator of which all have the same number. Numbers with a comma
// are told from two numbers by what else stands in the line.
TableLayout layout_of(std::string_view text);

// Whether a field stands for a value that is not there: nothing, NA, N/A, NaN, null, none, ?, - ...
bool is_missing_value(std::string_view field);

// The number that a field is, with a sign and an exponent if it has them and a comma for the point
// where the layout has that; false if it is none, or none that a float can hold.
bool parse_table_number(std::string_view field, const TableLayout& layout, double& value);

// Goes through a table record by record (RFC 4180, with its common variations). Lines end in LF,
// CRLF or CR; empty ones are passed over. A field in double quotes may hold separators, line ends,
// and quotes written twice. Blanks around a field do not count.
class TableScanner {
 public:
  // `text` must outlive this; `name` is what messages call it.
  TableScanner(std::string_view text, const TableLayout& layout, std::string name);

  // Moves to the first field of the next record; false at the end of the text.
  bool begin_record();
  // The next field of the record, valid until the next begin_record(), or as long as the scanner if
  // keep_fields() was called. There must be one: see is_record_over(). Throws Error if a quoted
  // field does not end, or is followed by something else.
  std::string_view next_field();
  // No field is left.
  bool is_record_over() const { return is_over_; }
  // All fields of the next record; false at the end. Throws Error if there are more than that.
  bool next(std::vector<std::string_view>& fields, std::size_t most_fields);
  void keep_fields() { keeps_fields_ = true; }

  const TableLayout& layout() const { return layout_; }
  const std::string& name() const { return name_; }
  // "'NAME', line 3": where the present record began. Counts the lines before it.
  std::string place() const { return place(record_); }
  std::string place(std::size_t offset) const;
  std::size_t line(std::size_t offset) const;
  // Of the present record.
  std::size_t offset() const { return record_; }
  std::size_t bytes_left() const { return text_.size() - at_; }

  // For a reader of its own of plain fields, which moves on to `at` behind a separator or a line
  // end.
  const char* position() const { return text_.data() + at_; }
  const char* end() const { return text_.data() + text_.size(); }
  void move_to(const char* at, bool record_is_over) {
    at_ = static_cast<std::size_t>(at - text_.data());
    is_over_ = record_is_over;
  }

 private:
  bool is_blank(char c) const { return c == ' ' || (c == '\t' && layout_.separator == ' '); }
  bool ends_field(char c) const {
    return c == layout_.separator || c == '\n' || c == '\r' ||
           (c == '\t' && layout_.separator == ' ');
  }
  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }
  std::string_view quoted_field();
  void end_field();

  std::string_view text_;
  TableLayout layout_;
  std::string name_;
  std::size_t at_, record_;
  bool is_over_ = true, keeps_fields_ = false;
  std::deque<std::string> unescaped_;  // fields that had quotes in them
};

}  // namespace hourglass
