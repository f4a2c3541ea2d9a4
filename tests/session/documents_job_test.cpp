// The job "documents" as a session finds it, and what it answers.
#include "core/session/engine/jobs/documents_job.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>

#include "core/text/documents.h"
#include "tests/data/expect_error.h"
#include "tests/support/job_results.h"
#include "tests/support/texts_session.h"

using namespace hourglass;
using namespace hourglass::session;
using tests::answered;
using tests::Driver;
using tests::fields_of;
using tests::finished;
using tests::floats_of;
using tests::indices_of;
using tests::refused_question;
using tests::use_texts;

TEST_CASE("the job tells of every document, and how well codes, LSA and words find its topic") {
  Driver driver;
  use_texts(driver);
  const JobResult found = finished(driver, "documents");
  const auto fields = fields_of(found);
  const std::size_t count = fields["documents"];
  CHECK(static_cast<std::int64_t>(count) == driver.data.train_count + driver.data.test_count);
  CHECK(count > 370);
  CHECK(fields["searched"] == driver.data.train_count);
  CHECK(fields["unmeasured"] == "");
  REQUIRE(fields["titles"].size() == count);
  const auto labels = indices_of(found, "labels");
  CHECK(std::set<std::uint32_t>(labels.begin(), labels.end()).size() == 10);
  CHECK(floats_of(found, "points").size() == 2 * count);
  // The terms of a document are words of it, but for forms that its first words do not show.
  const auto terms = indices_of(found, "terms");
  REQUIRE(terms.size() == 6 * count);
  for (std::size_t i = 0; i < count; ++i) CHECK(terms[6 * i] < 300);
  const auto retrieved = indices_of(found, "retrieved");
  CHECK(retrieved.front() == 1);
  CHECK(retrieved.back() == driver.data.train_count);
  for (const char* name : {"tfidf", "lsa", "code"}) {
    CAPTURE(name);
    const Floats precision = floats_of(found, std::string(name) + "_precision");
    const Floats recall = floats_of(found, std::string(name) + "_recall");
    REQUIRE(precision.size() == retrieved.size());
    CHECK(std::is_sorted(recall.begin(), recall.end()));
    CHECK(recall.back() == doctest::Approx(1));
    CHECK(precision.back() == doctest::Approx(0.1).epsilon(0.05));
  }
  // By their words most are found; what a network does not know yet is found by chance.
  CHECK(fields["tfidf_precision_at_10"].get<double>() > 0.3);
  CHECK(fields["code_precision_at_10"].get<double>() < 0.25);
}

TEST_CASE("a query lands where its documents are, in English and in Chinese") {
  Driver driver;
  use_texts(driver, 2000);
  driver.run_epochs(20);
  const JobResult found = finished(driver, "documents");
  // Chance would be a tenth.
  CHECK(fields_of(found)["code_precision_at_10"].get<double>() > 0.2);
  const auto titles = fields_of(found)["titles"];
  const Documents corpus = read_documents(tests::built_in_texts().documents, "texts");
  bool has_chinese = false, has_english = false;
  for (const std::size_t document : {0, 1, 2, 3, 4, 5, 6, 7}) {
    const std::string title = titles[document];
    const std::string start = title.substr(0, title.find("..."));
    for (Index i = 0; i < corpus.count(); ++i) {
      if (!corpus.text(i).starts_with(start)) continue;
      // The whole text as a query is the document.
      const nlohmann::json question = {{"query", std::string(corpus.text(i))}};
      const JobResult answer = answered(driver, question.dump());
      CHECK(indices_of(answer, "query_words").size() > 2);
      CHECK(indices_of(answer, "nearest").front() == document);
      const Floats distances = floats_of(answer, "distances");
      CHECK(distances.front() == doctest::Approx(0).epsilon(1e-3));
      CHECK(std::is_sorted(distances.begin(), distances.end()));
      (start[0] & 0x80 ? has_chinese : has_english) = true;
    }
  }
  CHECK(has_chinese);
  CHECK(has_english);
  const JobResult near = answered(driver, R"({"document":0})");
  CHECK(indices_of(near, "nearest").size() == 10);
  for (const std::uint32_t document : indices_of(near, "nearest")) CHECK(document != 0);
  // Words that nobody has used are nowhere.
  const JobResult nowhere = answered(driver, R"({"query":"zzyzx qwrtp"})");
  CHECK(indices_of(nowhere, "query_words").empty());
  CHECK(!tests::has_array(nowhere, "at"));
}

TEST_CASE("a place of the map has words, the likeliest first, and documents that lie around it") {
  Driver driver;
  use_texts(driver);
  driver.send(
      SetSettings{{{"model.encoder", std::string(R"([{"units":16},{"units":2}])")},
                   {"model.decoder",
                    std::string(R"([{"units":16},{"units":"input","activation":"softmax"}])")}}});
  driver.settle();
  driver.run_epochs(2);
  const JobResult found = finished(driver, "documents");
  const Floats points = floats_of(found, "points");
  const JobResult answer = answered(driver, "{\"place\":[" + std::to_string(points[10]) + "," +
                                                std::to_string(points[11]) + "]}");
  CHECK(indices_of(answer, "nearest").front() == 5);
  const Floats shares = floats_of(answer, "shares");
  REQUIRE(shares.size() == 12);
  CHECK(std::is_sorted(shares.rbegin(), shares.rend()));
  CHECK(shares.front() > 1.0f / 300);
  CHECK(floats_of(answer, "at")[0] == doctest::Approx(points[10]));
  // As the decoder draws them.
  driver.send(Decode{{points[10], points[11]}}, 4);
  const Floats& drawn = driver.replies.back().images;
  CHECK(std::max_element(drawn.begin(), drawn.end()) - drawn.begin() ==
        static_cast<std::ptrdiff_t>(indices_of(answer, "expected").front()));
}

TEST_CASE("the map and the curve are of the network that was last asked for") {
  Driver driver;
  use_texts(driver);
  const JobResult found = finished(driver, "documents");
  const Floats before = floats_of(found, "points");
  driver.run_epochs(3);
  CHECK(floats_of(answered(driver), "points") == before);
  const Floats after = floats_of(answered(driver, R"({"refresh":1})"), "points");
  CHECK(after != before);
  CHECK(floats_of(answered(driver, R"({"refresh":1,"document":3})"), "points") == after);
}

TEST_CASE("the job about documents has the same bits on any number of threads") {
  Bytes expected;
  for (const int threads : {1, 2, 8}) {
    CAPTURE(threads);
    Driver driver(threads);
    use_texts(driver);
    driver.send(Step{7});
    driver.settle();
    Bytes bytes = encode(Event(finished(driver, "documents")));
    const Bytes answer = encode(Event(answered(driver, R"({"query":"music","refresh":2})")));
    bytes.insert(bytes.end(), answer.begin(), answer.end());
    if (threads == 1) expected = bytes;
    CHECK(bytes == expected);
  }
}

TEST_CASE("what the job about documents cannot do it refuses in a sentence") {
  Driver images;
  CHECK(contains(tests::refusal(images, "documents"), "'strokes' holds no documents"));
  Driver driver;
  use_texts(driver);
  finished(driver, "documents");
  CHECK(contains(refused_question(driver, R"({"query":"a","document":1})"), "one of the three"));
  CHECK(contains(refused_question(driver, R"({"query":5})"), "a text of at most 10000 bytes"));
  CHECK(contains(refused_question(driver, R"({"document":1400})"), "from 0 to 3"));
  CHECK(contains(refused_question(driver, R"({"place":[1]})"), "a list of 2 numbers"));
}

TEST_CASE("documents of one topic, or of none, are found and not measured") {
  for (const bool has_topic : {true, false}) {
    CAPTURE(has_topic);
    Driver driver;
    driver.send(LoadPreset{"text-quick"});
    driver.settle();
    ProvideData data;
    data.name = "texts";
    std::string text;
    for (int i = 0; i < 24; ++i) {
      text += has_topic ? "one\t" : "";
      text += "apple pear plum word" + std::to_string(i) + " word" + std::to_string(i / 2) + "\n";
    }
    data.documents.assign(text.begin(), text.end());
    driver.send(std::move(data));
    driver.settle();
    const JobResult found = finished(driver, "documents");
    CHECK(fields_of(found)["unmeasured"] == (has_topic ? "topics" : "labels"));
    CHECK(!tests::has_array(found, "code_precision"));
    CHECK(indices_of(answered(driver, R"({"query":"apple"})"), "nearest").size() == 10);
  }
}
