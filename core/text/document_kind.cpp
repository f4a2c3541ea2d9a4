#include "core/text/document_kind.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/formats/gzip.h"
#include "core/text/document_columns.h"
#include "core/text/documents.h"

namespace hourglass {
namespace {

// So much of a file, and so many of its lines, tell what it is.
constexpr std::size_t kLookedAt = std::size_t{1} << 16;
constexpr int kLinesLookedAt = 20;
// A text has so many words with a letter, and so many times more of them than of numbers.
constexpr double kWordsOfText = 3, kWordsPerNumber = 3;
// A Chinese word, which no blank ends, has two characters.
constexpr double kBytesOfWideWord = 6;
constexpr std::string_view kBetweenFields = "\t,;";

struct WordTally {
  double words = 0, numbers = 0;

  void add(std::string_view field) {
    double wide = 0;
    bool has_letter = false;
    for (const char c : field) {
      const bool is_wide = static_cast<std::uint8_t>(c) >= 0x80;
      wide += is_wide;
      has_letter = has_letter || is_wide || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
    if (!field.empty()) (has_letter ? words : numbers) += std::max(1.0, wide / kBytesOfWideWord);
  }
};

std::string_view cut_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return line;
}

bool has_text_title(std::string_view line) {
  while (true) {
    const std::size_t end = line.find_first_of(kBetweenFields);
    std::string_view title = line.substr(0, end);
    while (!title.empty() && (title.back() == '\r' || title.back() == ' ' || title.back() == '"'))
      title.remove_suffix(1);
    while (!title.empty() && (title.front() == ' ' || title.front() == '"')) title.remove_prefix(1);
    if (is_text_column(title)) return true;
    if (end == line.npos) return false;
    line.remove_prefix(end + 1);
  }
}

}  // namespace

bool holds_documents(std::span<const std::uint8_t> file, const std::string& name) {
  std::vector<std::uint8_t> unpacked;
  if (is_gzip(file)) {
    unpacked = gunzip(file, name, kMaxDocumentBytes);
    file = unpacked;
  }
  std::string_view text(reinterpret_cast<const char*>(file.data()),
                        std::min(file.size(), kLookedAt));
  if (has_text_title(text.substr(0, text.find('\n')))) return true;
  WordTally tally;
  int lines = 0;
  while (lines < kLinesLookedAt && !text.empty()) {
    std::string_view line = cut_line(text);
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    ++lines;
    const std::size_t tab = line.find('\t');
    if (tab != line.npos) line.remove_prefix(tab + 1);
    while (!line.empty()) {
      const std::size_t end = line.find_first_of(" \t,;\r");
      tally.add(line.substr(0, end));
      line.remove_prefix(end == line.npos ? line.size() : end + 1);
    }
  }
  return lines > 0 && tally.words >= kWordsOfText * lines &&
         tally.words >= kWordsPerNumber * tally.numbers;
}

}  // namespace hourglass
