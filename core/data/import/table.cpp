#include "core/data/import/table.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <utility>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/data/import/sentences.h"
#include "core/data/import/table_missing.h"
#include "core/data/import/table_split.h"
#include "core/data/import/table_words.h"
#include "core/data/split.h"
#include "core/formats/byte_reader.h"
#include "core/formats/gzip.h"
#include "core/formats/other_texts.h"

namespace hourglass {
namespace {

// The text of a file, unpacked and converted.
struct OpenTable {
  OpenTable(const TableFile& file) : name(file.name) {
    std::span<const std::uint8_t> bytes = file.bytes;
    if (is_gzip(bytes)) {
      unpacked = gunzip(bytes, name, kMaxArrayBytes);
      if (is_gzip(unpacked)) throw Refusal(sentence("files.gzip_twice", {name}));
      bytes = unpacked;
    }
    text = table_text(bytes, name, converted);
    refuse_other_texts(text, name);
    layout = layout_of(text);
  }
  OpenTable(const OpenTable&) = delete;
  OpenTable& operator=(const OpenTable&) = delete;

  std::string name;
  std::vector<std::uint8_t> unpacked;
  std::string converted;
  std::string_view text;
  TableLayout layout;
};

using OpenTables = std::vector<std::unique_ptr<OpenTable>>;

// What is read of the files, and what its columns are for.
struct RawTable {
  TableColumns columns;
  TableValues values;
  std::size_t first_rows = 0;  // those of the first file
};

// The second file's first line against the first's titles.
void check_titles(const TableColumns& columns, const OpenTable& first, TableScanner& rows) {
  if (!columns.has_header()) return;
  TableFields fields;
  if (!rows.next(fields, columns.count() + 2)) return;
  if (!fields.empty() && fields.back().empty() && fields.size() == columns.count() + 1) {
    fields.pop_back();
  }
  for (std::size_t i = 0; i < std::max(fields.size(), columns.count()) && columns.has_titles();
       ++i) {
    const bool is_same =
        i < fields.size() && i < columns.count() && to_utf8(fields[i]) == columns.titles()[i];
    if (is_same) continue;
    throw Refusal(
        sentence("table.other_columns",
                 {rows.name(), first.name, i + 1,
                  i < fields.size() ? Sentence("'" + to_utf8(fields[i].substr(0, 40)) + "'")
                                    : sentence("table.missing_column"),
                  i < columns.count() ? columns.title(i) : sentence("table.no_column_there")}));
  }
}

RawTable read_raw(const OpenTables& files, const ImportOptions& options,
                  const TableExpectation& expected) {
  const OpenTable& first = *files[0];
  TableColumns columns(first.text, first.layout, first.name, options, expected);
  RawTable raw{columns, TableValues(columns.plan()), 0};
  TableScanner rows = columns.rows(first.text, first.layout, first.name);
  raw.values.add(rows);
  raw.first_rows = raw.values.rows();
  for (std::size_t i = 1; i < files.size(); ++i) {
    TableScanner more(files[i]->text, files[i]->layout, files[i]->name);
    check_titles(columns, first, more);
    raw.values.add(more);
  }
  return raw;
}

// Which of values.numbers() the column is.
std::vector<float>& numbers_of_column(RawTable& raw, std::size_t column) {
  const auto places = raw.columns.with_use(ColumnUse::kNumber);
  const auto found = std::ranges::find(places, column);
  return raw.values.numbers()[static_cast<std::size_t>(found - places.begin())];
}

// Whether the column that counts the first rows counts them all; of two files, each or both.
bool counts_all_rows(RawTable& raw) {
  if (!raw.columns.counting()) return true;
  const std::vector<float>& numbers = numbers_of_column(raw, *raw.columns.counting());
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    if (i != raw.first_rows && numbers[i] != numbers[i - 1] + 1) return false;
  }
  return true;
}

RawTable read_files(const OpenTables& files, const ImportOptions& options, std::size_t features) {
  TableExpectation expected{.features = features};
  RawTable raw = read_raw(files, options, expected);
  if (counts_all_rows(raw)) return raw;
  expected.counting_is_data = true;
  return read_raw(files, options, expected);
}

// Rows that stay: those with all numbers and, where rows may be left out, with a label.
void leave_rows_out(RawTable& raw, std::optional<std::size_t> label, const ImportOptions& options,
                    const std::string& name, std::vector<std::uint32_t>& places, Table& table) {
  std::vector<bool>& held_out = table.held_out;
  TableValues& values = raw.values;
  const std::vector<bool> kept = features_to_keep(values, raw.columns, options, name, table.notes);
  if (!raw.columns.order_for_model().empty() && std::ranges::count(kept, false) > 0) {
    const auto gone = std::ranges::find(kept, false) - kept.begin();
    throw Error("'" + name + "' has values missing in column '" +
                table.feature_names[static_cast<std::size_t>(gone)].substr(0, 60) +
                "', which the model was trained on and cannot do without.");
  }
  std::vector<bool> rows(values.rows(), true);
  if (options.missing == Missing::kLeaveRows) rows = complete_rows(values, kept);
  std::size_t without_label = 0;
  if (label && values.texts()[*label].has_gaps()) {
    const TextColumn& labels = values.texts()[*label];
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (!labels.text(row).empty()) continue;
      ++without_label;
      if (options.missing == Missing::kLeaveRows) rows[row] = false;
    }
  }
  if (without_label > 0 && options.missing != Missing::kLeaveRows) {
    const std::size_t column = raw.columns.with_use(ColumnUse::kText)[*label];
    throw Refusal(sentence(
        "table.label_missing",
        {values.first_gap(*label), raw.columns.title(column), without_label, values.rows()}));
  }
  const auto staying = static_cast<std::size_t>(std::ranges::count(rows, true));
  if (staying < values.rows()) {
    table.left_out = static_cast<std::int64_t>(values.rows() - staying);
    table.notes.push_back(sentence("table.rows_left_out", {table.left_out, values.rows(), name}));
    if (staying == 0) throw Refusal(sentence("table.no_full_row", {name}));
    std::size_t to = 0;
    for (std::size_t row = 0; row < held_out.size(); ++row) {
      if (rows[row]) held_out[to++] = held_out[row];
    }
    held_out.resize(std::min(held_out.size(), to));
    to = 0;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (rows[row]) places[to++] = places[row];
    }
    places.resize(to);
    values.keep_rows(rows);
  }
  if (std::ranges::count(kept, false) > 0) {
    std::size_t to = 0;
    for (std::size_t i = 0; i < table.feature_names.size(); ++i) {
      if (kept[i]) table.feature_names[to++] = table.feature_names[i];
    }
    table.feature_names.resize(std::min(table.feature_names.size(), to));
    values.keep_features(kept);
  }
}

// "6", of which column, is what labels_from_texts() needs to be told.
void set_label_column(RawTable& raw, std::size_t place, const std::string& name, Table& table,
                      std::vector<std::int32_t>& labels) {
  const std::size_t column = raw.columns.with_use(ColumnUse::kText)[place];
  table.labels_from = raw.columns.title(column);
  labels = labels_of_column(raw.values.texts()[place],
                            "The labels of '" + name + "' in " + table.labels_from.text,
                            table.class_names);
}

// Labels without a title that says so, which leave the features.
void find_labels_beside_pixels(RawTable& raw, const ImportOptions& options, bool even_one_kind,
                               const std::string& name, Table& table,
                               std::vector<std::int32_t>& labels) {
  const LabelsBesidePixels found = labels_beside_pixels(raw.values, options, even_one_kind);
  if (found.features.empty()) return;
  const bool is_first = found.features[0] == 0;
  const std::size_t count = found.features.size();
  std::vector<std::string>& names = table.feature_names;
  table.labels_from = count > 1 ? sentence("columns.last", {count})
                      : names.empty()
                          ? sentence(is_first ? "columns.first_one" : "columns.last_one")
                          : sentence("column.named", {names[found.features[0]].substr(0, 60)});
  TextColumn texts;
  for (const std::string& text : found.texts) texts.push_back(text);
  labels = labels_of_column(texts, "The labels of '" + name + "'", table.class_names);
  std::vector<bool> kept(raw.values.features(), true);
  for (const std::size_t feature : found.features) kept[feature] = false;
  raw.values.keep_features(kept);
  if (!names.empty()) {
    names.erase(names.begin() + static_cast<std::ptrdiff_t>(found.features[0]),
                names.begin() + static_cast<std::ptrdiff_t>(found.features[0] + count));
  }
  table.notes.push_back(sentence(count > 1 ? "table.labels_one_hot" : "table.labels_beside_pixels",
                                 {table.labels_from}));
}

void add_factors(RawTable& raw, Table& table) {
  for (const std::size_t column : raw.columns.with_use(ColumnUse::kNumber)) {
    if (!raw.columns.is_left_out(column)) continue;
    std::vector<float> numbers = numbers_of_column(raw, column);
    const bool has_gaps =
        std::ranges::any_of(numbers, [](float value) { return std::isnan(value); });
    if (has_gaps || numbers.empty()) {
      table.notes.push_back(sentence("table.no_colour", {raw.columns.title(column)}));
      continue;
    }
    const auto [low, high] = std::ranges::minmax_element(numbers);
    table.factors.push_back({raw.columns.key(column), "", *low, *high});
    table.samples.factors.push_back(std::move(numbers));
  }
}

// Columns that never change have nothing to learn.
void note_constants(Table& table) {
  const auto features = static_cast<std::size_t>(table.samples.features());
  const std::span<const float> values = table.samples.values();
  if (table.samples.count() < 2) return;
  std::vector<std::uint8_t> changes(features);
  for (std::size_t start = features; start + features <= values.size(); start += features) {
    for (std::size_t i = 0; i < features; ++i) changes[i] |= values[start + i] != values[i];
  }
  constexpr std::ptrdiff_t kMostNamed = 4;
  std::string named;
  std::ptrdiff_t count = 0;
  for (std::size_t i = 0; i < features; ++i) {
    if (changes[i] || ++count > kMostNamed) continue;
    named += (named.empty() ? "" : ", ") + (i < table.feature_names.size()
                                                ? "'" + table.feature_names[i].substr(0, 60) + "'"
                                                : std::to_string(i + 1));
  }
  if (count == 0) return;
  if (count == 1) {
    table.notes.push_back(sentence("table.constant", {named}));
  } else {
    table.notes.push_back(
        sentence("table.constants", {count, named + (count > kMostNamed ? ", ..." : "")}));
  }
}

// A table on its side has few rows and many columns.
void note_wide(Table& table, const std::string& name) {
  constexpr Index kMany = 50;
  const Index features = table.samples.features(), rows = table.samples.count();
  if (features < kMany || features < 2 * rows) return;
  table.notes.push_back(sentence("table.wide", {name, rows, features}));
}

}  // namespace

Table read_table(std::span<const TableFile> given, const ImportOptions& options,
                 std::size_t features_of_model) {
  OpenTables files;
  for (const TableFile& file : given) files.push_back(std::make_unique<OpenTable>(file));
  const std::string& name = given[0].name;
  shape_wanted(options);  // refuses a wrong one before anything is read
  RawTable raw = read_files(files, options, features_of_model);
  files.clear();
  const TableColumns& columns = raw.columns;
  Table table;
  table.notes = columns.notes();
  for (std::size_t i = 0; i < columns.count(); ++i) table.columns.push_back(columns.key(i));
  table.feature_names = columns.feature_titles();
  if (columns.counting()) {
    table.notes.push_back(sentence("table.counting", {columns.title(*columns.counting())}));
  }

  const bool may_guess = options.label == "auto";
  // For a model labels do not count, nor what is said of words.
  std::vector<Sentence> unsaid;
  WordColumns words =
      choose_word_columns(raw.values, columns, may_guess, options.whole ? unsaid : table.notes);
  if (options.whole) words.label.reset();
  if (given.size() > 1) {
    table.held_out.assign(raw.values.rows(), false);
    std::fill(table.held_out.begin() + static_cast<std::ptrdiff_t>(raw.first_rows),
              table.held_out.end(), true);
    table.split_by = sentence("split.files");
  } else if (words.split) {
    const TextColumn& split = raw.values.texts()[*words.split];
    for (const std::uint32_t kind : split.rows()) {
      table.held_out.push_back(split_word(split.texts()[kind]) == SplitWord::kHeldOut);
    }
    table.split_by =
        sentence("split.column", {columns.title(columns.with_use(ColumnUse::kText)[*words.split])});
  }
  // Where each row is in its file, which messages tell.
  std::vector<std::uint32_t> places(raw.values.rows());
  const auto middle = places.begin() + static_cast<std::ptrdiff_t>(raw.first_rows);
  std::iota(places.begin(), middle, 0u);
  std::iota(middle, places.end(), 0u);
  leave_rows_out(raw, words.label, options, name, places, table);

  std::vector<std::int32_t> labels;
  if (words.label) {
    set_label_column(raw, *words.label, name, table, labels);
  } else if (may_guess && !columns.are_all_data() && columns.plan().pixels == 0) {
    const std::size_t features = raw.values.features();
    find_labels_beside_pixels(raw, options,
                              features_of_model > 0 && features == features_of_model + 1, name,
                              table, labels);
  }
  const std::vector<bool> all_features(raw.values.features(), true);
  const auto with_gaps = options.missing == Missing::kMedian
                             ? std::ranges::count(complete_rows(raw.values, all_features), false)
                             : 0;
  if (with_gaps > 0) {
    table.notes.push_back(sentence("table.filled", {with_gaps, raw.values.rows()}));
    Samples rows(1, std::vector<std::uint8_t>(raw.values.rows()));
    rows.labels = labels;
    std::vector<std::uint32_t> all(raw.values.rows());
    std::iota(all.begin(), all.end(), 0u);
    raw.values.fill(medians_of(
        raw.values, options.whole ? all : training_rows(rows, table.held_out, options, name)));
  }
  if (const auto& order = columns.order_for_model(); !order.empty()) {
    raw.values.reorder_features(order);
    table.feature_names = options.trained->columns;
  }
  TableSamples made = samples_of_values(raw.values, options, name);
  table.shape = made.shape;
  table.samples = std::move(made.samples);
  table.range = made.range;
  if (!table.shape.is_vector()) table.reading = made.reading;
  table.notes.insert(table.notes.end(), made.notes.begin(), made.notes.end());
  if (table.shape.is_vector() && !options.whole) note_constants(table);
  if (table.shape.is_vector() && features_of_model == 0) note_wide(table, name);
  table.samples.labels = std::move(labels);
  if (given.size() > 1 || table.left_out > 0) table.samples.rows = std::move(places);
  add_factors(raw, table);
  return table;
}

Table read_table(std::span<const std::uint8_t> file, const std::string& name,
                 const std::string& label) {
  ImportOptions options;
  options.label = label;
  const TableFile one{file, name};
  return read_table({&one, 1}, options);
}

Dataset dataset_of_table(Table& table, const std::string& set, const std::string& name,
                         const ImportOptions& options) {
  Dataset data;
  data.name = set;
  data.shape = table.shape;
  data.class_names = std::move(table.class_names);
  data.labels_from = table.labels_from.text;
  data.feature_names = std::move(table.feature_names);
  data.factors = table.factors;
  data.reading = table.reading;
  if (options.whole) {
    data.train = std::exchange(table.samples, {});
    return data;
  }
  split_table(std::exchange(table.samples, {}), table.held_out, table.split_by, options, name,
              data);
  return data;
}

Dataset dataset_of_table(std::span<const std::uint8_t> file, const std::string& name,
                         const std::string& set, const std::string& label) {
  Table table = read_table(file, name, label);
  ImportOptions options;
  options.label = label;
  return dataset_of_table(table, set, name, options);
}

}  // namespace hourglass
