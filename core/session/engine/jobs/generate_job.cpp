#include "core/session/engine/jobs/generate_job.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/gaussian_mixture.h"
#include "core/analysis/latent_directions.h"
#include "core/analysis/posterior.h"
#include "core/analysis/sample_codes.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/math/random.h"
#include "core/nn/inference.h"
#include "core/session/engine/jobs/job_arrays.h"
#include "core/session/engine/jobs/job_images.h"

namespace hourglass::session {
namespace {

// To more codes a fit takes long, and hardly changes.
constexpr Index kMaxCodes = 10000;
constexpr Index kRowSteps = 9;
constexpr std::int64_t kMaxSeed = 9007199254740991;  // whole in JavaScript, too
constexpr std::int64_t kMaxDrawNumber = 1'000'000;   // of a draw

enum class Source { kPrior, kGaussian, kMixture };
constexpr std::array<std::string_view, 3> kSources = {"prior", "gaussian", "mixture"};

class GenerateJob final : public Job {
 public:
  struct Options {
    Source source = Source::kGaussian;
    Index components = 1;
    std::uint64_t seed = 1;
  };

  GenerateJob(const JobContext& context, const Options& options)
      : data_(context.data),
        model_(context.model),
        parameters_(Eigen::Map<const Vector>(context.parameters, model_->layout().buffer_size())),
        options_(options),
        shown_(context.images.empty() ? 0 : context.images.front()),
        pool_(context.pool),
        inference_(*model_, pool_) {
    has_factors_ = !data_->factors.empty() && !data_->train.factors.empty();
    if (has_fit() || has_factors_) {
      stages_.push_back(Stage::kEncode);
      if (has_fit()) stages_.push_back(Stage::kFit);
      if (has_factors_) stages_.push_back(Stage::kDirections);
      stages_.push_back(Stage::kTest);
    }
    if (model_->has_gaussian_code()) stages_.push_back(Stage::kPosterior);
    if (stages_.empty()) stages_.push_back(Stage::kReady);
    begin();
  }

  Progress progress() const override {
    if (at_ == stages_.size()) return {1, "ready", "Ready"};
    const auto [name, words] = kNames[static_cast<std::size_t>(stages_[at_])];
    return {share_, name, words};
  }

  bool advance_slice() override {
    const bool more = advance_stage();
    // A fit does not know how far it is, and may take back what it has said.
    share_ = std::max(share_, (static_cast<double>(at_) + (more ? stage_share() : 1)) /
                                  static_cast<double>(stages_.size()));
    if (more) return true;
    end();
    if (++at_ < stages_.size()) {
      begin();
      return true;
    }
    publish(result());
    return false;
  }

  bool stays() const override { return true; }
  JobOutput answer(JobArguments& question, const JobContext& now) override;

 private:
  enum class Stage { kEncode, kFit, kDirections, kTest, kPosterior, kReady };
  static constexpr std::pair<const char*, const char*> kNames[] = {
      {"encode", "Encoding training samples"},
      {"fit", "Fitting a distribution to their codes"},
      {"directions", "Finding the factors' directions"},
      {"test", "Encoding held-out samples"},
      {"posterior", "Measuring what each unit says"},
      {"ready", "Ready"},
  };

  bool has_fit() const { return options_.source != Source::kPrior; }
  const Scalar* parameters() const { return parameters_.data(); }

  void begin();
  bool advance_stage();
  void end();
  double stage_share() const;
  void measure_held_out();
  JobOutput result() const;

  // Draws first, first + 1, ... of `seed`.
  Matrix drawn(std::uint64_t seed, std::uint32_t first, Index count) const;
  JobArray images_of(std::string name, const Matrix& codes);
  void add_walk(JobArguments& question, std::uint64_t seed, JobOutput& output);
  void add_moved(JobArguments& question, std::uint32_t image, JobOutput& output);
  void add_posterior(JobArguments& question, const Matrix& original, JobOutput& output);

  DatasetPointer data_;
  std::shared_ptr<const Model> model_;
  ParameterBuffer parameters_;  // as they were
  Options options_;
  std::uint32_t shown_;
  ThreadPool& pool_;
  Inference inference_;
  bool has_factors_ = false;

  std::vector<Stage> stages_;
  std::size_t at_ = 0;
  double share_ = 0;
  std::optional<SampleCodes> codes_;  // of training samples, then of held-out ones
  Matrix seen_;                       // the former
  Index fitted_to_ = 0;               // how many there were
  std::optional<GaussianMixtureFit> fit_;
  std::optional<LatentDirectionsFit> directions_fit_;
  std::optional<PosteriorFigures> posterior_;
  GaussianMixture mixture_;
  LatentDirections directions_;
  double log_likelihood_ = 0;
  Eigen::VectorXd r_squared_;
};

std::vector<std::uint32_t> first_indices(Index count) {
  std::vector<std::uint32_t> indices(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::uint32_t>(i);
  return indices;
}

void GenerateJob::begin() {
  const auto encode = [&](const Samples& samples) {
    const Index most = std::max<Index>(2, SampleCodes::kMaxNumbers / model_->code_size());
    codes_.emplace(model_, parameters(), samples, std::min({kMaxCodes, samples.count(), most}),
                   pool_);
  };
  switch (stages_[at_]) {
    case Stage::kEncode:
      encode(data_->train);
      break;
    case Stage::kFit: {
      MixtureOptions options{.components = options_.components, .seed = options_.seed};
      if (seen_.rows() > kMaxFullCovarianceUnits) options.kind = CovarianceKind::kDiagonal;
      fit_.emplace(columns(std::as_const(seen_), 0, seen_.cols()), options, pool_);
      break;
    }
    case Stage::kDirections:
      directions_fit_.emplace(columns(std::as_const(seen_), 0, seen_.cols()),
                              factor_matrix(data_->train.factors, first_indices(seen_.cols())));
      break;
    case Stage::kTest:
      encode(data_->test);
      break;
    case Stage::kPosterior:
      posterior_.emplace(*model_, data_->test, pool_);
      break;
    case Stage::kReady:
      break;
  }
}

bool GenerateJob::advance_stage() {
  switch (stages_[at_]) {
    case Stage::kEncode:
    case Stage::kTest:
      return codes_->advance();
    case Stage::kFit:
      return fit_->advance();
    case Stage::kDirections:
      return directions_fit_->advance();
    case Stage::kPosterior:
      return posterior_->advance(parameters());
    case Stage::kReady:
      break;
  }
  return false;
}

double GenerateJob::stage_share() const {
  switch (stages_[at_]) {
    case Stage::kEncode:
    case Stage::kTest:
      return codes_->share();
    case Stage::kFit:
      return fit_->progress();
    default:
      return 0;
  }
}

void GenerateJob::end() {
  switch (stages_[at_]) {
    case Stage::kEncode:
      seen_ = codes_->codes();
      fitted_to_ = seen_.cols();
      break;
    case Stage::kFit:
      mixture_ = fit_->mixture();
      fit_.reset();
      break;
    case Stage::kDirections:
      directions_ = directions_fit_->result();
      directions_fit_.reset();
      break;
    case Stage::kTest:
      measure_held_out();
      // Whoever asks needs what was fitted alone.
      codes_.reset();
      seen_.resize(0, 0);
      break;
    case Stage::kPosterior:
    case Stage::kReady:
      break;
  }
}

void GenerateJob::measure_held_out() {
  const Matrix& codes = codes_->codes();
  const ConstMatrixView view = columns(codes, 0, codes.cols());
  if (has_fit()) log_likelihood_ = mixture_.log_likelihood(view).mean();
  if (!has_factors_) return;
  r_squared_ = directions_.r_squared_of(
      view, factor_matrix(data_->test.factors, first_indices(codes.cols())));
}

JobOutput GenerateJob::result() const {
  OrderedJson fields = {{"source", kSources[static_cast<std::size_t>(options_.source)]},
                        {"code_size", model_->code_size()}};
  if (has_fit()) {
    fields["codes"] = fitted_to_;
    fields["components"] = mixture_.components();
    fields["log_likelihood"] = log_likelihood_;
  }
  JobOutput output;
  if (posterior_) {
    fields["active_units"] = posterior_->active_units();
    output.arrays.push_back(numbers_array("kl", posterior_->kl()));
  }
  if (has_factors_) output.arrays.push_back(numbers_array("r_squared", r_squared_));
  output.fields = json_text(fields);
  return output;
}

Matrix GenerateJob::drawn(std::uint64_t seed, std::uint32_t first, Index count) const {
  Matrix codes(model_->code_size(), count);
  if (has_fit()) {
    mixture_.sample(seed, first, columns(codes, 0, count));
    return codes;
  }
  for (Index j = 0; j < count; ++j) {
    Random(seed, RandomStream::kPrior, 0, first + static_cast<std::uint32_t>(j))
        .fill_normal({codes.col(j).data(), static_cast<std::size_t>(codes.rows())});
  }
  return codes;
}

JobArray GenerateJob::images_of(std::string name, const Matrix& codes) {
  Matrix images(model_->features(), codes.cols());
  inference_.decode(parameters(), columns(codes, 0, codes.cols()),
                    columns(images, 0, images.cols()));
  return images_array(std::move(name), images, data_->range);
}

void GenerateJob::add_walk(JobArguments& question, std::uint64_t seed, JobOutput& output) {
  const auto end = [&](const char* name, std::int64_t initial) {
    const auto number =
        static_cast<std::uint32_t>(question.integer(name, 0, kMaxDrawNumber, initial));
    return Matrix(drawn(seed, number, 1));
  };
  const Matrix from = end("from", 0), to = end("to", 1);
  const auto steps = static_cast<Index>(question.integer("steps", 2, 64, 10));
  Matrix codes(from.rows(), steps);
  for (Index i = 0; i < steps; ++i) {
    const Scalar t = static_cast<Scalar>(i) / static_cast<Scalar>(steps - 1);
    codes.col(i) = (1 - t) * from.col(0) + t * to.col(0);
  }
  output.arrays.push_back(images_of("walk", codes));
}

void GenerateJob::add_moved(JobArguments& question, std::uint32_t image, JobOutput& output) {
  if (!has_factors_) return;
  const auto count = static_cast<Index>(data_->factors.size());
  const std::vector<float> wanted =
      question.numbers("factors", data_->factors.size(), -kMaxDrawNumber, kMaxDrawNumber);
  const auto row = static_cast<Index>(question.integer("row", 0, count - 1, 0));
  Matrix values(count, 2);  // as they are, and as they are to be
  for (Index f = 0; f < count; ++f) {
    const auto at = static_cast<std::size_t>(f);
    const Factor& factor = data_->factors[at];
    values(f, 0) = static_cast<Scalar>(data_->test.factors[at][image]);
    values(f, 1) = wanted.empty()
                       ? values(f, 0)
                       : static_cast<Scalar>(std::clamp(wanted[at], factor.low, factor.high));
  }
  Matrix code(model_->code_size(), 1);
  const Matrix original = gathered(data_->test, {&image, 1});
  inference_.encode(parameters(), columns(original, 0, 1), columns(code, 0, 1));
  const Eigen::VectorXd change = (values.col(1) - values.col(0)).cast<double>();
  code.col(0) += (directions_.directions * change).cast<Scalar>();
  Matrix along(code.rows(), kRowSteps);
  const Factor& factor = data_->factors[static_cast<std::size_t>(row)];
  for (Index i = 0; i < kRowSteps; ++i) {
    const double t = static_cast<double>(i) / static_cast<double>(kRowSteps - 1);
    const double value =
        static_cast<double>(factor.low) + t * static_cast<double>(factor.high - factor.low);
    along.col(i) = code.col(0) +
                   (directions_.directions.col(row) * (value - static_cast<double>(values(row, 1))))
                       .cast<Scalar>();
  }
  output.arrays.push_back(columns_array("factors", values));
  output.arrays.push_back(images_of("moved", code));
  output.arrays.push_back(images_of("row", along));
}

void GenerateJob::add_posterior(JobArguments& question, const Matrix& original, JobOutput& output) {
  const auto seed = static_cast<std::uint64_t>(question.integer("draw", 0, kMaxSeed, 1));
  if (!model_->has_gaussian_code()) return;
  const Index units = model_->code_size();
  Matrix both(2 * units, 1);  // means, then log-variances
  inference_.run(parameters(), 0, model_->code_layer(), columns(original, 0, 1),
                 columns(both, 0, 1));
  const Matrix mean = both.topRows(units);
  const Matrix deviation = (both.bottomRows(units).array() / 2).exp();
  Matrix noise(units, 1);
  Random(seed, RandomStream::kPrior, 1, 0)
      .fill_normal({noise.data(), static_cast<std::size_t>(units)});
  const Matrix code = mean + deviation.cwiseProduct(noise);
  output.arrays.push_back(numbers_array("mean", mean));
  output.arrays.push_back(numbers_array("deviation", deviation));
  output.arrays.push_back(numbers_array("noise", noise));
  output.arrays.push_back(numbers_array("code", code));
  output.arrays.push_back(images_of("of_mean", mean));
  output.arrays.push_back(images_of("of_code", code));
}

JobOutput GenerateJob::answer(JobArguments& question, const JobContext&) {
  const auto seed = static_cast<std::uint64_t>(question.integer("seed", 0, kMaxSeed, 1));
  const auto count = static_cast<Index>(question.integer("count", 1, 400, 64));
  const std::int64_t last = data_->test.count() - 1;
  const auto image = static_cast<std::uint32_t>(question.integer("image", 0, last, shown_));
  JobOutput output;
  output.arrays.push_back(images_of("samples", drawn(seed, 0, count)));
  add_walk(question, seed, output);
  const Matrix original = gathered(data_->test, {&image, 1});
  output.arrays.push_back(images_array("original", original, data_->range));
  add_moved(question, image, output);
  add_posterior(question, original, output);
  question.refuse_others();
  return output;
}

}  // namespace

std::unique_ptr<Job> make_generate_job(JobArguments& arguments, const JobContext& context) {
  const bool variational = context.model->has_gaussian_code();
  const std::string source = arguments.choice("source", {kSources.begin(), kSources.end()},
                                              variational ? "prior" : "gaussian");
  GenerateJob::Options options;
  options.source =
      static_cast<Source>(std::find(kSources.begin(), kSources.end(), source) - kSources.begin());
  if (options.source == Source::kPrior && !variational) {
    throw Error(
        "This network's code has no prior to draw from, as a variational one has; \"gaussian\" "
        "and \"mixture\" fit a distribution to its codes.");
  }
  const auto components =
      static_cast<Index>(arguments.integer("components", 1, kMaxMixtureComponents, 10));
  if (options.source == Source::kMixture) options.components = components;
  options.seed = static_cast<std::uint64_t>(arguments.integer("seed", 0, kMaxSeed, 1));
  return std::make_unique<GenerateJob>(context, options);
}

}  // namespace hourglass::session
