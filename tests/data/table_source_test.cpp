// Tables among the files that a person gives.
#include "core/data/import/table_source.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "core/formats/gzip.h"
#include "tests/data/expect_error.h"

namespace hourglass {
namespace {

NamedBytes file_of(const std::string& path, const std::string& text) {
  return {path, {text.begin(), text.end()}};
}

Imported import_files(std::vector<NamedBytes> files, const ImportOptions& options = {}) {
  return import_data(*files_in_memory("given", std::move(files)), "set", options);
}

std::string some_rows(int first, int count, const std::string& header = "x,y,label\n") {
  std::string text = header;
  for (int i = first; i < first + count; ++i) {
    text += std::to_string(i) + ".5," + std::to_string(i % 5) + "," + (i % 2 ? "b" : "a") + "\n";
  }
  return text;
}

bool says(const Imported& imported, const std::string& part) {
  for (const std::string& note : imported.report.notes) {
    if (note.find(part) != note.npos) return true;
  }
  return false;
}

TEST_CASE("tables: one file, plain and packed, whatever its name") {
  for (const char* path : {"t.csv", "zip.train", "t"}) {
    const Imported one = import_files({file_of(path, some_rows(0, 30))});
    CHECK(one.report.kind == "table");
    CHECK(one.report.label == "column 'label'");
    CHECK(one.report.columns == std::vector<std::string>{"x", "y", "label"});
    CHECK(one.data.name == "set");
    CHECK(one.data.train.count() == 25);
    CHECK(one.data.test.count() == 5);
  }
  const std::string text = some_rows(0, 30);
  const std::vector<std::uint8_t> bytes(text.begin(), text.end());
  CHECK(import_files({{"t.csv.gz", gzip(bytes)}}).data.train.count() == 25);
}

TEST_CASE("tables: two that are called train and test are the split") {
  const auto names =
      std::vector<std::pair<const char*, const char*>>{{"train.csv", "test.csv"},
                                                       {"mnist_train.csv", "mnist_test.csv"},
                                                       {"digits.tra", "digits.tes"},
                                                       {"training.csv", "validation.csv"}};
  for (const auto& [train, test] : names) {
    CAPTURE(train);
    const Imported both =
        import_files({file_of(train, some_rows(0, 20)), file_of(test, some_rows(100, 6))});
    CHECK(both.data.train.count() == 20);
    CHECK(both.data.test.count() == 6);
    CHECK(both.data.split_by == "as the files have it");
    CHECK(both.data.class_names == std::vector<std::string>{"a", "b"});
    for (const float value : both.data.test.values()) CHECK((value >= 100 || value < 5));
  }
  const Imported apart =
      import_files({file_of("train.csv", some_rows(0, 20)), file_of("test.csv", some_rows(100, 4))},
                   {.test_share = 0.5});
  CHECK(apart.data.test.count() == 12);
  // Classes that only the held-out rows have are classes.
  const Imported more = import_files(
      {file_of("train.csv", some_rows(0, 20)), file_of("test.csv", "x,y,label\n1,2,c\n")});
  CHECK(more.data.class_names.size() == 3);
}

TEST_CASE("tables: what does not fit together is left out or refused, and said") {
  const Imported unlabelled =
      import_files({file_of("train.csv", some_rows(0, 30)), file_of("test.csv", "x,y\n1,2\n"),
                    file_of("sample_submission.csv", "id,label\n1,a\n")});
  CHECK(unlabelled.data.train.count() == 25);
  CHECK(says(unlabelled, "'test.csv' has a column less"));
  CHECK(says(unlabelled, "'sample_submission.csv' is left out"));
  CHECK(unlabelled.report.left_out == 2);
  CHECK(contains(error_of([&] {
                   import_files({file_of("train.csv", some_rows(0, 9)),
                                 file_of("test.csv", some_rows(0, 9, "y,x,label\n"))});
                 }),
                 "'test.csv' has other columns than 'train.csv': column 1 is 'y' there"));
  CHECK(contains(error_of([&] {
                   import_files(
                       {file_of("a.csv", some_rows(0, 9)), file_of("b.csv", some_rows(0, 9))});
                 }),
                 "several tables (a.csv, b.csv)"));
}

TEST_CASE("tables: what explains a table beside it is no document") {
  const std::string words = "This folder holds a table of measurements.\nSee the paper for more.\n";
  for (const char* name : {"README.txt", "readme.md", "LICENSE"}) {
    const Imported one = import_files({file_of(name, words), file_of("t.csv", some_rows(0, 30))});
    CHECK(one.report.kind == "table");
    CHECK(one.data.train.count() == 25);
  }
  CHECK(import_files({file_of("a.txt", words), file_of("b.txt", words)}).report.kind ==
        "documents");
}

TEST_CASE("tables: a share and a seed of one's own divide the rows anew") {
  const auto rows_of_seed = [](std::int64_t seed) {
    ImportOptions options;
    options.test_share = 0.25;
    options.split_seed = seed;
    return import_files({file_of("t.csv", some_rows(0, 40))}, options).data;
  };
  const Dataset one = rows_of_seed(1), same = rows_of_seed(1), other = rows_of_seed(2);
  CHECK(one.test.count() == 10);
  CHECK(one.test.rows == same.test.rows);
  CHECK(one.test.rows != other.test.rows);
  CHECK(one.split_by == "25% of each class, chosen at random");
  int of_a = 0;
  for (const std::int32_t label : one.test.labels) of_a += label == 0;
  CHECK(of_a == 5);
}

}  // namespace
}  // namespace hourglass
