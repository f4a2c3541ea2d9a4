#include "core/formats/csv_lines.h"

#include <algorithm>
#include <utility>

#include "core/base/error.h"

namespace hourglass {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(char c) { return c == ' ' || c == '\r'; }

char separator_of(std::string_view text) {
  constexpr char kSeparators[] = {',', ';', '\t'};
  std::size_t counts[3] = {};
  bool quoted = false, seen = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (c == '\n' && !quoted && seen) break;
    seen = seen || (c != '\n' && c != '\r' && c != ' ');
    for (int i = 0; i < 3 && !quoted; ++i) counts[i] += c == kSeparators[i] ? 1 : 0;
  }
  return kSeparators[std::max_element(counts, counts + 3) - counts];
}

}  // namespace

CsvLines::CsvLines(std::string_view text, std::string name) : text_(text), name_(std::move(name)) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  if (text_.substr(0, 4096).find('\0') != text_.npos) {
    throw Error("'" + name_ + "' is not plain text; a CSV file in UTF-8 is needed.");
  }
  separator_ = separator_of(text_);
}

std::string CsvLines::place() const {
  return "'" + name_ + "', line " + std::to_string(record_line_);
}

// At an opening quote; leaves at_ behind the closing one and blanks after it.
std::string_view CsvLines::quoted_field() {
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
  std::string_view field = text_.substr(start, at_ - start);
  line_ += static_cast<std::size_t>(std::count(field.begin(), field.end(), '\n'));
  ++at_;
  while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  if (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n') {
    throw Error("In " + place() +
                ", something follows a field's closing quote; a quote within a "
                "field is written twice.");
  }
  if (!has_quotes) return field;
  std::string& plain = unescaped_.emplace_back();
  for (std::size_t i = 0; i < field.size(); ++i) {
    plain += field[i];
    if (field[i] == '"') ++i;
  }
  return plain;
}

std::string_view CsvLines::plain_field() {
  const std::size_t start = at_;
  while (at_ < text_.size() && text_[at_] != separator_ && text_[at_] != '\n') ++at_;
  std::string_view field = text_.substr(start, at_ - start);
  while (!field.empty() && is_blank(field.back())) field.remove_suffix(1);
  return field;
}

bool CsvLines::next(std::vector<std::string_view>& fields, std::size_t most_fields) {
  fields.clear();
  unescaped_.clear();
  while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == '\n')) {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }
  if (at_ >= text_.size()) return false;
  record_line_ = line_;
  for (;;) {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    if (fields.size() == most_fields) {
      throw Error("In " + place() + ", there are more than the " + std::to_string(most_fields) +
                  " fields that can be used.");
    }
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    fields.push_back(quoted ? quoted_field() : plain_field());
    if (at_ >= text_.size()) return true;
    const char end = text_[at_++];
    if (end == '\n') {
      ++line_;
      return true;
    }
  }
}

}  // namespace hourglass
