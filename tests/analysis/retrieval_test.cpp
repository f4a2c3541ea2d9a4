#include "core/analysis/retrieval.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "core/analysis/lsa.h"
#include "core/math/random.h"
#include "tests/data/expect_error.h"
#include "tests/text/golden_text.h"

using namespace hourglass;
using hourglass::tests::golden_text;

namespace {

ConstMatrixView all_of(const Matrix& matrix) { return columns(matrix, 0, matrix.cols()); }

Matrix row_of(std::initializer_list<Scalar> values) {
  Matrix row(1, static_cast<Index>(values.size()));
  Index j = 0;
  for (const Scalar value : values) row(0, j++) = value;
  return row;
}

}  // namespace

TEST_CASE("retrieval: precision and recall of codes on a line") {
  const Matrix documents = row_of({0, 1, 2, 3, 10, 11}), queries = row_of({0.1f, 10.4f});
  const std::vector<std::int32_t> labels = {0, 0, 1, 0, 1, 1}, asked = {0, 1};
  ThreadPool pool(1);
  const RetrievalQuality quality =
      retrieval_quality(all_of(documents), all_of(queries),
                        {.labels = labels, .query_labels = asked, .label_count = 3, .k = 2},
                        RetrievalDistance::kEuclidean, pool);
  CHECK(quality.retrieved == std::vector<Index>{1, 3, 6});
  // The first finds 0, 0, 1, 0, 1, 1; the second 1, 1, 0, 1, 0, 0.
  CHECK(quality.precision_at_k == 1);
  CHECK(quality.precision_by_label[0] == 1);
  CHECK(quality.precision_by_label[1] == 1);
  CHECK(std::isnan(quality.precision_by_label[2]));
  CHECK(quality.precision[1] == doctest::Approx(2.0 / 3));
  CHECK(quality.recall[0] == doctest::Approx(1.0 / 3));
  CHECK(quality.recall[1] == doctest::Approx(2.0 / 3));
  CHECK(quality.precision[2] == doctest::Approx(0.5));
  CHECK(quality.recall[2] == 1);
}

TEST_CASE("retrieval: equally far documents by their number, and unlabelled ones count as misses") {
  const Matrix documents = row_of({1, 1, 1, -1}), queries = row_of({0, 0});
  const std::vector<std::int32_t> labels = {-1, 0, 1, 0}, asked = {0, -1};
  ThreadPool pool(1);
  const RetrievalTask task{.labels = labels, .query_labels = asked, .label_count = 2, .k = 2};
  for (const auto distance : {RetrievalDistance::kEuclidean, RetrievalDistance::kCosine}) {
    const auto quality =
        retrieval_quality(all_of(documents), all_of(queries), task, distance, pool);
    CHECK(quality.precision_at_k == 0.5);
    CHECK(quality.recall == std::vector<double>{0, 0.5, 1});
  }
}

TEST_CASE("retrieval: precision is scikit-learn's") {
  const auto& golden = golden_text();
  const Vocabulary vocabulary = golden.vocabulary();
  const TfIdf tfidf(vocabulary.count(golden.searched));
  const WordWeights searched = tfidf.weights(vocabulary.count(golden.searched));
  const WordWeights asking = tfidf.weights(vocabulary.count(golden.asking));
  ThreadPool pool(1);
  Lsa lsa(searched, static_cast<Index>(golden.json["singular_values"].size()), pool);
  while (lsa.advance()) continue;
  const Matrix codes = lsa.codes(searched), asking_codes = lsa.codes(asking);
  const RetrievalTask task{golden.searched_labels, golden.asking_labels, 3, golden.json["nearest"]};
  CHECK(retrieval_quality(searched, asking, task, pool).precision_at_k ==
        doctest::Approx(golden.json["tfidf_precision"].get<double>()));
  for (const auto& [distance, name] :
       {std::pair{RetrievalDistance::kEuclidean, "euclidean_precision"},
        {RetrievalDistance::kCosine, "cosine_precision"}}) {
    CHECK(retrieval_quality(all_of(codes), all_of(asking_codes), task, distance, pool)
              .precision_at_k == doctest::Approx(golden.json[name].get<double>()));
  }
}

TEST_CASE("retrieval: the bits do not depend on the number of threads") {
  constexpr Index kDocuments = 300, kQueries = 50;
  Matrix documents(4, kDocuments), queries(4, kQueries);
  std::vector<std::int32_t> labels, asked;
  Random random(1, RandomStream::kTest, 0, 0);
  for (Index j = 0; j < kDocuments; ++j) {
    for (Index i = 0; i < 4; ++i) documents(i, j) = random.normal();
    labels.push_back(static_cast<std::int32_t>(random.below(5)) - 1);
  }
  for (Index j = 0; j < kQueries; ++j) {
    for (Index i = 0; i < 4; ++i) queries(i, j) = random.normal();
    asked.push_back(static_cast<std::int32_t>(random.below(4)));
  }
  const RetrievalTask task{labels, asked, 4, 10};
  ThreadPool one(1), three(3);
  for (const auto distance : {RetrievalDistance::kEuclidean, RetrievalDistance::kCosine}) {
    const auto first = retrieval_quality(all_of(documents), all_of(queries), task, distance, one);
    const auto second =
        retrieval_quality(all_of(documents), all_of(queries), task, distance, three);
    CHECK(first.precision == second.precision);
    CHECK(first.recall == second.recall);
    CHECK(first.precision_by_label == second.precision_by_label);
    CHECK(first.recall.back() == doctest::Approx(1));
  }
}

TEST_CASE("retrieval: what cannot be measured is refused") {
  const Matrix documents = row_of({1, 2}), queries = row_of({1});
  const std::vector<std::int32_t> labels = {0, 1}, asked = {0}, none = {-1};
  ThreadPool pool(1);
  const auto refusal = [&](const Matrix& codes, std::span<const std::int32_t> asks, Index k) {
    return error_of([&] {
      retrieval_quality(all_of(codes), all_of(queries), {labels, asks, 2, k},
                        RetrievalDistance::kEuclidean, pool);
    });
  };
  CHECK(contains(refusal(documents, asked, 3), "Precision at 3 needs that many documents"));
  CHECK(contains(refusal(documents, none, 1), "queries with a label"));
  CHECK(contains(refusal(row_of({1, std::numeric_limits<Scalar>::infinity()}), asked, 1),
                 "too large to have distances"));
}
