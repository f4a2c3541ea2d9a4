#include "core/session/engine/jobs/tsne_job.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "core/analysis/sample_codes.h"
#include "core/analysis/trustworthiness.h"
#include "core/analysis/tsne.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/session/engine/jobs/job_arrays.h"

namespace hourglass::session {
namespace {

constexpr std::int64_t kUsualPoints = 5000, kMinPoints = 4;
constexpr std::int64_t kMaxStartSeed = std::int64_t{1} << 53;
constexpr Index kTrustNeighbors = 12;
// The divergence costs as much as an iteration.
constexpr int kDivergenceInterval = 50;
// Rough shares of the work, up to the end of each stage.
constexpr double kTsneCodesShare = 0.04, kNeighborsShare = 0.08, kAffinitiesShare = 0.1,
                 kMapShare = 0.96;

// Whether codes differ at all, but for those that are no numbers.
bool all_equal(const Matrix& codes) {
  Index first = -1;
  for (Index j = 0; j < codes.cols(); ++j) {
    if (!has_distances(codes.col(j))) continue;
    if (first < 0) first = j;
    if (codes.col(j) != codes.col(first)) return false;
  }
  return first >= 0;
}

class TsneJob final : public Job {
 public:
  TsneJob(const JobContext& context, Index count, const TsneOptions& options)
      : data_(context.data),
        options_(options),
        pool_(context.pool),
        codes_(context.model, context.parameters, data_->test, count, pool_) {}

  Progress progress() const override {
    if (!tsne_) return {kTsneCodesShare * codes_.share(), "codes", "Encoding held-out samples"};
    const auto between = [](double from, double to, double share) {
      return from + (to - from) * share;
    };
    const double share = tsne_->progress();
    switch (tsne_->phase()) {
      case TsnePhase::kStart:
      case TsnePhase::kNeighbors:
        return {between(kTsneCodesShare, kNeighborsShare, share), "neighbors",
                "Finding the nearest codes of each"};
      case TsnePhase::kAffinities:
        return {between(kNeighborsShare, kAffinitiesShare, share), "affinities",
                "Weighing neighbours by the perplexity"};
      case TsnePhase::kEarlyExaggeration:
        return {map_share(), "early", "Pulling neighbours together"};
      case TsnePhase::kLayout:
        return {map_share(), "layout", "Laying out the map"};
      case TsnePhase::kDone:
        break;
    }
    return {between(kMapShare, 1, trust_ ? trust_->progress() : 0), "trust",
            "Comparing the map with the codes"};
  }

  bool advance_slice() override {
    if (!tsne_) {
      if (!codes_.advance()) begin_map();
      return true;
    }
    if (tsne_->phase() != TsnePhase::kDone) {
      advance_map();
      return true;
    }
    if (trust_ && trust_->advance()) return true;
    publish(map());
    return false;
  }

  std::optional<JobOutput> preview() override {
    if (!tsne_ || tsne_->iteration() == shown_) return std::nullopt;
    shown_ = tsne_->iteration();
    return map();
  }

 private:
  double map_share() const {
    return kAffinitiesShare +
           (kMapShare - kAffinitiesShare) * tsne_->iteration() / options_.iterations;
  }

  void begin_map() {
    const Matrix& codes = codes_.codes();
    if (all_equal(codes)) {
      throw Error(
          "All codes are equal, and so there is nothing to map: a network that tells samples apart "
          "has other codes, so train it first.");
    }
    tsne_.emplace(columns(codes, 0, codes.cols()), options_, pool_);
  }

  void advance_map() {
    const int before = tsne_->iteration();
    const bool more = tsne_->advance();
    const int now = tsne_->iteration();
    if (now != before && (now % kDivergenceInterval == 0 || !more)) {
      divergences_.push_back(now);
      divergences_.push_back(tsne_->kl_divergence());
    }
    if (!more) compare();
  }

  // How many neighbours are compared where there are so few finite codes that 12 are too many.
  void compare() {
    const Matrix& codes = codes_.codes();
    const Matrix& points = tsne_->points();
    Index finite = 0;
    for (Index j = 0; j < points.cols(); ++j) {
      finite += has_distances(codes.col(j)) && has_distances(points.col(j));
    }
    neighbors_ = std::min(kTrustNeighbors, (finite - 1) / 2);
    if (neighbors_ < 1) return;  // points that went too far are none
    trust_.emplace(columns(codes, 0, codes.cols()), columns(points, 0, points.cols()), neighbors_,
                   pool_);
    publish(map());
  }

  static OrderedJson number(double value) {
    return std::isfinite(value) ? OrderedJson(value) : OrderedJson();
  }

  JobOutput map() const {
    const Matrix& points = tsne_->points();
    const bool done = trust_ && trust_->progress() >= 1;
    OrderedJson fields = {
        {"points", points.cols()},
        {"code_size", codes_.codes().rows()},
        {"iteration", tsne_->iteration()},
        {"iterations", options_.iterations},
        {"kl_divergence", divergences_.empty() ? OrderedJson() : number(divergences_.back())},
        {"perplexity", options_.perplexity},
        {"random_start", options_.random_start},
        {"seed", options_.seed}};
    JobOutput output;
    output.arrays.push_back(columns_array("points", points));
    output.arrays.push_back({"divergences",
                             {static_cast<std::int64_t>(divergences_.size() / 2), 2},
                             floats_of(divergences_)});
    if (done) {
      fields["trustworthiness"] = number(trust_->trustworthiness());
      fields["nearest_kept"] = number(trust_->nearest_kept());
      fields["neighbors"] = neighbors_;
      output.arrays.push_back(numbers_array("kept", trust_->kept()));
    }
    output.fields = json_text(fields);
    return output;
  }

  DatasetPointer data_;
  TsneOptions options_;
  ThreadPool& pool_;
  SampleCodes codes_;
  std::optional<Tsne> tsne_;
  std::optional<Trustworthiness> trust_;
  Index neighbors_ = 0;
  std::vector<double> divergences_;  // iteration and value, one after the other
  int shown_ = 0;                    // iteration of the last preview
};

}  // namespace

std::unique_ptr<Job> make_tsne_job(JobArguments& arguments, const JobContext& context) {
  const Samples& samples = context.data->test;
  const Index most = std::min<Index>(
      samples.count(), std::max<Index>(1, SampleCodes::kMaxNumbers / context.model->code_size()));
  if (most < kMinPoints) {
    throw Error("t-SNE needs at least " + std::to_string(kMinPoints) +
                " samples, and the data set '" + context.data->name + "' holds " +
                std::to_string(samples.count()) + " back.");
  }
  const auto count = static_cast<Index>(
      arguments.integer("points", kMinPoints, most, std::min<std::int64_t>(kUsualPoints, most)));
  const Settings& settings = context.settings;
  const TsneOptions options{
      .perplexity = settings.real("tsne.perplexity"),
      .learning_rate = settings.real("tsne.learning_rate"),
      .early_exaggeration = settings.real("tsne.exaggeration"),
      .iterations = static_cast<int>(settings.integer("tsne.iterations")),
      .random_start = arguments.choice("start", {"pca", "random"}, "pca") == "random",
      .seed = static_cast<std::uint64_t>(arguments.integer("seed", 0, kMaxStartSeed, 0))};
  check_tsne(options, count);
  return std::make_unique<TsneJob>(context, count, options);
}

}  // namespace hourglass::session
