// Which columns of a table of documents are texts and labels.
#include "core/text/document_columns.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/text/documents.h"
#include "tests/data/expect_error.h"
#include "tests/data/import_of.h"

using namespace hourglass;

namespace {

std::vector<std::uint8_t> file_of(const std::string& text) { return {text.begin(), text.end()}; }

Documents read(const std::string& text, const DocumentWish& wish = {}, bool is_csv = true) {
  DocumentFormat format;
  format.kind = is_csv ? DocumentFormat::Kind::kCsv : DocumentFormat::Kind::kLines;
  format.wish = wish;
  return read_documents(file_of(text), "x", format);
}

using Names = std::vector<std::string>;

const std::string kReviews =
    "review,sentiment\n"
    "\"A film, which I liked a lot\",positive\n"
    "This was boring from the first minute,negative\n"
    "I have seen better ones in my life,negative\n"
    "The best of all that I have seen,positive\n";

}  // namespace

TEST_CASE("titles that are none of ours are known by what is below them") {
  const Documents all = read(kReviews);
  CHECK(all.count() == 4);
  CHECK(all.text(0) == "A film, which I liked a lot");
  CHECK(all.label_names() == Names{"negative", "positive"});
  CHECK(all.labels_from() == "column 'sentiment'");
  REQUIRE(all.notes().size() == 1);
  CHECK(contains(all.notes()[0], "in column 'review' and their labels in column 'sentiment'"));
  CHECK(contains(all.notes()[0], "data.label"));
  // Any titles will do.
  std::string other = kReviews;
  other.replace(0, other.find('\n'), "was_gefaellt,urteil");
  CHECK(read(other).label_names() == Names{"negative", "positive"});
}

TEST_CASE("a column of numbers beside topics and texts is no label") {
  std::string commas, tabs;
  for (int i = 0; i < 12; ++i) {
    const std::string topic = i % 2 ? "grain" : "oil";
    const std::string words = "prices of it rose by " + std::to_string(i) + " percent today";
    commas += std::to_string(100 + i) + "," + topic + "," + words + "\n";
    tabs += std::to_string(100 + i) + "\t" + topic + "\t" + words + "\n";
  }
  for (const Documents& all : {read(commas), read(tabs, {}, /*is_csv=*/false)}) {
    CHECK(all.count() == 12);
    CHECK(all.text(1) == "prices of it rose by 1 percent today");
    CHECK(all.label_names() == Names{"grain", "oil"});
    CHECK(contains(all.notes()[0], "in column 3 and their labels in column 2"));
  }
  CHECK(read("id,topic,text\n" + commas).label_names() == Names{"grain", "oil"});
}

TEST_CASE("a person's word about columns of documents counts") {
  CHECK(read(kReviews, {.label = "none"}).label_names().empty());
  CHECK(read(kReviews, {.label = "sentiment"}).label_names().size() == 2);
  CHECK(read(kReviews, {.label = "2"}).label_names().size() == 2);
  CHECK(read(kReviews, {.label = "last"}).label_names().size() == 2);
  CHECK(read(kReviews, {.header = false}).count() == 5);
  CHECK(contains(error_of([] { read(kReviews, {.label = "mood"}); }),
                 "no column 'mood' for data.label; there are review, sentiment"));
  CHECK(
      contains(error_of([] { read(kReviews, {.label = "review"}); }), "the column with the texts"));
  const std::string plain = "sun,hot and large\nmoon,cold and small\n";
  CHECK(read(plain).count() == 2);
  CHECK(read(plain, {.header = true}).count() == 1);
  const std::string lines = "topic\tone two\nb\tthree\nno label\n";
  CHECK(read(lines, {.header = true}, false).count() == 2);
  CHECK(read(lines, {.label = "none"}, false).label_names().empty());
}

TEST_CASE("pages and JSON that are called tables are no documents") {
  for (const char* name : {"x.csv", "x.tsv", "x.txt"}) {
    CAPTURE(name);
    const std::string sentence = error_of([&] {
      import_of({{name, file_of("<!DOCTYPE html>\n<html><body>Sign in to see this file, please, "
                                "and try once more</body></html>\n")}});
    });
    CHECK(contains(sentence, "web page"));
  }
  CHECK(contains(error_of([] {
                   import_of(
                       {{"x.csv", file_of("[{\"text\": \"a number of words that are a text\"}]")}});
                 }),
                 "JSON"));
}

TEST_CASE("what the import says of documents with columns") {
  // Often enough that held-out reviews have words of the others.
  std::string reviews = kReviews;
  for (int i = 0; i < 3; ++i) reviews += kReviews.substr(kReviews.find('\n') + 1);
  const Imported all = import_of({{"x.csv", file_of(reviews)}});
  CHECK(all.report.kind == "documents");
  CHECK(all.data.labels_from == "column 'sentiment'");
  CHECK(all.report.label == "column 'sentiment'");
  CHECK(all.report.columns == Names{"review", "sentiment"});
  CHECK(all.report.notes.size() == 1);
  ImportOptions none;
  none.label = "none";
  CHECK(import_of({{"x.csv", file_of(reviews)}}, none).data.class_names.empty());
}
