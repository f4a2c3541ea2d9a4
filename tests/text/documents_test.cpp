#include "core/text/documents.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/formats/gzip.h"
#include "tests/data/expect_error.h"

using namespace hourglass;

namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

Documents read(std::string_view text, const DocumentFormat& format = {}) {
  return read_documents(bytes_of(text), "x.tsv", format);
}

Documents read_csv_documents(std::string_view text) {
  return read(text, {.kind = DocumentFormat::Kind::kCsv});
}

std::string refusal(std::string_view text, const DocumentFormat& format = {}) {
  return error_of([&] { read(text, format); });
}

std::vector<std::string> labels_of(const Documents& documents, Index i) {
  std::vector<std::string> names;
  for (const std::uint32_t label : documents.labels(i)) {
    names.push_back(documents.label_names()[label]);
  }
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("documents: one a line, with labels before a tab") {
  const Documents all =
      read("earn\tprofits rose\r\n\ntrade|acq|trade\tone\tbought  another\nno label\n");
  CHECK(all.count() == 3);
  CHECK(all.text(0) == "profits rose");
  CHECK(all.text(1) == "one bought  another");
  CHECK(all.text(2) == "no label");
  CHECK(all.label_names() == Names{"acq", "earn", "trade"});
  CHECK(labels_of(all, 0) == Names{"earn"});
  CHECK(labels_of(all, 1) == Names{"acq", "trade"});  // each once
  CHECK(all.labels(2).empty());
  CHECK(all.line(0) == 1);
  CHECK(all.line(1) == 3);
  CHECK(all.line(2) == 4);
  CHECK(all.texts().size() == 3);
  CHECK(all.lines_without_text().empty());
}

TEST_CASE("documents: headers, byte order marks, control characters, lines without text") {
  const Documents all =
      read("\xEF\xBB\xBFTopic\tText\na\tone\x01two\x7f \nb\t \t\nc\tfour\xC2\x85six");
  CHECK(all.count() == 2);
  CHECK(all.text(0) == "one two");
  CHECK(all.text(1) == "four six");
  CHECK(all.lines_without_text() == std::vector<std::size_t>{3});
  CHECK(all.label_names() == Names{"a", "c"});  // b has no document
  // Without a tab these are words.
  CHECK(read("text\nmore\n").count() == 2);
}

TEST_CASE("documents: entities are undone where the format has them") {
  const std::string text = "a&amp;b\tAT&amp;T &lt;T.N&gt; &amp;lt; R&D &copy;\n";
  CHECK(read(text).text(0) == "AT&amp;T &lt;T.N&gt; &amp;lt; R&D &copy;");
  const Documents undone = read(text, {.entities = true});
  CHECK(undone.text(0) == "AT&T <T.N> &lt; R&D &copy;");
  CHECK(undone.label_names() == Names{"a&b"});
}

TEST_CASE("documents: tables with quotes, and with named columns") {
  const Documents two = read_csv_documents("sun,\"hot, and\nlarge\"\nmoon,cold\n");
  CHECK(two.count() == 2);
  CHECK(two.text(0) == "hot, and large");
  CHECK(labels_of(two, 1) == Names{"moon"});
  const Documents named = read_csv_documents("id;Text;Label\n1;hot;sun\n2;cold;moon\n");
  CHECK(named.count() == 2);
  CHECK(named.text(1) == "cold");
  CHECK(labels_of(named, 0) == Names{"sun"});
  const Documents texts = read_csv_documents("text\nhot\ncold\n");
  CHECK(texts.count() == 2);
  CHECK(texts.label_names().empty());
  CHECK(document_format("a/B.CSV.gz").kind == DocumentFormat::Kind::kCsv);
  CHECK(document_format("a.tsv").kind == DocumentFormat::Kind::kLines);
  CHECK(document_format("a.txt.gz").kind == DocumentFormat::Kind::kLines);
}

TEST_CASE("documents: gzip") {
  const auto packed = gzip(bytes_of("a\tone\nb\ttwo\n"));
  CHECK(read_documents(packed, "x.tsv.gz").count() == 2);
  CHECK(contains(error_of([] { read_documents(gzip({}), "x.tsv.gz"); }), "is empty"));
}

TEST_CASE("documents: what cannot be read is refused by a sentence") {
  CHECK(refusal("") ==
        "'x.tsv' is empty; documents are text in UTF-8, one a line, with a label and a tab before "
        "it if they have one.");
  CHECK(contains(refusal("\n \n\t\n"), "holds no text: all of its lines are blank"));
  CHECK(contains(refusal("a\t\nb\t \n"), "holds no text: its lines are labels alone"));
  CHECK(refusal("a\tone\nb\tcaf\xe9\n") ==
        "'x.tsv', line 2, is not UTF-8: the byte 0xE9 belongs to no character; save the file as "
        "UTF-8.");
  CHECK(contains(refusal(std::string_view("\xff\xfe"
                                          "a\0",
                                          4)),
                 "is in UTF-16; save it as UTF-8"));
  CHECK(contains(refusal(std::string_view("PK\x03\x04\0\0", 6)), "is not text"));
  CHECK(contains(refusal("a,b,c\n", {.kind = DocumentFormat::Kind::kCsv}), "none is called text"));
  CHECK(contains(refusal("a,b\na,b,c\n", {.kind = DocumentFormat::Kind::kCsv}),
                 "line 2, there are 3 fields instead of 2; a text with commas in it"));
  std::string many;
  for (std::size_t i = 0; i <= kMaxDocumentLabels; ++i) many += std::to_string(i) + "\tx\n";
  CHECK(contains(refusal(many), "more than 1000 different labels"));
}

TEST_CASE("documents: those with one of the most frequent labels") {
  const Documents all = read("b\t1\nb\t2\nc\t3\na\t4\na\t5\nb|c\t6\nc|d\t7\nd|c\t8\nnothing\n");
  const SingleTopics two = single_topics(all, 2);
  CHECK(two.names == Names{"a", "b"});
  CHECK(two.documents == std::vector<Index>{0, 1, 3, 4});
  CHECK(two.labels == std::vector<std::int32_t>{1, 1, 0, 0});
  // d never stands alone.
  CHECK(single_topics(all, 10).names == Names{"a", "b", "c"});
  CHECK(single_topics(read("no label\n"), 10).documents.empty());
}

TEST_CASE("lines are named, the first of many") {
  CHECK(lines_text(std::vector<std::size_t>{7}) == "line 7");
  CHECK(lines_text(std::vector<std::size_t>{3, 17, 20}) == "lines 3, 17 and 20");
  CHECK(lines_text(std::vector<std::size_t>{1, 2, 3, 4, 5, 6, 7}) ==
        "lines 1, 2, 3, 4, 5 and 2 more");
}
