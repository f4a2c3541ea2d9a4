#include "core/data/import/projector_source.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

#include "core/base/error.h"
#include "core/base/parse_number.h"
#include "core/base/text.h"
#include "core/data/import/array_dataset.h"
#include "core/data/import/name_words.h"
#include "core/data/import/sentences.h"
#include "core/data/split.h"

namespace hourglass {
namespace {

bool has_word(const ImportRequest& request, std::size_t file,
              std::initializer_list<const char*> wanted) {
  const auto words = words_of_name(file_name_of(request.files.entries()[file].path));
  return std::ranges::any_of(
      wanted, [&](const char* word) { return std::ranges::find(words, word) != words.end(); });
}

struct ProjectorFiles {
  std::optional<std::size_t> vectors, metadata;
};

ProjectorFiles find_files(const ImportRequest& request) {
  ProjectorFiles found;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (request.kinds[i] != FileKind::kText) continue;
    if (!found.metadata && has_word(request, i, {"metadata"})) {
      found.metadata = i;
    } else if (!found.vectors && has_word(request, i, {"vectors", "tensors", "embeddings"})) {
      found.vectors = i;
    }
  }
  return found;
}

// Lines without "\r"; empty ones at the end are none.
std::vector<std::string_view> lines_of(const std::vector<std::uint8_t>& bytes) {
  std::string_view rest(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  std::vector<std::string_view> lines;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t end = line.find('\t');
    fields.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

NumericArray read_vectors(const std::vector<std::uint8_t>& bytes, const std::string& name) {
  const auto lines = lines_of(bytes);
  if (lines.empty()) throw Refusal(sentence("kind.empty", {name}));
  NumericArray array;
  std::size_t columns = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (line.ends_with('\t')) line.remove_suffix(1);
    const auto fields = fields_of(line);
    if (i == 0) columns = fields.size();
    if (fields.size() != columns) {
      throw Refusal(sentence("projector.fields", {i + 1, name, fields.size(), columns}));
    }
    for (const std::string_view field : fields) {
      double value = 0;
      if (!parse_number(field, value)) {
        throw Refusal(
            sentence("projector.no_number", {i + 1, name, printable(field.substr(0, 40))}));
      }
      array.values.push_back(static_cast<float>(value));
    }
  }
  array.shape = {static_cast<Index>(lines.size()), static_cast<Index>(columns)};
  return array;
}

struct Metadata {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> columns;
};

Metadata read_metadata(const std::vector<std::uint8_t>& bytes, const std::string& name,
                       std::size_t samples) {
  auto lines = lines_of(bytes);
  Metadata table;
  // With one column there is no header, as the projector has it; some write one all the same.
  const bool has_header = lines.size() == samples + 1;
  if (!has_header && lines.size() != samples) {
    throw Refusal(sentence("projector.lines", {name, lines.size(), samples}));
  }
  const auto first = fields_of(lines[0]);
  for (std::size_t c = 0; c < first.size(); ++c) {
    table.titles.push_back(has_header ? to_utf8(first[c]) : std::to_string(c + 1));
  }
  if (has_header) lines.erase(lines.begin());
  table.columns.resize(first.size());
  for (const std::string_view line : lines) {
    const auto fields = fields_of(line);
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      table.columns[c].emplace_back(c < fields.size() ? fields[c] : std::string_view{});
    }
  }
  return table;
}

// The column that data.label says; with "auto" the first whose values come again.
std::optional<std::size_t> label_column(const Metadata& table, const std::string& wanted,
                                        const std::string& name) {
  if (wanted == "none") return std::nullopt;
  if (wanted == "first") return 0;
  if (wanted == "last") return table.titles.size() - 1;
  if (wanted != "auto") {
    const auto found = std::ranges::find(table.titles, wanted);
    if (found == table.titles.end()) {
      std::string titles;
      for (const std::string& title : table.titles) {
        titles += (titles.empty() ? "'" : ", '") + title + "'";
      }
      throw Refusal(sentence("projector.no_column", {name, wanted, titles}));
    }
    return static_cast<std::size_t>(found - table.titles.begin());
  }
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::set<std::string_view> different(table.columns[c].begin(), table.columns[c].end());
    if (different.size() <= kMaxClasses && 2 * different.size() <= table.columns[c].size()) {
      return c;
    }
  }
  return std::nullopt;
}

}  // namespace

bool takes_projector(const ImportRequest& request) {
  const ProjectorFiles found = find_files(request);
  return found.vectors && found.metadata;
}

Imported import_projector(const ImportRequest& request) {
  const ProjectorFiles found = find_files(request);
  Imported result;
  result.report.kind = "vectors";
  ArraySet set;
  set.train.name = request.files.title(*found.vectors);
  set.train.samples = read_vectors(request.content(*found.vectors), set.train.name);
  const std::string name = request.files.title(*found.metadata);
  const Metadata table = read_metadata(request.content(*found.metadata), name,
                                       static_cast<std::size_t>(set.train.samples.shape[0]));
  result.report.columns = table.titles;
  const auto column = label_column(table, request.options.label, name);
  if (column) {
    Dataset named;
    set.labels_from = sentence(
        "column.of_table",
        {table.titles[*column], file_name_of(request.files.entries()[*found.metadata].path)});
    const auto labels = labels_from_texts(
        table.columns[*column], "The labels in " + set.labels_from.text, named.class_names);
    for (std::size_t i = 0; i < named.class_names.size(); ++i) {
      set.class_names.emplace(static_cast<std::int64_t>(i), named.class_names[i]);
    }
    NumericArray numbers;
    numbers.shape = {static_cast<Index>(labels.size())};
    numbers.values.assign(labels.begin(), labels.end());
    set.train.labels = std::move(numbers);
    set.train.labels_name = name;
  } else if (request.options.label == "auto") {
    result.report.notes.push_back(sentence("projector.no_labels", {name}));
  }
  dataset_from_arrays(std::move(set), request, result);
  return result;
}

}  // namespace hourglass
