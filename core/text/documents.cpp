#include "core/text/documents.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

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

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

bool is_any_of(std::string_view field, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), lower_ascii(field)) != names.end();
}

bool is_label_column(std::string_view field) {
  constexpr std::array<std::string_view, 7> kNames = {"label", "labels",   "topic",     "topics",
                                                      "class", "category", "categories"};
  return is_any_of(field, kNames);
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

bool is_text_column(std::string_view title) {
  constexpr std::array<std::string_view, 4> kNames = {"text", "document", "body", "content"};
  return is_any_of(title, kNames);
}

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
    for (std::size_t line = 1; !text.empty(); ++line) {
      const std::size_t end = text.find('\n');
      const std::string_view whole = text.substr(0, end);
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
      const std::size_t tab = whole.find('\t');
      const std::string_view label = tab == whole.npos ? "" : trimmed(whole.substr(0, tab));
      const std::string_view body = tab == whole.npos ? whole : whole.substr(tab + 1);
      const bool is_header = line == 1 && is_label_column(label) && is_text_column(trimmed(body));
      if (!is_header) add(label, body, line);
    }
  }

  void read_table(std::string_view text) {
    CsvLines lines(text, name_);
    std::vector<std::string_view> fields;
    std::size_t columns = 0, text_column = 0, label_column = kMaxTableColumns;
    while (lines.next(fields, kMaxTableColumns)) {
      if (columns == 0) {
        columns = fields.size();
        const auto named = std::find_if(fields.begin(), fields.end(), is_text_column);
        const auto labelled = std::find_if(fields.begin(), fields.end(), is_label_column);
        const bool has_header = named != fields.end();
        if (!has_header && columns > 2) {
          throw Error("'" + name_ + "' has " + std::to_string(columns) +
                      " columns, and none is called text; a table of documents has the columns "
                      "label and text, or names them in its first line.");
        }
        text_column = has_header ? static_cast<std::size_t>(named - fields.begin()) : columns - 1;
        if (!has_header && columns == 2) label_column = 0;
        if (has_header && labelled != fields.end()) {
          label_column = static_cast<std::size_t>(labelled - fields.begin());
        }
        if (has_header) continue;
      }
      if (fields.size() != columns) {
        throw Error("In " + lines.place() + ", there are " + std::to_string(fields.size()) +
                    " fields instead of " + std::to_string(columns) + "; a text with " +
                    lines.separator_name() + " in it stands in double quotes.");
      }
      add(label_column < columns ? fields[label_column] : std::string_view(), fields[text_column],
          lines.line());
    }
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

SingleTopics single_topics(const Documents& documents, std::size_t most) {
  const std::size_t count = documents.label_names().size();
  std::vector<Index> sizes(count, 0);
  for (Index i = 0; i < documents.count(); ++i) {
    const auto labels = documents.labels(i);
    if (labels.size() == 1) ++sizes[labels.front()];
  }
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return sizes[a] > sizes[b]; });
  order.resize(std::min(count, most));
  std::sort(order.begin(), order.end());
  SingleTopics topics;
  std::vector<std::int32_t> places(count, -1);
  for (const std::uint32_t label : order) {
    if (sizes[label] == 0) continue;
    places[label] = static_cast<std::int32_t>(topics.names.size());
    topics.names.push_back(documents.label_names()[label]);
  }
  for (Index i = 0; i < documents.count(); ++i) {
    const auto labels = documents.labels(i);
    if (labels.size() != 1 || places[labels.front()] < 0) continue;
    topics.documents.push_back(i);
    topics.labels.push_back(places[labels.front()]);
  }
  return topics;
}

std::string lines_text(std::span<const std::size_t> lines, const std::string& unit) {
  constexpr std::size_t kNamed = 5;
  std::string text = unit + (lines.size() == 1 ? " " : "s ");
  const std::size_t named = std::min(lines.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i) {
    const bool is_last = i + 1 == lines.size();
    text += (i == 0 ? "" : is_last ? " and " : ", ") + std::to_string(lines[i]);
  }
  if (lines.size() > named) text += " and " + std::to_string(lines.size() - named) + " more";
  return text;
}

}  // namespace hourglass
