#include "core/text/documents.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/formats/csv_lines.h"
#include "core/formats/gzip.h"

namespace hourglass {
namespace {

constexpr std::string_view kTextByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kWhatIsRight =
    "documents are text in UTF-8, one a line, with a label and a tab before it if they have one";
constexpr std::size_t kMaxTableColumns = 64;
// So many records, and no more bytes than that, tell what columns are.
constexpr std::size_t kRecordsThatTell = 100, kBytesOfRecords = std::size_t{4} << 20;

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string hex_of(char byte) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  const auto value = static_cast<std::uint8_t>(byte);
  return {'0', 'x', kDigits[value >> 4], kDigits[value & 15]};
}

void check_text(std::string_view text, const std::string& name) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error("'" + name + "' is in UTF-16; save it as UTF-8.");
  }
  if (text.substr(0, 4096).find('\0') != text.npos) {
    throw Error("'" + name + "' is not text; " + std::string(kWhatIsRight) + ".");
  }
  const std::size_t bad = find_malformed(text);
  if (bad == text.size()) return;
  const auto line =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
  throw Error("'" + name + "', line " + std::to_string(line) + ", is not UTF-8: the byte " +
              hex_of(text[bad]) + " belongs to no character; save the file as UTF-8.");
}

// Appends `text` with control characters as blanks, and with `entities` undone.
void append_clean(std::string_view text, bool entities, std::string& out) {
  constexpr std::array<std::pair<std::string_view, char>, 3> kEntities = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < 0x20 || byte == 0x7F) {
      out += ' ';
    } else if (byte == 0xC2 && static_cast<std::uint8_t>(text[i + 1]) < 0xA0) {  // C1
      out += ' ';
      ++i;
    } else if (byte == '&' && entities) {
      const auto* const entity =
          std::find_if(kEntities.begin(), kEntities.end(),
                       [&](const auto& known) { return text.substr(i).starts_with(known.first); });
      out += entity == kEntities.end() ? '&' : entity->second;
      if (entity != kEntities.end()) i += entity->first.size() - 1;
    } else {
      out += text[i];
    }
  }
}

// The text in `file`, plain or packed, of which `unpacked` is the room, without a byte-order mark.
std::string_view text_of(std::span<const std::uint8_t> file, const std::string& name,
                         std::vector<std::uint8_t>& unpacked) {
  if (is_gzip(file)) {
    unpacked = gunzip(file, name, kMaxDocumentBytes);
    file = unpacked;
  }
  if (file.size() > kMaxDocumentBytes) {
    throw Error("'" + name + "' is larger than the " + std::to_string(kMaxDocumentBytes >> 20) +
                " MiB of text that can be read.");
  }
  std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  check_text(text, name);
  if (text.starts_with(kTextByteOrderMark)) text.remove_prefix(kTextByteOrderMark.size());
  return text;
}

}  // namespace

namespace {

// Goes through a text line by line.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : rest_(text) {}

  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
    ++line_;
    return true;
  }
  std::size_t line() const { return line_; }  // of what next() gave last, from 1

 private:
  std::string_view rest_;
  std::size_t line_ = 0;
};

}  // namespace

// Puts documents together, one after the other.
class DocumentReader {
 public:
  DocumentReader(const std::string& name, const DocumentFormat& format)
      : name_(name), format_(format) {}

  Documents read(std::string_view text) {
    documents_.bytes_.reserve(text.size());
    format_.kind == DocumentFormat::Kind::kCsv ? read_table(text) : read_lines(text);
    if (documents_.count() == 0) {
      throw Error("'" + name_ + "' holds no text: " +
                  (documents_.lines_without_text_.empty() ? "all of its lines are blank"
                                                          : "its lines are labels alone") +
                  "; " + std::string(kWhatIsRight) + ".");
    }
    sort_labels();
    return std::move(documents_);
  }

  Documents read(std::span<const DocumentFile> files) {
    for (std::size_t i = 0; i < files.size(); ++i) {
      std::vector<std::uint8_t> unpacked;
      add(files[i].label, text_of(files[i].bytes, files[i].name, unpacked), i + 1);
      if (documents_.bytes_.size() > kMaxDocumentBytes) {
        throw Error("The files in '" + name_ + "' hold more than the " +
                    std::to_string(kMaxDocumentBytes >> 20) + " MiB of text that can be read.");
      }
    }
    documents_.lines_without_text_.clear();
    if (documents_.count() == 0) throw Error("The files in '" + name_ + "' hold no text.");
    sort_labels();
    return std::move(documents_);
  }

 private:
  void read_lines(std::string_view text) {
    const std::size_t fields = fields_of_lines(text);
    if (fields > 1) {
      read_columns_of_lines(text, fields);
      return;
    }
    LineReader lines(text);
    std::string_view whole;
    while (lines.next(whole)) {
      const std::size_t tab = whole.find('\t');
      const std::string_view label = tab == whole.npos ? "" : trimmed(whole.substr(0, tab));
      const std::string_view body = tab == whole.npos ? whole : whole.substr(tab + 1);
      const bool is_header =
          lines.line() == 1 &&
          format_.wish.header.value_or(is_label_column(label) && is_text_column(trimmed(body)));
      if (!is_header) add(format_.wish.label == "none" ? "" : label, body, lines.line());
    }
  }

  // The first lines of `text` in fields between tabs, all of as many; 0 if they are not.
  static std::size_t fields_of_lines(std::string_view text) {
    LineReader lines(text);
    std::string_view line;
    std::size_t fields = 0, seen = 0;
    while (seen < kRecordsThatTell && lines.next(line)) {
      if (trimmed(line).empty()) continue;
      const auto here = static_cast<std::size_t>(std::ranges::count(line, '\t')) + 1;
      if (fields > 0 && here != fields) return 0;
      fields = here;
      ++seen;
    }
    return fields <= kMaxTableColumns ? fields : 0;
  }

  // At most `count` fields: the last one keeps further tabs.
  static std::vector<std::string_view> fields_between_tabs(std::string_view line,
                                                           std::size_t count) {
    std::vector<std::string_view> fields;
    while (fields.size() + 1 < count && line.find('\t') != line.npos) {
      fields.push_back(trimmed(line.substr(0, line.find('\t'))));
      line.remove_prefix(line.find('\t') + 1);
    }
    fields.push_back(trimmed(line));
    return fields;
  }

  void read_columns_of_lines(std::string_view text, std::size_t count) {
    std::vector<std::vector<std::string_view>> sample;
    std::string_view line;
    for (LineReader lines(text); sample.size() < kRecordsThatTell && lines.next(line);) {
      if (!trimmed(line).empty()) sample.push_back(fields_between_tabs(line, count));
    }
    take_columns(sample);
    bool is_first = true;
    for (LineReader lines(text); lines.next(line);) {
      if (trimmed(line).empty()) continue;
      if (std::exchange(is_first, false) && columns_.has_header) continue;
      const auto fields = fields_between_tabs(line, count);
      if (fields.size() == count) {
        add_record(fields, lines.line());
      } else if (count == 2) {
        add("", line, lines.line());
      } else {
        throw Error("In '" + name_ + "', line " + std::to_string(lines.line()) + ", there are " +
                    std::to_string(fields.size()) + " fields instead of " + std::to_string(count) +
                    ", which tabs divide.");
      }
    }
  }

  void read_table(std::string_view text) {
    std::vector<std::string_view> fields;
    {
      std::vector<std::vector<std::string>> kept;
      std::size_t bytes = 0;
      CsvLines lines(text, name_);
      while (kept.size() < kRecordsThatTell && bytes < kBytesOfRecords &&
             lines.next(fields, kMaxTableColumns)) {
        if (!kept.empty() && fields.size() != kept[0].size()) break;  // refused below
        kept.emplace_back(fields.begin(), fields.end());
        for (const std::string_view field : fields) bytes += field.size();
      }
      if (kept.empty()) return;
      std::vector<std::vector<std::string_view>> sample;
      for (const auto& record : kept) sample.emplace_back(record.begin(), record.end());
      take_columns(sample);
    }
    CsvLines lines(text, name_);
    if (columns_.has_header) lines.next(fields, kMaxTableColumns);
    while (lines.next(fields, kMaxTableColumns)) {
      if (fields.size() != columns_.count) {
        throw Error("In " + lines.place() + ", there are " + std::to_string(fields.size()) +
                    " fields instead of " + std::to_string(columns_.count) + "; a text with " +
                    lines.separator_name() + " in it stands in double quotes.");
      }
      add_record(fields, lines.line());
    }
  }

  void take_columns(const std::vector<std::vector<std::string_view>>& sample) {
    columns_ = columns_of_documents(sample, format_.wish, name_);
    documents_.notes_ = columns_.notes;
    documents_.columns_ = columns_.keys;
    if (columns_.label && columns_.has_header && !is_label_column(columns_.keys[*columns_.label])) {
      documents_.labels_from_ = "column '" + columns_.keys[*columns_.label].substr(0, 60) + "'";
    }
  }

  void add_record(const std::vector<std::string_view>& fields, std::size_t line) {
    add(columns_.label ? fields[*columns_.label] : std::string_view(), fields[columns_.text], line);
  }

  void add(std::string_view label, std::string_view text, std::size_t line) {
    std::string& bytes = documents_.bytes_;
    const std::size_t begin = bytes.size();
    append_clean(text, format_.entities, bytes);
    const std::string_view kept = trimmed(std::string_view(bytes).substr(begin));
    if (kept.empty()) {
      bytes.resize(begin);
      if (!label.empty()) documents_.lines_without_text_.push_back(line);
      return;
    }
    const std::size_t before = static_cast<std::size_t>(kept.data() - bytes.data()) - begin;
    const std::size_t size = kept.size();
    bytes.erase(begin, before);
    bytes.resize(begin + size);
    if (documents_.count() == kMaxDocuments) {
      throw Error("'" + name_ + "' holds more than the " + std::to_string(kMaxDocuments) +
                  " documents that can be read.");
    }
    documents_.ends_.push_back(bytes.size());
    documents_.lines_.push_back(line);
    add_labels(label);
  }

  void add_labels(std::string_view joined) {
    std::vector<std::uint32_t>& labels = documents_.labels_;
    const auto begin = static_cast<std::ptrdiff_t>(labels.size());
    while (!joined.empty()) {
      const std::size_t bar = joined.find('|');
      std::string label;
      append_clean(trimmed(joined.substr(0, bar)), format_.entities, label);
      joined.remove_prefix(bar == joined.npos ? joined.size() : bar + 1);
      if (label.empty()) continue;
      const auto number = static_cast<std::uint32_t>(known_.size());
      const auto [place, is_new] = known_.try_emplace(std::move(label), number);
      if (is_new && known_.size() > kMaxDocumentLabels) {
        throw Error("'" + name_ + "' has more than " + std::to_string(kMaxDocumentLabels) +
                    " different labels before its tabs; a label is what documents have in common.");
      }
      if (std::find(labels.begin() + begin, labels.end(), place->second) == labels.end()) {
        labels.push_back(place->second);
      }
    }
    documents_.label_ends_.push_back(labels.size());
  }

  // Numbers the labels by alphabet.
  void sort_labels() {
    std::vector<std::uint32_t> places(known_.size());
    for (const auto& [label, number] : known_) {
      places[number] = static_cast<std::uint32_t>(documents_.label_names_.size());
      documents_.label_names_.push_back(label);
    }
    std::size_t begin = 0;
    for (const std::size_t end : documents_.label_ends_) {
      for (std::size_t i = begin; i < end; ++i) {
        documents_.labels_[i] = places[documents_.labels_[i]];
      }
      std::sort(documents_.labels_.begin() + static_cast<std::ptrdiff_t>(begin),
                documents_.labels_.begin() + static_cast<std::ptrdiff_t>(end));
      begin = end;
    }
  }

  const std::string& name_;
  DocumentFormat format_;
  DocumentColumns columns_;
  Documents documents_;
  std::map<std::string, std::uint32_t, std::less<>> known_;
};

std::string_view Documents::text(Index document) const {
  const auto i = static_cast<std::size_t>(document);
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(bytes_).substr(begin, ends_[i] - begin);
}

std::vector<std::string_view> Documents::texts() const {
  std::vector<std::string_view> all;
  all.reserve(ends_.size());
  for (Index i = 0; i < count(); ++i) all.push_back(text(i));
  return all;
}

std::span<const std::uint32_t> Documents::labels(Index document) const {
  const auto i = static_cast<std::size_t>(document);
  const std::size_t begin = i == 0 ? 0 : label_ends_[i - 1];
  return std::span(labels_).subspan(begin, label_ends_[i] - begin);
}

DocumentFormat document_format(std::string_view file_name) {
  std::string lower = lower_ascii(file_name);
  if (lower.ends_with(".gz")) lower.resize(lower.size() - 3);
  DocumentFormat format;
  if (lower.ends_with(".csv")) format.kind = DocumentFormat::Kind::kCsv;
  return format;
}

Documents read_documents(std::span<const std::uint8_t> file, const std::string& name,
                         const DocumentFormat& format) {
  std::vector<std::uint8_t> unpacked;
  const std::string_view text = text_of(file, name, unpacked);
  if (text.empty()) throw Error("'" + name + "' is empty; " + std::string(kWhatIsRight) + ".");
  return DocumentReader(name, format).read(text);
}

Documents documents_of_files(std::span<const DocumentFile> files, const std::string& folder) {
  return DocumentReader(folder, {}).read(files);
}

std::string beginning_of(std::string_view text, std::size_t bytes) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t size = first_character(text.substr(at)).bytes;
    if (size == 0 || at + size > bytes) break;
    at += size;
  }
  return std::string(text.substr(0, at)) + (at < text.size() ? "..." : "");
}

}  // namespace hourglass
