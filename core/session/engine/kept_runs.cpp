#include "core/session/engine/kept_runs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/whole_number.h"
#include "core/nn/model.h"
#include "core/session/engine/classifier_file.h"
#include "core/session/protocol/network_info.h"
#include "core/train/trainer.h"

namespace hourglass::session {
namespace {

constexpr const char* kCurveKey = "hourglass.curve";

void merge_losses(LossPoint& into, std::size_t count, const LossPoint& later, std::size_t others) {
  const double share = static_cast<double>(others) / static_cast<double>(count + others);
  into.step = later.step;
  into.epoch = later.epoch;
  into.loss += share * (later.loss - into.loss);
  into.penalty += share * (later.penalty - into.penalty);
}

// At most kKeptPoints of the rows, the last among them.
std::vector<EpochMetrics> fewer_epochs(const std::vector<EpochMetrics>& all) {
  if (all.size() <= kKeptPoints) return all;
  std::vector<EpochMetrics> fewer;
  for (std::size_t i = 1; i <= kKeptPoints; ++i) {
    fewer.push_back(all[i * all.size() / kKeptPoints - 1]);
  }
  return fewer;
}

bool is_point(const Json& row, LossPoint& point) {
  if (!row.is_array() || row.size() != 4) return false;
  for (const Json& number : row) {
    if (!number.is_number() || !std::isfinite(number.get<double>())) return false;
  }
  if (!read_whole_number(row[0], 0, kMaxWholeNumber, point.step)) return false;
  point.epoch = row[1].get<double>();
  point.loss = row[2].get<double>();
  point.penalty = row[3].get<double>();
  return true;
}

// How far the run came. The trainer holds the rest of its state to its own rules when it resumes.
void read_progress(const Safetensors& file, RunKept& event) {
  const auto found = file.metadata.find("hourglass.state");
  const Json state = found == file.metadata.end() ? Json() : parse_json(found->second);
  if (!state.is_object() || !state.contains("step") ||
      !read_whole_number(state["step"], 0, kMaxWholeNumber, event.step)) {
    throw Error("The checkpoint does not say in its metadata how many steps it was trained for.");
  }
  if (!event.epochs.empty()) event.epoch = static_cast<double>(event.epochs.back().epoch);
  if (!event.losses.empty()) event.epoch = std::max(event.epoch, event.losses.back().epoch);
}

}  // namespace

void RunCurve::add(const LossPoint& point) {
  if (last_ > 0) {
    merge_losses(points_.back(), last_, point, 1);
  } else {
    if (points_.size() == kKeptPoints) halve();
    points_.push_back(point);
  }
  last_ = (last_ + 1) % each_;
}

void RunCurve::halve() {
  static_assert(kKeptPoints % 2 == 0);
  for (std::size_t i = 0; i < kKeptPoints / 2; ++i) {
    points_[i] = points_[2 * i];
    merge_losses(points_[i], 1, points_[2 * i + 1], 1);
  }
  points_.resize(kKeptPoints / 2);
  each_ *= 2;
}

void add_curve(Safetensors& file, const std::vector<LossPoint>& losses) {
  Json rows = Json::array();
  for (const LossPoint& point : losses) {
    if (!std::isfinite(point.loss) || !std::isfinite(point.penalty)) continue;
    rows.push_back(Json{point.step, point.epoch, point.loss, point.penalty});
  }
  file.metadata[kCurveKey] = json_text(rows);
}

std::vector<LossPoint> curve_of(const Safetensors& file) {
  const auto found = file.metadata.find(kCurveKey);
  if (found == file.metadata.end()) return {};
  const Json rows = parse_json(found->second);
  if (!rows.is_array() || rows.size() > kKeptPoints) return {};
  std::vector<LossPoint> losses;
  for (const Json& row : rows) {
    if (!is_point(row, losses.emplace_back())) return {};
  }
  return losses;
}

KeptRun KeptRuns::read(Bytes checkpoint) {
  KeptRun kept;
  kept.checkpoint = std::move(checkpoint);
  const Safetensors file = read_safetensors(kept.checkpoint, "The checkpoint");
  refuse_classifier(file, "The checkpoint");
  kept.info = read_run_info(file, "The checkpoint");
  const Model model(model_spec(kept.info.settings), kept.info.input);
  ParameterBuffer parameters;
  load_parameters(file, model.layout(), parameters);
  RunKept& event = kept.event;
  event.settings = kept.info.settings.all();
  event.network = network_info(model.plan());
  event.data = kept.info.data;
  event.data_hash = kept.info.data_hash;
  event.bytes = static_cast<std::int64_t>(kept.checkpoint.size());
  event.losses = curve_of(file);
  event.epochs = fewer_epochs(kept.info.history);
  read_progress(file, event);
  return kept;
}

std::vector<std::uint64_t> KeptRuns::add(KeptRun run) {
  std::vector<std::uint64_t> gone;
  const std::size_t size = run.checkpoint.size();
  while (!runs_.empty() && (runs_.size() >= kMaxRuns || bytes() > max_bytes_ - size)) {
    gone.push_back(runs_.front()->run);
    runs_.erase(runs_.begin());
  }
  runs_.push_back(std::make_shared<const KeptRun>(std::move(run)));
  return gone;
}

bool KeptRuns::drop(std::uint64_t run) {
  return std::erase_if(runs_, [&](const auto& kept) { return kept->run == run; }) > 0;
}

bool KeptRuns::contains(std::uint64_t run) const {
  return std::any_of(runs_.begin(), runs_.end(),
                     [&](const auto& kept) { return kept->run == run; });
}

std::shared_ptr<const KeptRun> KeptRuns::find(std::uint64_t run) const {
  for (const auto& kept : runs_) {
    if (kept->run == run) return kept;
  }
  throw Error("There is no kept run " + std::to_string(run) +
              ": it was deleted, or had to go for " + "newer ones.");
}

std::size_t KeptRuns::bytes() const {
  std::size_t sum = 0;
  for (const auto& kept : runs_) sum += kept->checkpoint.size();
  return sum;
}

}  // namespace hourglass::session
