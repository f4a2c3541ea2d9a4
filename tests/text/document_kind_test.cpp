// What tells documents from tables of numbers.
#include "core/text/document_kind.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/base/file.h"
#include "tests/support/source_path.h"

using namespace hourglass;

namespace {

std::vector<std::uint8_t> file_of(const std::string& text) { return {text.begin(), text.end()}; }

bool are_documents(const std::string& text) { return holds_documents(file_of(text), "x"); }

}  // namespace

TEST_CASE("a file of texts is told from a table of numbers by what is in it") {
  CHECK(
      are_documents("oil\tCrude oil prices rose again today.\ngrain\tWheat is cheap this year\n"));
  CHECK(are_documents("No label stands before this text, and it has 2 commas, and 1 number.\n"));
  CHECK(are_documents("动物\t北极熊生活在北极的浮冰上，靠捕食海豹为生。\n"));
  CHECK(are_documents("label,text\na,b\n"));
  CHECK(are_documents("id;topic;\"Body\"\n1;a;b\n"));
  CHECK(are_documents("\xEF\xBB\xBF\nsport,\"The cup final, played at night, was lost\"\n"));

  CHECK(!are_documents("a,b,c\n1,2,3\n4,5,6\n"));
  CHECK(
      !are_documents("sepal length,sepal width,species\n5.1,3.5,Iris setosa\n4.9,3,Iris setosa\n"));
  CHECK(!are_documents("1\t2\t3\t4\t5\n1\t2\t3\t4\t5\n"));
  CHECK(!are_documents("0.5 0.25 1e-3 0.125\n1 2 3 4\n"));
  CHECK(!are_documents(""));
  CHECK(!are_documents("\n\n"));
  // A long header over few rows of numbers.
  std::string titles = "c0", row = "0";
  for (int i = 1; i < 40; ++i) {
    titles += ",c" + std::to_string(i);
    row += "," + std::to_string(i);
  }
  CHECK(!are_documents(titles + "\n" + row + "\n" + row + "\n" + row + "\n"));
}

TEST_CASE("the corpus holds documents") {
  CHECK(holds_documents(read_file(source_path("/assets/corpus/documents.tsv")), "it"));
}
