#include "core/formats/table_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/utf8.h"

namespace hourglass {
namespace {

constexpr std::size_t kBytesThatTell = std::size_t{1} << 18;
constexpr std::size_t kLinesThatTell = 40;

char small_letter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Halves of a pair that stand alone become the replacement character.
void append_utf16(std::span<const std::uint8_t> bytes, bool big_endian, std::string& out) {
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const std::uint32_t first = bytes[2 * i], second = bytes[2 * i + 1];
    return big_endian ? first << 8 | second : second << 8 | first;
  };
  const std::size_t count = bytes.size() / 2;
  out.reserve(count + count / 16);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t code = unit(i);
    if (code < 0xD800 || code > 0xDFFF) {
      append_utf8(code, out);
    } else if (code < 0xDC00 && i + 1 < count && unit(i + 1) >> 10 == 0xDC00 >> 10) {
      append_utf8(0x10000 + ((code & 0x3FF) << 10 | (unit(++i) & 0x3FF)), out);
    } else {
      append_utf8(0xFFFD, out);
    }
  }
}

// A line as far as it tells of separators.
struct SeparatorCounts {
  std::string_view text;
  std::size_t tabs = 0, semicolons = 0, commas = 0;

  std::size_t of(char separator) const {
    return separator == '\t' ? tabs : separator == ';' ? semicolons : commas;
  }
};

// A line's end: that of "\r\n" at its '\n'.
bool is_line_end(std::string_view text, std::size_t i) {
  return text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'));
}

std::vector<SeparatorCounts> first_lines(std::string_view text) {
  const bool cut = text.size() > kBytesThatTell;
  text = text.substr(0, kBytesThatTell);
  std::vector<SeparatorCounts> lines;
  SeparatorCounts line;
  std::size_t start = 0;
  bool is_quoted = false;
  for (std::size_t i = 0; i <= text.size() && lines.size() < kLinesThatTell; ++i) {
    if (i == text.size() || (!is_quoted && is_line_end(text, i))) {
      line.text = text.substr(start, i - start);
      const bool is_whole = i < text.size() || !cut || lines.empty();
      if (is_whole && line.text.find_first_not_of(" \t\r") != line.text.npos) lines.push_back(line);
      line = {};
      start = i + 1;
    } else if (text[i] == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted) {
      line.tabs += text[i] == '\t';
      line.semicolons += text[i] == ';';
      line.commas += text[i] == ',';
    }
  }
  return lines;
}

std::vector<std::string_view> blank_fields(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start == line.npos) return fields;
    line.remove_prefix(start);
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    fields.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

// "0,5", which is one number in a part of the world.
bool has_comma_for_point(std::string_view field) {
  const std::size_t comma = field.find(',');
  if (comma == field.npos || field.find(',', comma + 1) != field.npos) return false;
  TableLayout with_comma;
  with_comma.separator = ';';
  with_comma.decimal_comma = true;
  double value = 0;
  return field.find('.') == field.npos && parse_table_number(field, with_comma, value);
}

// As many of a separator in every line, of which the first, if others follow, may have one more or
// less: that of the titles of a table with row names, or with a separator at its end.
bool is_in_all(const std::vector<SeparatorCounts>& lines, char separator) {
  const std::size_t expected = lines.back().of(separator);
  if (expected == 0) return false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t count = lines[i].of(separator);
    const bool may_differ = i == 0 && lines.size() > 2;
    if (count != expected && !(may_differ && count + 1 >= expected && count <= expected + 1)) {
      return false;
    }
  }
  return true;
}

// Whether blanks divide the lines into as many fields each; `decimal_commas`: half of them numbers
// with a comma in each line, and all numbers.
bool is_divided_by_blanks(const std::vector<SeparatorCounts>& lines, bool decimal_commas) {
  std::size_t expected = 0;
  for (std::size_t i = lines.size(); i-- > 0;) {
    const auto fields = blank_fields(lines[i].text);
    if (expected == 0) expected = fields.size();
    if (expected < 2) return false;
    const bool is_first = i == 0 && lines.size() > 1;
    if (fields.size() != expected && !is_first) return false;
    if (!decimal_commas || is_first) continue;
    std::size_t commas = 0;
    for (const std::string_view field : fields) {
      double value = 0;
      const bool has_comma = has_comma_for_point(field);
      if (!has_comma && !parse_table_number(field, {}, value)) return false;
      commas += has_comma ? 1 : 0;
    }
    if (2 * commas < fields.size()) return false;
  }
  return true;
}

char separator_of_lines(const std::vector<SeparatorCounts>& lines) {
  if (lines.empty()) return ',';
  const bool has_tabs = is_in_all(lines, '\t'), has_semicolons = is_in_all(lines, ';');
  if (!has_tabs && !has_semicolons && is_divided_by_blanks(lines, true)) return ' ';
  if (has_tabs) return '\t';
  if (has_semicolons) return ';';
  if (is_in_all(lines, ',')) return ',';
  const SeparatorCounts& first = lines[0];
  // Tabs among blanks divide like them.
  if (first.commas + first.semicolons == 0 && is_divided_by_blanks(lines, false)) return ' ';
  if (first.commas >= first.semicolons && first.commas >= first.tabs) return ',';
  return first.semicolons >= first.tabs ? ';' : '\t';
}

}  // namespace

const char* TableLayout::separator_name() const {
  return separator == ';'    ? "semicolons"
         : separator == '\t' ? "tabs"
         : separator == ' '  ? "blanks"
                             : "commas";
}

std::string_view table_text(std::span<const std::uint8_t> file, const std::string& name,
                            std::string& converted) {
  std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    append_utf16(file.subspan(2), text[0] == '\xFE', converted);
    text = converted;
  } else if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  if (text.substr(0, 4096).find('\0') != text.npos) {
    throw Error("'" + name + "' is not plain text; a table in UTF-8 is needed.");
  }
  return text;
}

TableLayout layout_of(std::string_view text) {
  TableLayout layout;
  while (true) {
    const std::size_t start = text.find_first_not_of(" \t\r\n", layout.start);
    if (start == text.npos || text[start] != '#') break;
    const std::size_t end = std::min(text.find_first_of("\r\n", start), text.size());
    layout.has_comments = true;
    layout.title_line = text.substr(start + 1, end - start - 1);
    layout.start = end;
  }
  const std::vector<SeparatorCounts> lines = first_lines(text.substr(layout.start));
  layout.separator = separator_of_lines(lines);
  bool has_comma = false;
  TableScanner records(text, layout, "");
  records.keep_fields();
  try {
    for (std::size_t i = 0; i < lines.size() && records.begin_record(); ++i) {
      while (!records.is_record_over()) {
        const std::string_view field = records.next_field();
        double value = 0;
        const bool is_plain = parse_table_number(field, {}, value);
        layout.has_point = layout.has_point || (is_plain && field.find('.') != field.npos);
        if (is_plain || !has_comma_for_point(field)) continue;
        // Between commas "1,234" in quotes is as likely a thousand.
        const bool is_thousand = layout.separator == ',' && field.size() - field.find(',') == 4;
        has_comma = has_comma || !is_thousand;
      }
    }
  } catch (const Error&) {  // said by whoever reads the table
  }
  layout.decimal_comma = has_comma && !layout.has_point;
  return layout;
}

bool is_missing_value(std::string_view field) {
  constexpr std::size_t kLongest = 4;
  constexpr std::string_view kWords[] = {"",  "na", "nan", "n/a", "null", "none",
                                         "?", "-",  "--",  ".",   "#n/a"};
  if (field.size() > kLongest) return false;
  char small[kLongest];
  std::transform(field.begin(), field.end(), small, small_letter);
  return std::ranges::find(kWords, std::string_view(small, field.size())) != std::end(kWords);
}

bool parse_table_number(std::string_view field, const TableLayout& layout, double& value) {
  // What strtod takes besides.
  if (field.empty() || field.back() > '9') return false;
  if (field.front() == '+') {
    field.remove_prefix(1);
    if (field.empty() || field.front() == '-') return false;
  }
  double number = 0;
  const bool may_have_comma =
      layout.decimal_comma || (layout.separator != ',' && !layout.has_point);
  const std::size_t comma = may_have_comma ? field.find(',') : field.npos;
  if (comma == field.npos) {
    if (layout.decimal_comma && field.find('.') != field.npos) return false;
    if (!parse_number(field, number)) return false;
  } else {
    constexpr std::size_t kLongest = 64;
    if (field.size() > kLongest || field.find('.') != field.npos) return false;
    if (comma + 1 == field.size()) return false;
    char pointed[kLongest];
    std::copy(field.begin(), field.end(), pointed);
    pointed[comma] = '.';
    if (!parse_number(std::string_view(pointed, field.size()), number)) return false;
  }
  if (!(std::abs(number) <= static_cast<double>(std::numeric_limits<float>::max()))) return false;
  value = number;
  return true;
}

TableScanner::TableScanner(std::string_view text, const TableLayout& layout, std::string name)
    : text_(text),
      layout_(layout),
      name_(std::move(name)),
      at_(layout.start),
      record_(layout.start) {}

bool TableScanner::begin_record() {
  if (!keeps_fields_) unescaped_.clear();
  while (true) {
    while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
    if (at_ == text_.size()) return false;
    if (!layout_.has_comments || text_[at_] != '#') break;
    at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
  }
  record_ = at_;
  is_over_ = false;
  return true;
}

std::string_view TableScanner::next_field() {
  skip_blanks();
  std::string_view field;
  if (at_ < text_.size() && text_[at_] == '"') {
    field = quoted_field();
  } else {
    const std::size_t start = at_;
    while (at_ < text_.size() && !ends_field(text_[at_])) ++at_;
    field = text_.substr(start, at_ - start);
    while (!field.empty() && is_blank(field.back())) field.remove_suffix(1);
  }
  end_field();
  return field;
}

// Behind a field, at what divides it from the next or at the record's end: moves behind that.
void TableScanner::end_field() {
  if (layout_.separator == ' ') skip_blanks();
  is_over_ = at_ == text_.size() || text_[at_] == '\n' || text_[at_] == '\r';
  const bool has_blanks = layout_.separator == ' ';
  if (at_ < text_.size() && (is_over_ || !has_blanks)) ++at_;
}

// At an opening quote; leaves at_ behind the closing one and blanks after it.
std::string_view TableScanner::quoted_field() {
  const std::size_t start = ++at_;
  bool has_quotes = false;
  for (;; ++at_) {
    at_ = text_.find('"', at_);
    if (at_ == text_.npos) {
      at_ = text_.size();
      throw Error("In " + place() + ", a field in quotes does not end.");
    }
    if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
    has_quotes = true;
    ++at_;
  }
  const std::string_view field = text_.substr(start, at_ - start);
  ++at_;
  while (at_ < text_.size() && text_[at_] == ' ' && layout_.separator != ' ') ++at_;
  if (at_ < text_.size() && !ends_field(text_[at_])) {
    throw Error("In " + place() +
                ", something follows a field's closing quote; a quote within a field is written "
                "twice.");
  }
  if (!has_quotes) return field;
  std::string& plain = unescaped_.emplace_back();
  for (std::size_t i = 0; i < field.size(); ++i) {
    plain += field[i];
    if (field[i] == '"') ++i;
  }
  return plain;
}

bool TableScanner::next(std::vector<std::string_view>& fields, std::size_t most_fields) {
  fields.clear();
  if (!begin_record()) return false;
  while (!is_over_) {
    if (fields.size() == most_fields) {
      throw Error("In " + place() + ", there are more than the " + std::to_string(most_fields) +
                  " fields that can be used; a line is a sample, and a field one of its numbers.");
    }
    fields.push_back(next_field());
  }
  return true;
}

std::size_t TableScanner::line(std::size_t offset) const {
  const std::string_view before = text_.substr(0, offset);
  std::size_t lines = 1;
  for (std::size_t i = 0; i < before.size(); ++i) {
    lines += before[i] == '\n' || (before[i] == '\r' && text_.substr(i + 1, 1) != "\n") ? 1 : 0;
  }
  return lines;
}

std::string TableScanner::place(std::size_t offset) const {
  return "'" + name_ + "', line " + std::to_string(line(offset));
}

}  // namespace hourglass
