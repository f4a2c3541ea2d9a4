// The grammar of CSV (RFC 4180, with its common variations): records of fields.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

// Goes through a text record by record. Fields are separated by commas, semicolons or tabs,
// whichever the first line has most of; lines end in LF or CRLF; empty lines are passed over. A
// field in double quotes may hold separators, line ends, and quotes written twice. Blanks around
// fields do not count.
class CsvLines {
 public:
  // `text` must outlive this; `name` is what messages call it.
  CsvLines(std::string_view text, std::string name);

  // The next record's fields, valid until the next call; false at the end. Throws Error if a quoted
  // field does not end, is followed by something else, or there are more than `most_fields`.
  bool next(std::vector<std::string_view>& fields, std::size_t most_fields);

  // The line in which the last record began, from 1.
  std::size_t line() const { return record_line_; }
  // What stands between fields: "commas", "semicolons" or "tabs".
  const char* separator_name() const {
    return separator_ == ';' ? "semicolons" : separator_ == '\t' ? "tabs" : "commas";
  }
  // "'NAME', line 3": where the last record began.
  std::string place() const;

 private:
  std::string_view quoted_field();
  std::string_view plain_field();

  std::string_view text_;
  std::string name_;
  std::size_t at_ = 0;
  std::size_t line_ = 1, record_line_ = 1;
  char separator_ = ',';
  std::deque<std::string> unescaped_;  // fields of this record that had quotes in them
};

}  // namespace hourglass
