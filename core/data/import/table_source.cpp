#include "core/data/import/table_source.h"

#include <algorithm>
#include <optional>

#include "core/base/error.h"
#include "core/data/import/sentences.h"
#include "core/data/import/table.h"
#include "core/data/import/table_words.h"

namespace hourglass {
namespace {

// The words of a file's name: "mnist_train.csv" has mnist, train and csv.
std::vector<std::string> words_of_name(const std::string& path) {
  std::vector<std::string> words(1);
  for (const char c : file_name_of(path)) {
    const bool divides = c == '.' || c == '_' || c == '-' || c == ' ';
    if (divides) {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

SplitWord part_of(const std::string& path) {
  for (const std::string& word : words_of_name(path)) {
    const SplitWord part = split_word(word);
    if (part != SplitWord::kNone) return part;
  }
  return SplitWord::kNone;
}

bool is_table_by_name(const std::string& path) {
  const std::string ending = ending_of(path);
  return ending == ".csv" || ending == ".tsv";
}

// A text that lies beside data to explain them.
bool is_explanation(const std::string& path) {
  constexpr std::string_view kNames[] = {"readme", "license", "licence", "about", "index"};
  const std::string ending = ending_of(path), first = words_of_name(path)[0];
  return ending == ".md" || ending == ".names" ||
         (!is_table_by_name(path) && std::ranges::any_of(kNames, [&](std::string_view name) {
           return is_same_word(first, name);
         }));
}

bool is_test(const std::string& path) {
  const auto words = words_of_name(path);
  return std::ranges::any_of(words, [](const std::string& word) {
    return is_same_word(word, "test") || is_same_word(word, "testing") || is_same_word(word, "tes");
  });
}

struct ChosenTables {
  std::optional<std::size_t> train, test;
  std::vector<std::size_t> others;
};

// One table, or one to train on and one to hold out, by their names.
ChosenTables choose_tables(const ImportRequest& request) {
  ChosenTables chosen;
  std::vector<std::size_t> tables, train, held_out;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    if (request.kinds[i] != FileKind::kText) continue;
    if (request.files.size() > 1 && is_explanation(request.files.entries()[i].path)) continue;
    tables.push_back(i);
    const SplitWord part = part_of(request.files.entries()[i].path);
    if (part == SplitWord::kTrain) train.push_back(i);
    if (part == SplitWord::kHeldOut) held_out.push_back(i);
  }
  if (tables.size() == 1) {
    chosen.train = tables[0];
    return chosen;
  }
  if (train.size() == 1) {
    chosen.train = train[0];
    // Beside a test set a validation set is left out.
    const auto test = std::ranges::find_if(
        held_out, [&](std::size_t file) { return is_test(request.files.entries()[file].path); });
    if (test != held_out.end()) chosen.test = *test;
    if (!chosen.test && held_out.size() == 1) chosen.test = held_out[0];
  }
  for (const std::size_t file : tables) {
    if (file != chosen.train && file != chosen.test) chosen.others.push_back(file);
  }
  return chosen;
}

[[noreturn]] void throw_several(const ImportRequest& request) {
  std::string names;
  for (std::size_t i = 0; i < request.files.size() && names.size() < 200; ++i) {
    if (request.kinds[i] != FileKind::kText) continue;
    names += (names.empty() ? "" : ", ") + request.files.entries()[i].path;
  }
  throw Refusal(sentence("table.several", {request.files.name(), names}));
}

// How many fields the first line has.
std::size_t fields_of_first_line(std::span<const std::uint8_t> bytes, const std::string& name) {
  std::string converted;
  const std::string_view text = table_text(bytes, name, converted);
  TableScanner records(text, layout_of(text), name);
  TableFields fields;
  return records.next(fields, std::size_t{1} << 16) ? fields.size() : 0;
}

}  // namespace

bool takes_tables(const ImportRequest& request) { return request.count(FileKind::kText) > 0; }

bool takes_table_folder(const ImportRequest& request) {
  if (request.known_words || request.files.size() < 2) return false;
  std::size_t tables = 0;
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    const std::string& path = request.files.entries()[i].path;
    if (request.kinds[i] != FileKind::kText || is_explanation(path)) continue;
    if (!is_table_by_name(path)) return false;
    ++tables;
  }
  return tables > 0;
}

Imported import_tables(const ImportRequest& request) {
  const ChosenTables chosen = choose_tables(request);
  if (!chosen.train) throw_several(request);
  Imported result;
  const std::string name = request.files.title(*chosen.train);
  Table table;
  {
    const FileContent train = request.view(*chosen.train);
    std::optional<FileContent> test;
    std::vector<TableFile> files = {{train.bytes(), name}};
    if (chosen.test) {
      test = request.view(*chosen.test);
      const std::string test_name = request.files.title(*chosen.test);
      const std::size_t here = fields_of_first_line(train.bytes(), name);
      const std::size_t there = fields_of_first_line(test->bytes(), test_name);
      if (there + 1 == here) {
        result.report.notes.push_back(sentence("table.test_without_labels", {test_name, name}));
        ++result.report.left_out;
      } else {
        files.push_back({test->bytes(), test_name});
      }
    }
    const auto& trained = request.options.trained;
    // Titles that the model knows say more than their number.
    const bool by_number = request.options.whole && trained;
    table = read_table(files, request.options,
                       by_number ? static_cast<std::size_t>(trained->shape.features()) : 0);
  }
  ImportReport& report = result.report;
  report.kind = "table";
  report.label = table.labels_from;
  report.split = table.split_by;
  report.left_out += table.left_out + std::ssize(chosen.others);
  report.notes.insert(report.notes.end(), table.notes.begin(), table.notes.end());
  report.columns = table.columns;
  if (!table.shape.is_vector()) report.range = {table.range.low, table.range.high};
  for (const std::size_t file : chosen.others) {
    report.notes.push_back(sentence("files.one_left_out", {request.files.entries()[file].path}));
  }
  result.data = dataset_of_table(table, request.set, name, request.options);
  return result;
}

}  // namespace hourglass
