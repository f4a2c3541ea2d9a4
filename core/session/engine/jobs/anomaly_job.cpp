#include "core/session/engine/jobs/anomaly_job.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/code_size.h"
#include "core/analysis/left_out_class.h"
#include "core/analysis/linear_errors.h"
#include "core/analysis/reconstruction_errors.h"
#include "core/analysis/roc.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/data/split.h"
#include "core/model/layer_type.h"
#include "core/session/engine/jobs/job_arrays.h"
#include "core/session/engine/jobs/job_images.h"
#include "core/session/engine/jobs/job_settings.h"
#include "core/session/engine/training_run.h"

namespace hourglass::session {
namespace {

constexpr Index kThresholdSamples = 5000;
constexpr std::size_t kBest = 8;
constexpr std::size_t kMaxCurvePoints = 200;
// What a principal component analysis takes, in epochs of training: roughly.
constexpr double kPcaEpochs = 1;

// How well scores tell the class from the others.
struct Verdict {
  std::vector<double> scores;
  RocCurve curve;
};

JobArray curve_array(std::string name, const RocCurve& curve) {
  Floats values;
  std::vector<RocPoint> points = bends(curve.points);
  if (points.size() > kMaxCurvePoints) {
    // More would be closer than the pixels of a screen. The ends stay.
    std::vector<RocPoint> fewer;
    fewer.reserve(kMaxCurvePoints);
    for (std::size_t i = 0; i < kMaxCurvePoints; ++i) {
      fewer.push_back(points[i * (points.size() - 1) / (kMaxCurvePoints - 1)]);
    }
    points = std::move(fewer);
  }
  for (const RocPoint& point : points) {
    values.push_back(static_cast<float>(point.false_positive_rate));
    values.push_back(static_cast<float>(point.true_positive_rate));
  }
  return {std::move(name), {std::ssize(points), 2}, std::move(values)};
}

double mean_score(std::span<const double> scores, std::span<const std::uint8_t> is, bool wanted) {
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if ((is[i] != 0) == wanted) sum += scores[i], count += 1;
  }
  return sum / count;
}

class AnomalyJob final : public Job {
 public:
  struct Options {
    std::int32_t label = 0;
    Settings settings;
    std::optional<Settings> wide;
  };

  AnomalyJob(const JobContext& context, Options options)
      : data_(context.data),
        options_(std::move(options)),
        pool_(context.pool),
        normal_(std::make_shared<const Dataset>(without_class(*data_, options_.label))),
        is_anomaly_(is_of_class(data_->test, options_.label)),
        epochs_(static_cast<double>(options_.settings.integer("train.epochs"))) {
    std::vector<std::uint32_t> some(
        static_cast<std::size_t>(std::min(kThresholdSamples, normal_->train.count())));
    std::iota(some.begin(), some.end(), 0u);
    threshold_samples_ = permuted(normal_->train, some);
    run_ = std::make_unique<TrainingRun>(options_.settings, normal_, pool_);
    seeks_components_ = LinearErrors::is_possible(*normal_, run_->model().code_size());
  }

  Progress progress() const override;
  bool advance_slice() override;
  bool stays() const override { return true; }
  JobOutput answer(JobArguments& question, const JobContext& now) override;

 private:
  enum class Stage { kTrain, kScore, kThreshold, kPca, kWideTrain, kWideScore, kDone };

  bool is_wide() const { return stage_ == Stage::kWideTrain || stage_ == Stage::kWideScore; }
  TrainingRun& under_way() { return is_wide() ? *wide_run_ : *run_; }
  bool advance_training();
  void begin_scores(const Samples& samples);
  Verdict verdict(std::vector<double> scores) const {
    Verdict verdict{std::move(scores), {}};
    verdict.curve = roc_curve(verdict.scores, is_anomaly_);
    return verdict;
  }
  void end_scores();
  void end_epoch();
  void go_on();  // to what comes after training
  JobOutput result() const;
  void add_best(JobOutput& output) const;
  void add_side(const std::string& side, std::vector<std::uint32_t> indices,
                JobOutput& output) const;
  Matrix restored(const TrainingRun& run, const Matrix& originals) const;

  DatasetPointer data_;
  Options options_;
  ThreadPool& pool_;
  DatasetPointer normal_;
  std::vector<std::uint8_t> is_anomaly_;
  double epochs_;
  Samples threshold_samples_;
  std::unique_ptr<TrainingRun> run_, wide_run_;
  bool seeks_components_ = false;

  Stage stage_ = Stage::kTrain;
  bool trained_ = false;  // the run under way has done enough
  std::optional<ReconstructionErrors> errors_;
  std::optional<LinearErrors> linear_errors_;
  Verdict own_;
  std::vector<std::uint32_t> order_;  // held-out samples, lowest score first
  double threshold_ = 0;
  std::optional<Verdict> linear_, wide_;
};

Job::Progress AnomalyJob::progress() const {
  const double wide = options_.wide ? epochs_ : 0, linear = seeks_components_ ? kPcaEpochs : 0;
  const auto trained = [&](const TrainingRun* run) {
    return run ? std::min(epochs_, run->trainer().epochs_done()) : 0.0;
  };
  double done = trained(run_.get()) + trained(wide_run_.get());
  if (linear_) {
    done += linear;
  } else if (linear_errors_) {
    done += linear * linear_errors_->progress();
  }
  const double share = stage_ == Stage::kDone ? 1 : done / (epochs_ + linear + wide);
  switch (stage_) {
    case Stage::kTrain:
      return {share, "train", "Training without the class"};
    case Stage::kScore:
    case Stage::kThreshold:
    case Stage::kWideScore:
      return {share, "score", "Scoring held-out samples"};
    case Stage::kPca:
      return {share, "pca", "Principal components"};
    case Stage::kWideTrain:
      return {share, "wide", "Training a wider code"};
    case Stage::kDone:
      break;
  }
  return {share, "ready", "Ready"};
}

bool AnomalyJob::advance_slice() {
  switch (stage_) {
    case Stage::kTrain:
    case Stage::kWideTrain:
      if (advance_training()) {
        stage_ = is_wide() ? Stage::kWideScore : Stage::kScore;
        begin_scores(data_->test);
      }
      break;
    case Stage::kScore:
    case Stage::kThreshold:
    case Stage::kWideScore:
      if (!errors_->advance(under_way().parameters())) end_scores();
      break;
    case Stage::kPca:
      if (!linear_errors_) {
        linear_errors_.emplace(*normal_, run_->model().code_size(), data_->test, pool_);
      }
      if (!linear_errors_->advance()) {
        linear_ = verdict(linear_errors_->errors());
        go_on();
      }
      break;
    case Stage::kDone:
      break;
  }
  return stage_ != Stage::kDone;
}

// Returns whether there is something to score: of the network itself after each epoch, of the
// second one at its end.
bool AnomalyJob::advance_training() {
  const TrainingRun::Progress progress = under_way().advance();
  trained_ = progress.stop != StopReason::kNone;
  return trained_ || (progress.epoch_recorded && !is_wide());
}

void AnomalyJob::begin_scores(const Samples& samples) {
  errors_.emplace(under_way().model(), samples, pool_);
}

void AnomalyJob::end_scores() {
  std::vector<double> errors = errors_->errors();
  errors_.reset();
  switch (stage_) {
    case Stage::kScore:
      own_ = verdict(std::move(errors));
      stage_ = Stage::kThreshold;
      begin_scores(threshold_samples_);
      break;
    case Stage::kThreshold:
      threshold_ = score_quantile(errors, kLetThrough);
      end_epoch();
      break;
    default:
      wide_ = verdict(std::move(errors));
      go_on();
  }
}

void AnomalyJob::end_epoch() {
  order_.resize(own_.scores.size());
  std::iota(order_.begin(), order_.end(), 0u);
  std::stable_sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
    return own_.scores[a] < own_.scores[b];
  });
  if (trained_) return go_on();
  publish(result());
  stage_ = Stage::kTrain;
}

void AnomalyJob::go_on() {
  if (seeks_components_ && !linear_) {
    publish(result());
    stage_ = Stage::kPca;
  } else if (options_.wide && !wide_) {
    publish(result());
    wide_run_ = std::make_unique<TrainingRun>(*options_.wide, normal_, pool_);
    stage_ = Stage::kWideTrain;
  } else {
    stage_ = Stage::kDone;
    publish(result());
  }
}

Matrix AnomalyJob::restored(const TrainingRun& run, const Matrix& originals) const {
  Matrix images(originals.rows(), originals.cols());
  Inference(run.model(), pool_)
      .reconstruct(run.parameters(), columns(originals, 0, originals.cols()),
                   columns(images, 0, images.cols()));
  return images;
}

JobOutput AnomalyJob::result() const {
  const auto anomalies = std::count(is_anomaly_.begin(), is_anomaly_.end(), std::uint8_t{1});
  const OrderedJson fields = {
      {"class", options_.label},
      {"epochs", run_->history().back().epoch},
      {"code_size", run_->model().code_size()},
      {"samples", is_anomaly_.size()},
      {"anomalies", anomalies},
      {"auc", own_.curve.area},
      {"average_precision", own_.curve.average_precision},
      {"threshold", threshold_},
      {"normal_mse", mean_score(own_.scores, is_anomaly_, false)},
      {"anomaly_mse", mean_score(own_.scores, is_anomaly_, true)},
      {"pca_auc", linear_ ? OrderedJson(linear_->curve.area) : OrderedJson()},
      {"wide_size", wide_ ? OrderedJson(wide_run_->model().code_size()) : OrderedJson()},
      {"wide_auc", wide_ ? OrderedJson(wide_->curve.area) : OrderedJson()}};
  JobOutput output{.fields = json_text(fields), .arrays = {}};
  std::vector<double> scores;
  Bytes anomalous;
  for (const std::uint32_t index : order_) {
    scores.push_back(own_.scores[index]);
    anomalous.push_back(is_anomaly_[index]);
  }
  output.arrays.push_back(indices_array("order", order_));
  output.arrays.push_back(numbers_array("scores", scores));
  output.arrays.push_back({"anomalous", {std::ssize(anomalous)}, std::move(anomalous)});
  output.arrays.push_back(curve_array("roc", own_.curve));
  if (linear_) output.arrays.push_back(curve_array("pca_roc", linear_->curve));
  if (wide_) output.arrays.push_back(curve_array("wide_roc", wide_->curve));
  add_best(output);
  return output;
}

void AnomalyJob::add_best(JobOutput& output) const {
  std::vector<std::uint32_t> best;
  for (const std::uint32_t index : order_) {
    if (is_anomaly_[index] && best.size() < kBest) best.push_back(index);
  }
  const Matrix originals = gathered(data_->test, best);
  const auto add = [&](const std::string& name, const TrainingRun& run) {
    const Matrix images = restored(run, originals);
    output.arrays.push_back(images_array(name + "_restored", images, data_->range));
    output.arrays.push_back(numbers_array(name + "_errors", column_errors(images, originals)));
  };
  output.arrays.push_back(indices_array("best_indices", std::move(best)));
  output.arrays.push_back(images_array("best_originals", originals, data_->range));
  add("best", *run_);
  if (wide_) add("wide", *wide_run_);
}

void AnomalyJob::add_side(const std::string& side, std::vector<std::uint32_t> indices,
                          JobOutput& output) const {
  const Matrix originals = gathered(data_->test, indices);
  std::vector<double> errors;
  Bytes anomalous;
  for (const std::uint32_t index : indices) {
    errors.push_back(own_.scores[index]);
    anomalous.push_back(is_anomaly_[index]);
  }
  output.arrays.push_back(indices_array(side + "_indices", std::move(indices)));
  output.arrays.push_back(numbers_array(side + "_errors", errors));
  output.arrays.push_back({side + "_anomalous", {std::ssize(anomalous)}, std::move(anomalous)});
  output.arrays.push_back(images_array(side + "_originals", originals, data_->range));
  output.arrays.push_back(
      images_array(side + "_restored", restored(*run_, originals), data_->range));
}

JobOutput AnomalyJob::answer(JobArguments& question, const JobContext&) {
  const double threshold = question.real("threshold", 0, 1e300, threshold_);
  const auto count = static_cast<std::ptrdiff_t>(question.integer("count", 1, 64, 8));
  question.refuse_others();
  const auto above = std::partition_point(order_.begin(), order_.end(), [&](std::uint32_t index) {
    return own_.scores[index] < threshold;
  });
  JobOutput output;
  std::vector<std::uint32_t> below(above - std::min(count, above - order_.begin()), above);
  std::reverse(below.begin(), below.end());
  add_side("below", std::move(below), output);
  add_side("above", {above, above + std::min(count, order_.end() - above)}, output);
  return output;
}

}  // namespace

std::unique_ptr<Job> make_anomaly_job(JobArguments& arguments, const JobContext& context) {
  check_has_classes(*context.data);
  AnomalyJob::Options options;
  const std::int64_t last = std::ssize(context.data->class_names) - 1;
  options.label = static_cast<std::int32_t>(arguments.integer("class", 0, last, 0));
  options.settings = settings_of_run(context);
  options.settings.set("train.epochs", arguments.integer("epochs", 1, 100000, 5));
  const std::int64_t wide = arguments.integer("wide", 0, kMaxUnits, 0);
  if (wide > 0) {
    options.wide = options.settings;
    options.wide->set("model.encoder",
                      layers_text(with_code_size(model_spec(options.settings), wide).encoder));
  }
  const std::vector<std::uint8_t> is = is_of_class(context.data->test, options.label);
  if (std::count(is.begin(), is.end(), std::uint8_t{1}) == 0) {
    throw Error("No held-out sample is of the class '" +
                context.data->class_names[static_cast<std::size_t>(options.label)] +
                "', so there is nothing to tell it by; take another class.");
  }
  return std::make_unique<AnomalyJob>(context, std::move(options));
}

}  // namespace hourglass::session
