#include "core/session/engine/jobs/probe_job.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "core/analysis/classifier_training.h"
#include "core/analysis/linear_probe.h"
#include "core/base/json.h"
#include "core/data/labels.h"
#include "core/session/engine/jobs/job_arrays.h"
#include "core/session/engine/jobs/job_images.h"

namespace hourglass::session {
namespace {

constexpr std::size_t kImagesInCell = 4;
constexpr Index kMaxClassesWithImages = 20;

class ProbeJob final : public Job {
 public:
  ProbeJob(const JobContext& context, std::vector<std::uint32_t> samples, bool fine_tune,
           const ClassifierTraining::Options& options)
      : data_(context.data),
        model_(context.model),
        pool_(context.pool),
        samples_(std::move(samples)),
        fine_tune_(fine_tune),
        options_(options),
        probe_(model_, context.parameters, data_, samples_, {}, pool_) {}

  Progress progress() const override;
  bool advance_slice() override;
  bool stays() const override { return true; }
  JobOutput answer(JobArguments& question, const JobContext&) override;

 private:
  // What fine-tuning counts for in the whole work, beside the probe.
  double tuning_part() const { return fine_tune_ ? 0.7 : 0; }
  void begin_tuning();
  JobOutput result() const;
  void add_cells(JobOutput& output) const;
  const std::vector<std::int32_t>& predicted() const {
    return accuracy_ ? tuning_->training().predictions().predicted() : probe_.predicted();
  }

  DatasetPointer data_;
  std::shared_ptr<const Model> model_;
  ThreadPool& pool_;
  std::vector<std::uint32_t> samples_;
  bool fine_tune_;
  ClassifierTraining::Options options_;
  LinearProbe probe_;
  std::unique_ptr<FineTuning> tuning_;
  std::optional<double> accuracy_;  // of the fine-tuned network
};

Job::Progress ProbeJob::progress() const {
  const double probed = (1 - tuning_part()) * probe_.progress();
  switch (probe_.stage()) {
    case LinearProbe::Stage::kEncode:
      return {probed, "encode", "Encoding training samples"};
    case LinearProbe::Stage::kFit:
      return {probed, "fit", "Fitting a linear classifier to the codes"};
    case LinearProbe::Stage::kTest:
      return {probed, "test", "Classifying held-out samples"};
    case LinearProbe::Stage::kFactors:
      return {probed, "factors", "Reading factors off the codes"};
    case LinearProbe::Stage::kDone:
      break;
  }
  if (!fine_tune_ || accuracy_) return {1, "ready", "Ready"};
  const double tuned = tuning_ ? tuning_->training().progress() : 0;
  return {probed + tuning_part() * tuned, "tune", "Fine-tuning the encoder"};
}

bool ProbeJob::advance_slice() {
  if (probe_.stage() != LinearProbe::Stage::kDone) {
    if (probe_.advance()) return true;
    publish(result());
    return fine_tune_;
  }
  if (!tuning_) begin_tuning();
  if (tuning_->advance()) return true;
  accuracy_ = tuning_->training().accuracy();
  publish(result());
  return false;
}

void ProbeJob::begin_tuning() {
  const auto classifier = std::make_shared<const Model>(
      classifier_spec(model_->spec(), std::ssize(data_->class_names)), model_->input_shape());
  tuning_ = std::make_unique<FineTuning>(classifier, probe_.parameters_of(*classifier), data_,
                                         samples_, options_, pool_);
}

JobOutput ProbeJob::result() const {
  const Confusion confusion =
      confusion_of(data_->test.labels, predicted(), std::ssize(data_->class_names));
  const OrderedJson fields = {{"labels", fine_tune_ ? std::ssize(samples_) : probe_.train_count()},
                              {"samples", confusion.samples()},
                              {"code_size", model_->code_size()},
                              {"linear_probe", probe_.accuracy()},
                              {"fine_tuned", accuracy_ ? OrderedJson(*accuracy_) : OrderedJson()},
                              {"accuracy", confusion.accuracy()}};
  JobOutput output{.fields = json_text(fields), .arrays = {}};
  std::vector<std::uint32_t> counts;
  for (Index row = 0; row < confusion.counts.rows(); ++row) {
    for (const std::int64_t count : confusion.counts.row(row)) {
      counts.push_back(static_cast<std::uint32_t>(count));
    }
  }
  output.arrays.push_back(
      {"confusion", {confusion.counts.rows(), confusion.counts.cols()}, std::move(counts)});
  add_cells(output);
  if (probe_.r_squared().size() > 0) {
    output.arrays.push_back(numbers_array("r_squared", probe_.r_squared()));
  }
  return output;
}

void ProbeJob::add_cells(JobOutput& output) const {
  const Index classes = std::ssize(data_->class_names);
  if (classes > kMaxClassesWithImages || data_->shape.rows < 2) return;
  std::vector<std::uint32_t> cells, shown;
  for (std::int32_t row = 0; row < classes; ++row) {
    for (std::int32_t column = 0; column < classes; ++column) {
      const auto found = samples_in_cell(data_->test.labels, predicted(), row, column);
      const std::size_t count = std::min(found.size(), kImagesInCell);
      shown.insert(shown.end(), found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count));
      cells.insert(cells.end(), count, static_cast<std::uint32_t>(row * classes + column));
    }
  }
  output.arrays.push_back(indices_array("cells", std::move(cells)));
  output.arrays.push_back(images_array("cell_images", gathered(data_->test, shown), data_->range));
}

JobOutput ProbeJob::answer(JobArguments& question, const JobContext&) {
  const std::int64_t last = std::ssize(data_->class_names) - 1;
  const auto label = static_cast<std::int32_t>(question.integer("class", 0, last, 0));
  const auto taken_for = static_cast<std::int32_t>(question.integer("taken_for", 0, last, 0));
  const auto count = static_cast<std::size_t>(question.integer("count", 1, 200, 40));
  question.refuse_others();
  auto found = samples_in_cell(data_->test.labels, predicted(), label, taken_for);
  JobOutput output{.fields = json_text(OrderedJson{{"samples", found.size()}}), .arrays = {}};
  found.resize(std::min(found.size(), count));
  output.arrays.push_back(images_array("images", gathered(data_->test, found), data_->range));
  output.arrays.push_back(indices_array("indices", std::move(found)));
  return output;
}

}  // namespace

std::unique_ptr<Job> make_probe_job(JobArguments& arguments, const JobContext& context) {
  const std::int64_t labels = arguments.integer("labels", 0, std::int64_t{1} << 31, 0);
  ClassifierTraining::Options options;
  options.epochs = arguments.integer("epochs", 1, 100000, 10);
  const std::int64_t seed = arguments.integer("seed", 0, 9007199254740991, 1);
  options.train.seed = static_cast<std::uint64_t>(seed);
  const bool fine_tune = arguments.flag("fine_tune", false);
  return std::make_unique<ProbeJob>(
      context, choose_labelled(*context.data, labels, options.train.seed), fine_tune, options);
}

}  // namespace hourglass::session
