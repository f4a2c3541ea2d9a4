#include "core/session/engine/jobs/codes_job.h"

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/sample_codes.h"
#include "core/base/error.h"
#include "core/base/json.h"

namespace hourglass::session {
namespace {

class CodesJob final : public Job {
 public:
  explicit CodesJob(const JobContext& context)
      : data_(context.data),
        train_(context.model, context.parameters, data_->train, data_->train.count(), context.pool),
        test_(context.model, context.parameters, data_->test, data_->test.count(), context.pool) {}

  Progress progress() const override {
    const auto train = static_cast<double>(data_->train.count());
    const auto test = static_cast<double>(data_->test.count());
    return {(train * train_.share() + test * test_.share()) / (train + test), "encode",
            "Encoding all samples"};
  }

  bool advance_slice() override {
    if (train_.advance() || test_.advance()) return true;
    publish(result());
    return false;
  }

 private:
  JobOutput result() const {
    const Index code_size = train_.codes().rows();
    const OrderedJson fields = {
        {"train", data_->train.count()}, {"test", data_->test.count()}, {"code_size", code_size}};
    JobOutput output{.fields = json_text(fields), .arrays = {}};
    Floats codes;
    std::vector<std::uint32_t> labels, rows;
    codes.reserve(static_cast<std::size_t>(train_.codes().size() + test_.codes().size()));
    for (const Matrix* part : {&train_.codes(), &test_.codes()}) {
      for (Index i = 0; i < part->size(); ++i) codes.push_back(static_cast<float>(part->data()[i]));
    }
    bool has_rows = true;
    for (const Samples* part : {&data_->train, &data_->test}) {
      for (const std::int32_t label : part->labels) {
        labels.push_back(label < 0 ? kNoClass : static_cast<std::uint32_t>(label));
      }
      has_rows = has_rows && std::ssize(part->rows) == part->count();
      rows.insert(rows.end(), part->rows.begin(), part->rows.end());
    }
    const std::int64_t count = data_->train.count() + data_->test.count();
    output.arrays.push_back({"codes", {count, code_size}, std::move(codes)});
    if (std::ssize(labels) == count) output.arrays.push_back({"labels", {count}, labels});
    if (has_rows) output.arrays.push_back({"rows", {count}, std::move(rows)});
    return output;
  }

  DatasetPointer data_;
  SampleCodes train_, test_;
};

}  // namespace

std::unique_ptr<Job> make_codes_job(JobArguments&, const JobContext& context) {
  const Index count = context.data->train.count() + context.data->test.count();
  const Index code_size = context.model->code_size();
  if (count > SampleCodes::kMaxNumbers / code_size) {
    throw Error("The codes of " + std::to_string(count) + " samples have " +
                std::to_string(code_size) + " numbers each, more than the " +
                std::to_string(SampleCodes::kMaxNumbers) +
                " that can be taken away at once: hourglass encode writes them all.");
  }
  return std::make_unique<CodesJob>(context);
}

}  // namespace hourglass::session
