#include "core/analysis/lsa.h"

#include <doctest/doctest.h>

#include <cmath>

#include "core/math/random.h"
#include "tests/data/expect_error.h"
#include "tests/text/golden_text.h"

using namespace hourglass;
using hourglass::tests::golden_text;

namespace {

WordWeights random_weights(Index documents, Index words) {
  WordCounts counts;
  counts.columns = words;
  for (Index i = 0; i < documents; ++i) {
    Random random(3, RandomStream::kTest, 0, static_cast<std::uint32_t>(i));
    for (Index word = 0; word < words; ++word) {
      // Words of a document's own half come more often.
      if (random.below((word < words / 2) == (i % 2 == 0) ? 10 : 40) != 0) continue;
      counts.indices.push_back(static_cast<std::uint32_t>(word));
      counts.values.push_back(1 + random.below(3));
    }
    counts.end_row();
  }
  return TfIdf(counts).weights(counts);
}

}  // namespace

TEST_CASE("LSA: singular values and codes are scikit-learn's") {
  const auto& golden = golden_text();
  const Vocabulary vocabulary = golden.vocabulary();
  const TfIdf tfidf(vocabulary.count(golden.searched));
  const WordWeights searched = tfidf.weights(vocabulary.count(golden.searched));
  const WordWeights asking = tfidf.weights(vocabulary.count(golden.asking));
  ThreadPool pool(1);
  const Index size = static_cast<Index>(golden.json["singular_values"].size());
  Lsa lsa(searched, size, pool);
  while (lsa.advance()) continue;
  for (Index k = 0; k < size; ++k) {
    CHECK(lsa.singular_values()[k] ==
          doctest::Approx(golden.json["singular_values"][static_cast<std::size_t>(k)].get<double>())
              .epsilon(1e-9));
  }
  const double rounding = sizeof(Scalar) == 4 ? 1e-6 : 1e-8;
  for (const auto& [weights, name] : {std::pair{&searched, "codes"}, {&asking, "asking_codes"}}) {
    const Matrix codes = lsa.codes(*weights);
    for (Index k = 0; k < size; ++k) {
      const auto theirs = [&](const char* of, Index i) {
        return golden.json[of][static_cast<std::size_t>(i)][static_cast<std::size_t>(k)]
            .get<double>();
      };
      // Signs are free, but the same for all documents.
      const Matrix ours = lsa.codes(searched);
      const double sign = static_cast<double>(ours(k, 0)) * theirs("codes", 0) < 0 ? -1 : 1;
      for (Index i = 0; i < codes.cols(); ++i) {
        CHECK(std::abs(sign * static_cast<double>(codes(k, i)) - theirs(name, i)) < rounding);
      }
    }
  }
}

TEST_CASE("LSA: directions are orthonormal, and the bits those of one thread") {
  const WordWeights weights = random_weights(400, 300);
  ThreadPool one(1), three(3);
  Lsa first(weights, 8, one), second(weights, 8, three);
  while (first.advance()) continue;
  while (second.advance()) continue;
  const Eigen::MatrixXd product = first.directions().transpose() * first.directions();
  CHECK((product - Eigen::MatrixXd::Identity(8, 8)).norm() < 1e-9);
  CHECK(first.directions() == second.directions());
  CHECK(first.singular_values() == second.singular_values());
  CHECK(first.codes(weights) == second.codes(weights));
  // The codes of the documents themselves have the singular values as their lengths.
  const Matrix codes = first.codes(weights);
  for (Index k = 0; k < 8; ++k) {
    CHECK(static_cast<double>(codes.row(k).norm()) ==
          doctest::Approx(first.singular_values()[k]).epsilon(1e-5));
  }
  CHECK(first.share() == doctest::Approx(1));
}

TEST_CASE("LSA: fewer documents than words, and more of them, give the same") {
  // Each document twice is as many as words; the singular values grow by the square root of 2.
  const WordWeights few = random_weights(90, 150);
  std::vector<Index> twice;
  for (Index i = 0; i < 180; ++i) twice.push_back(i % 90);
  const WordWeights many = chosen_rows(few, twice);
  ThreadPool pool(1);
  Lsa first(few, 6, pool), second(many, 6, pool);
  while (first.advance()) continue;
  while (second.advance()) continue;
  CHECK((std::sqrt(2.0) * first.singular_values() - second.singular_values()).norm() < 1e-8);
  CHECK((first.directions() - second.directions()).norm() < 1e-6);
}

TEST_CASE("LSA: directions beyond the rank are 0") {
  const WordWeights one = random_weights(40, 60);
  const WordWeights same = chosen_rows(one, std::vector<Index>(30, 3));
  ThreadPool pool(1);
  Lsa lsa(same, 3, pool);
  while (lsa.advance()) continue;
  CHECK(lsa.singular_values()[0] == doctest::Approx(std::sqrt(30.0)));
  CHECK(lsa.singular_values().tail(2).norm() < 1e-6);
  CHECK(lsa.codes(same).allFinite());
}

TEST_CASE("LSA: what cannot be computed is refused") {
  const WordWeights weights = random_weights(20, 30);
  ThreadPool pool(1);
  CHECK(
      contains(error_of([&] { Lsa(weights, 21, pool); }),
               "LSA of 21 numbers needs as many words and documents, and there are 30 words in 20 "
               "documents"));
  CHECK(contains(error_of([&] { Lsa(weights, 0, pool); }), "choose"));
  WordWeights wide = weights;
  wide.columns = Lsa::kMaxWords + 1;
  CHECK(contains(error_of([&] { Lsa(wide, 2, pool); }), "takes up to 5000 words"));
}
