#include "core/session/engine/jobs/pretrain_job.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/few_labels.h"
#include "core/base/json.h"
#include "core/base/whole_number.h"
#include "core/session/engine/build.h"
#include "core/session/engine/jobs/job_settings.h"
#include "core/session/engine/pretraining_run.h"

namespace hourglass::session {
namespace {

constexpr std::int64_t kLabelCounts[] = {10, 30, 100, 300, 1000};

class PretrainJob final : public Job {
 public:
  PretrainJob(const JobContext& context, const ModelSpec& model, const FewLabelsSpec& spec)
      : few_(model, context.data, spec, context.pool), most_labels_(spec.labels.back()) {}

  Progress progress() const override {
    if (few_.is_pretraining() || few_.is_done()) {
      const auto last = few_.stages().size() - 1;
      const auto stage = std::min(static_cast<std::size_t>(few_.stage()), last);
      return {few_.share(), "layer", "Pretraining " + few_.stages()[stage].name};
    }
    return {few_.share(), "classify",
            "A classifier from " + std::to_string(few_.labels()) + " labels"};
  }

  bool advance_slice() override {
    if (!begun_) {
      begun_ = true;
      publish(result());
      return true;
    }
    const News before = news();
    const bool more = few_.advance();
    if (news() != before || !more) publish(result());
    return more;
  }

 private:
  // What result() depends on.
  struct News {
    std::size_t points = 0, epochs = 0;
    bool pretraining = false;
    bool operator==(const News&) const = default;
  };
  News news() const {
    News now{few_.points().size(), 0, few_.is_pretraining()};
    for (const auto& losses : few_.losses()) now.epochs += losses.size();
    return now;
  }

  JobOutput result() const {
    Json names = Json::array(), units = names, lit = names;
    for (const PretrainingStage& stage : few_.stages()) {
      names.push_back(stage.name);
      units.push_back(stage.units);
    }
    const bool layers =
        few_.is_pretraining() && few_.stage() < static_cast<int>(few_.stages().size());
    if (layers) {
      const PretrainingStage& stage = few_.stages()[static_cast<std::size_t>(few_.stage())];
      for (int i = stage.first; i < stage.end; ++i) lit.push_back(i);
      for (int i = stage.decoder_first; i < stage.decoder_end; ++i) lit.push_back(i);
    }
    Json fields = {{"layers", names},
                   {"units", units},
                   {"inputs", few_.stages().front().input.features()},
                   {"losses", few_.losses()},
                   {"stage", layers ? few_.stage() : -1},
                   {"lit", lit},
                   {"network_layers", few_.stages().front().decoder_end},
                   {"most_labels", most_labels_},
                   {"notes", few_.notes()}};
    if (!few_.is_done()) fields["seed"] = few_.seed();
    Json starts = Json::array(), labels = starts, seeds = starts, accuracies = starts;
    for (const FewLabelsPoint& point : few_.points()) {
      starts.push_back(label_start_name(point.start));
      labels.push_back(point.labels);
      seeds.push_back(point.seed);
      accuracies.push_back(std::isfinite(point.accuracy) ? Json(point.accuracy) : Json());
    }
    fields["starts"] = starts;
    fields["labels"] = labels;
    fields["seeds"] = seeds;
    fields["accuracies"] = accuracies;
    add_curve(fields);
    return {.fields = json_text(fields), .arrays = {}};
  }

  void add_curve(Json& fields) const {
    Json starts = Json::array(), labels = starts, means = starts, lows = starts, highs = starts,
         deviations = starts, counts = starts;
    for (const FewLabelsSummary& summary : summaries(few_.points())) {
      starts.push_back(label_start_name(summary.start));
      labels.push_back(summary.labels);
      means.push_back(summary.mean);
      lows.push_back(summary.low);
      highs.push_back(summary.high);
      deviations.push_back(summary.deviation);
      counts.push_back(summary.seeds);
    }
    fields["curve_starts"] = starts;
    fields["curve_labels"] = labels;
    fields["means"] = means;
    fields["lows"] = lows;
    fields["highs"] = highs;
    fields["deviations"] = deviations;
    fields["counts"] = counts;
  }

  FewLabels few_;
  std::int64_t most_labels_;
  bool begun_ = false;
};

// Those up to `most` that the data have, and that are one a class; `most` itself where there is
// none, which is then refused with the reason.
std::vector<std::int64_t> label_counts(const Dataset& data, std::int64_t most) {
  std::vector<std::int64_t> counts;
  for (const std::int64_t count : kLabelCounts) {
    if (count <= most && count <= data.train.count() && count >= std::ssize(data.class_names)) {
      counts.push_back(count);
    }
  }
  if (counts.empty()) counts.push_back(most);
  return counts;
}

}  // namespace

std::unique_ptr<Job> make_pretrain_job(JobArguments& arguments, const JobContext& context) {
  Settings settings = settings_of_run(context);
  settings.set("train.epochs", arguments.integer("epochs", 1, 100000, 3));
  const std::int64_t most = arguments.integer("labels", 1, 1000000, 1000);
  FewLabelsSpec spec = few_labels_spec(settings, context.data->train.count());
  spec.labels = label_counts(*context.data, most);
  spec.steps = arguments.integer("steps", 1, 1000000, 300);
  spec.seeds.resize(static_cast<std::size_t>(arguments.integer("seeds", 1, 100, 5)));
  const std::int64_t first = arguments.integer("seed", 0, kMaxWholeNumber - 100, 1);
  std::iota(spec.seeds.begin(), spec.seeds.end(), static_cast<std::uint64_t>(first));
  return std::make_unique<PretrainJob>(context, model_spec(settings), spec);
}

}  // namespace hourglass::session
