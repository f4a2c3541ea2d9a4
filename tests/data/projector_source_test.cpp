// Vectors and metadata as the Embedding Projector takes them.
#include "core/data/import/projector_source.h"

#include <doctest/doctest.h>

#include <string_view>

#include "tests/data/expect_error.h"
#include "tests/data/import_of.h"

namespace hourglass {
namespace {

std::vector<std::uint8_t> lines(std::string_view text) { return {text.begin(), text.end()}; }

const char* const kVectors = "0.5\t1\t-2e3\n1\t2\t3\r\n4\t5\t6\n7\t8\t9\n";

Imported with(std::string_view metadata, const ImportOptions& options = {},
              std::string_view vectors = kVectors) {
  return import_of({{"metadata.tsv", lines(metadata)}, {"vectors.tsv", lines(vectors)}}, options);
}

TEST_CASE("projector data: numbers, and the first column that has classes") {
  const Imported imported = with("Word\tKind\none\ta\ntwo\tb\nthree\ta\nfour\tb\n");
  CHECK(imported.report.kind == "vectors");
  CHECK(imported.data.shape == ImageShape{1, 1, 3});
  CHECK(imported.data.train.count() + imported.data.test.count() == 4);
  CHECK(imported.data.class_names == std::vector<std::string>{"a", "b"});
  CHECK(imported.data.labels_from == "column 'Kind' of 'metadata.tsv'");
  CHECK(imported.report.columns == std::vector<std::string>{"Word", "Kind"});
  for (std::size_t i = 0; i < imported.data.train.rows.size(); ++i) {
    if (imported.data.train.rows[i] == 0) CHECK(imported.data.train.values()[3 * i + 2] == -2000);
    CHECK(imported.data.train.labels[i] ==
          static_cast<std::int32_t>(imported.data.train.rows[i] % 2));
  }
  ImportOptions options;
  options.label = "Word";
  CHECK(with("Word\tKind\none\ta\ntwo\tb\nthree\ta\nfour\tb\n", options).data.class_names.size() ==
        4);
  options.label = "Size";
  CHECK(contains(error_of([&] { with("Word\tKind\n1\ta\n2\tb\n3\ta\n4\tb\n", options); }),
                 "no column 'Size' (data.label), but 'Word', 'Kind'"));
  options.label = "none";
  CHECK(with("a\na\nb\nb\n", options).data.class_names.empty());
}

TEST_CASE("projector data: one column has no header") {
  CHECK(with("a\nb\na\nb\n").data.class_names == std::vector<std::string>{"a", "b"});
  const Imported words = with("one\ntwo\nthree\nfour\n");
  CHECK(words.data.class_names.empty());
  CHECK(contains(words.report.notes[0], "No column of"));
}

TEST_CASE("projector data: what does not fit is named by its line") {
  CHECK(contains(error_of([] { with("a\nb\n"); }), "has 2 lines for 4 vectors"));
  CHECK(contains(error_of([] { with("a\nb\na\n", {}, "1\t2\n3\t4\n5\n"); }),
                 "Line 3 of 'vectors.tsv' has 1 numbers, and the first has 2"));
  CHECK(contains(error_of([] { with("a\nb\na\n", {}, "1\t2\n3\tx\n5\t6\n"); }),
                 "Line 2 of 'vectors.tsv' has 'x' where a number is needed"));
}

}  // namespace
}  // namespace hourglass
