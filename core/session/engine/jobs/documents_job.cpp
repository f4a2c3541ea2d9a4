#include "core/session/engine/jobs/documents_job.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/lsa.h"
#include "core/analysis/neighbors.h"
#include "core/analysis/pca.h"
#include "core/analysis/retrieval.h"
#include "core/analysis/sample_codes.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/largest.h"
#include "core/base/whole_number.h"
#include "core/data/document_info.h"
#include "core/data/sources/document_dataset.h"
#include "core/nn/inference.h"
#include "core/session/engine/jobs/job_arrays.h"
#include "core/session/engine/jobs/job_images.h"

namespace hourglass::session {
namespace {

// With more than these an answer would take longer than somebody waits who types.
constexpr Index kMaxSearchedDocuments = 4000, kMaxAskingDocuments = 400;
constexpr Index kListedDocuments = 10;
constexpr std::size_t kTermsOfDocument = 6, kWordsOfPlace = 12;
constexpr std::size_t kMaxQueryBytes = 10000;
constexpr double kFarthestPlace = 1e30;
constexpr std::uint32_t kNoDocument = 0xFFFFFFFF;
// Rough shares of the work.
constexpr double kDocumentCodesShare = 0.3, kLsaShare = 0.6;

std::vector<Index> first_rows(Index count) {
  std::vector<Index> rows(static_cast<std::size_t>(count));
  std::iota(rows.begin(), rows.end(), Index{0});
  return rows;
}

// The classes of the first `count` samples, -1 for those of none and for the class `others`.
std::vector<std::int32_t> topics_of(const Samples& samples, Index count, std::int32_t others) {
  if (samples.labels.empty()) return std::vector<std::int32_t>(static_cast<std::size_t>(count), -1);
  std::vector<std::int32_t> labels(samples.labels.begin(), samples.labels.begin() + count);
  std::replace(labels.begin(), labels.end(), others, -1);
  return labels;
}

class DocumentsJob final : public Job {
 public:
  explicit DocumentsJob(const JobContext& context)
      : data_(context.data),
        info_(*data_->documents),
        pool_(context.pool),
        searched_(std::min(data_->train.count(), kMaxSearchedDocuments)),
        asking_(std::min(data_->test.count(), kMaxAskingDocuments)),
        topics_(static_cast<Index>(data_->class_names.size())) {
    const std::int32_t others = info_.has_others ? static_cast<std::int32_t>(topics_) - 1 : -1;
    labels_ = topics_of(data_->train, searched_, others);
    asking_labels_ = topics_of(data_->test, asking_, others);
    unmeasured_ = why_unmeasured();
    searched_counts_ = chosen_rows(info_.train.counts, first_rows(searched_));
    asking_counts_ = chosen_rows(info_.test.counts, first_rows(asking_));
    const TfIdf tfidf(searched_counts_, TermFrequency::kLog);
    searched_words_ = tfidf.weights(searched_counts_);
    asking_words_ = tfidf.weights(asking_counts_);
    take_network(context.model, context.parameters);
    const Index size = context.model->code_size();
    const bool fits = size <= std::min({Lsa::kMaxSize, searched_words_.columns, searched_}) &&
                      searched_words_.columns <= Lsa::kMaxWords;
    if (!unmeasured_.empty()) return;
    if (fits) {
      lsa_.emplace(searched_words_, size, pool_);
    } else {
      unmeasured_ = "lsa";
    }
  }

  Progress progress() const override {
    if (!codes_done_) {
      const double share = (searched_codes_->share() + asking_codes_->share()) / 2;
      return {kDocumentCodesShare * share, "codes", "Encoding documents"};
    }
    const double share = lsa_ && !lsa_done_ ? lsa_->share() : 1;
    return {kDocumentCodesShare + kLsaShare * share, "lsa", "Finding LSA's codes"};
  }

  bool advance_slice() override {
    if (!codes_done_) {
      codes_done_ = !encode_some();
      if (codes_done_) finish_codes();
      return true;
    }
    if (lsa_ && !lsa_done_) {
      lsa_done_ = !lsa_->advance();
      return true;
    }
    publish(result());
    return false;
  }

  bool stays() const override { return true; }

  JobOutput answer(JobArguments& question, const JobContext& now) override {
    const std::int64_t refresh = question.integer("refresh", 0, kMaxWholeNumber, refreshed_);
    const std::string query = question.text("query", kMaxQueryBytes);
    const auto document =
        static_cast<Index>(question.integer("document", 0, codes_.cols() - 1, -1));
    const std::vector<float> place = question.numbers("place", 2, -kFarthestPlace, kFarthestPlace);
    question.refuse_others();
    if (question.has("query") + question.has("document") + question.has("place") > 1) {
      throw Error(
          "A question of the job 'documents' has a query, a document or a place: one of "
          "the three.");
    }
    if (refresh != refreshed_ && now.model) {
      take_network(now.model, now.parameters);
      while (encode_some()) {
      }
      finish_codes();
      refreshed_ = refresh;
    }
    OrderedJson fields = OrderedJson::object();
    JobOutput output;
    add_view(fields, output);
    if (question.has("query")) {
      answer_query(query, output);
    } else if (document >= 0) {
      find_near(codes_.col(document), document, output);
    } else if (!place.empty()) {
      Matrix point(2, 1), code(codes_.rows(), 1);
      point << static_cast<Scalar>(place[0]), static_cast<Scalar>(place[1]);
      plane_.lift(columns(std::as_const(point), 0, 1), columns(code, 0, 1));
      if (!has_distances(code)) throw Error("That place lies too far out for a code.");
      find_near(code, -1, output);
    }
    output.fields = json_text(fields);
    return output;
  }

 private:
  std::string why_unmeasured() const {
    if (data_->class_names.empty()) return "labels";
    if (topics_ - (info_.has_others ? 1 : 0) < 2) return "topics";
    if (searched_ < kListedDocuments) return "few";
    const bool is_asked = std::any_of(asking_labels_.begin(), asking_labels_.end(),
                                      [](std::int32_t label) { return label >= 0; });
    return is_asked ? "" : "queries";
  }

  // From then on codes are by this network, of which it copies the parameters.
  void take_network(const std::shared_ptr<const Model>& model, const Scalar* parameters) {
    model_ = model;
    parameters_ = Eigen::Map<const Vector>(parameters, model->layout().buffer_size());
    searched_codes_.emplace(model, parameters, data_->train, searched_, pool_);
    asking_codes_.emplace(model, parameters, data_->test, asking_, pool_);
  }

  bool encode_some() {
    if (searched_codes_->share() < 1) {
      searched_codes_->advance();
      return true;
    }
    return asking_codes_->advance();
  }

  void finish_codes() {
    codes_.resize(model_->code_size(), searched_ + asking_);
    codes_ << searched_codes_->codes(), asking_codes_->codes();
    if (!has_distances(codes_)) {
      throw Error(
          "The network gives documents codes that are too large; reset it and train it with "
          "a lower learning rate.");
    }
    const auto all = columns(std::as_const(codes_), 0, codes_.cols());
    plane_ = principal_plane(all, plane_.mean.size() == codes_.rows() ? &plane_ : nullptr);
    points_.resize(2, codes_.cols());
    plane_.project(all, columns(points_, 0, points_.cols()));
  }

  RetrievalTask task() const { return {labels_, asking_labels_, topics_, kListedDocuments}; }

  bool is_measured() const { return unmeasured_.empty() || unmeasured_ == "lsa"; }

  RetrievalQuality quality_of(const Matrix& searched, const Matrix& asking) const {
    return retrieval_quality(columns(searched, 0, searched.cols()),
                             columns(asking, 0, asking.cols()), task(),
                             RetrievalDistance::kEuclidean, pool_);
  }

  static void add_curve(const std::string& name, const RetrievalQuality& quality,
                        OrderedJson& fields, JobOutput& output) {
    fields[name + "_precision_at_10"] = quality.precision_at_k;
    output.arrays.push_back(numbers_array(name + "_precision", quality.precision));
    output.arrays.push_back(numbers_array(name + "_recall", quality.recall));
  }

  // What the network makes of the documents.
  void add_view(OrderedJson& fields, JobOutput& output) const {
    output.arrays.push_back(columns_array("points", points_));
    if (!is_measured()) return;
    add_curve("code", quality_of(searched_codes_->codes(), asking_codes_->codes()), fields, output);
  }

  JobOutput result() const {
    std::vector<std::string> titles(info_.train.beginnings.begin(),
                                    info_.train.beginnings.begin() + searched_);
    titles.insert(titles.end(), info_.test.beginnings.begin(),
                  info_.test.beginnings.begin() + asking_);
    OrderedJson fields = {{"documents", codes_.cols()},  {"searched", searched_},
                          {"code_size", codes_.rows()},  {"words", info_.input.vocabulary.size()},
                          {"titles", std::move(titles)}, {"unmeasured", unmeasured_}};
    JobOutput output;
    std::vector<std::uint32_t> classes, terms;
    for (const auto* labels : {&data_->train.labels, &data_->test.labels}) {
      const Index count = labels == &data_->train.labels ? searched_ : asking_;
      for (Index i = 0; i < count; ++i) {
        classes.push_back(labels->empty()
                              ? kNoDocument
                              : static_cast<std::uint32_t>((*labels)[static_cast<std::size_t>(i)]));
      }
    }
    add_terms(searched_words_, terms);
    add_terms(asking_words_, terms);
    output.arrays.push_back(indices_array("labels", std::move(classes)));
    output.arrays.push_back(
        {"terms", {codes_.cols(), std::int64_t{kTermsOfDocument}}, std::move(terms)});
    if (is_measured()) {
      const RetrievalQuality by_words =
          retrieval_quality(searched_words_, asking_words_, task(), pool_);
      output.arrays.push_back(
          indices_array("retrieved", {by_words.retrieved.begin(), by_words.retrieved.end()}));
      add_curve("tfidf", by_words, fields, output);
    }
    if (lsa_) {
      add_curve("lsa", quality_of(lsa_->codes(searched_words_), lsa_->codes(asking_words_)), fields,
                output);
    }
    add_view(fields, output);
    output.fields = json_text(fields);
    return output;
  }

  // The strongest words of each document.
  static void add_terms(const WordWeights& weights, std::vector<std::uint32_t>& terms) {
    for (Index i = 0; i < weights.rows(); ++i) {
      const auto words = weights.indices_of(i);
      const auto strongest = largest_above_zero(weights.values_of(i), kTermsOfDocument);
      for (const std::uint32_t k : strongest) terms.push_back(words[k]);
      terms.resize(terms.size() + kTermsOfDocument - strongest.size(), kNoDocument);
    }
  }

  void answer_query(const std::string& query, JobOutput& output) {
    const std::string_view text = query;
    const WordWeights weights = info_.input.weights(std::span(&text, 1));
    const auto words = weights.indices_of(0);
    output.arrays.push_back(indices_array("query_words", {words.begin(), words.end()}));
    if (words.empty()) return;
    Matrix input(weights.columns, 1), code(codes_.rows(), 1);
    write_document(weights, 0, input.data());
    searched_codes_->encode(columns(std::as_const(input), 0, 1), columns(code, 0, 1));
    find_near(code, -1, output);
  }

  // What is at a code, and which documents are near it, without document `own`.
  void find_near(const Matrix& code, Index own, JobOutput& output) {
    Matrix point(2, 1);
    plane_.project(columns(code, 0, 1), columns(point, 0, 1));
    output.arrays.push_back(numbers_array("at", point));

    std::vector<Scalar> squares(static_cast<std::size_t>(codes_.cols()));
    for (Index j = 0; j < codes_.cols(); ++j) {
      squares[static_cast<std::size_t>(j)] =
          j == own ? std::numeric_limits<Scalar>::infinity()
                   : squared_distance(code.data(), codes_.col(j).data(), codes_.rows());
    }
    const Index count = std::min<Index>(kListedDocuments, codes_.cols() - (own >= 0 ? 1 : 0));
    std::vector<std::uint32_t> order(squares.size());
    std::iota(order.begin(), order.end(), 0u);
    std::partial_sort(order.begin(), order.begin() + count, order.end(),
                      [&](std::uint32_t a, std::uint32_t b) {
                        return squares[a] < squares[b] || (squares[a] == squares[b] && a < b);
                      });
    order.resize(static_cast<std::size_t>(count));
    std::vector<double> distances;
    distances.reserve(order.size());
    for (const std::uint32_t j : order) {
      distances.push_back(std::sqrt(static_cast<double>(squares[j])));
    }
    output.arrays.push_back(indices_array("nearest", std::move(order)));
    output.arrays.push_back(numbers_array("distances", distances));

    Inference inference(*model_, pool_);
    Matrix expected(model_->features(), 1);
    inference.decode(parameters_.data(), columns(code, 0, 1), columns(expected, 0, 1));
    const Scalar sum = expected.cwiseMax(Scalar(0)).sum();
    std::vector<std::uint32_t> words = largest_above_zero(
        std::span<const Scalar>(expected.data(), expected.size()), kWordsOfPlace);
    std::vector<double> shares;
    shares.reserve(words.size());
    for (const std::uint32_t word : words) {
      shares.push_back(static_cast<double>(expected(static_cast<Index>(word), 0) / sum));
    }
    output.arrays.push_back(indices_array("expected", std::move(words)));
    output.arrays.push_back(numbers_array("shares", shares));
  }

  DatasetPointer data_;
  const DocumentInfo& info_;
  ThreadPool& pool_;
  Index searched_, asking_, topics_;
  std::vector<std::int32_t> labels_, asking_labels_;
  std::string unmeasured_;
  WordCounts searched_counts_, asking_counts_;
  WordWeights searched_words_, asking_words_;  // TF-IDF

  std::shared_ptr<const Model> model_;
  ParameterBuffer parameters_;
  std::optional<SampleCodes> searched_codes_, asking_codes_;
  bool codes_done_ = false, lsa_done_ = false;
  std::optional<Lsa> lsa_;
  std::int64_t refreshed_ = 0;
  Matrix codes_;   // code size x documents
  Matrix points_;  // 2 x documents
  CodePlane plane_;
};

}  // namespace

std::unique_ptr<Job> make_documents_job(JobArguments&, const JobContext& context) {
  if (!context.data->documents) {
    throw Error("The data set '" + context.data->name +
                "' holds no documents; choose texts, and the preset text-quick.");
  }
  if (std::max<Index>(1, context.model->code_size()) >
      SampleCodes::kMaxNumbers / (kMaxSearchedDocuments + kMaxAskingDocuments)) {
    throw Error("The code has more numbers than documents are compared by; make it smaller.");
  }
  return std::make_unique<DocumentsJob>(context);
}

}  // namespace hourglass::session
