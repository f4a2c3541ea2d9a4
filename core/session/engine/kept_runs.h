// Runs that are over, with their parameters: checkpoints in memory, as many as there is room for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// The training curve of a run of any length: kKeptPoints at most, means of as many neighbours each.
class RunCurve {
 public:
  RunCurve() = default;
  // That goes on from `points`, kKeptPoints at most.
  explicit RunCurve(std::vector<LossPoint> points) : points_(std::move(points)) {}

  void add(const LossPoint& point);
  const std::vector<LossPoint>& points() const { return points_; }

 private:
  void halve();  // all kKeptPoints of them

  std::vector<LossPoint> points_;
  std::size_t each_ = 1;  // points that one of these stands for
  std::size_t last_ = 0;  // and how many the last one does so far; 0: it is whole
};

// The curve in a checkpoint's metadata, for whoever draws it again.
void add_curve(Safetensors& file, const std::vector<LossPoint>& losses);
// Nothing where there is none, or none that could be used.
std::vector<LossPoint> curve_of(const Safetensors& file);

struct KeptRun {
  std::uint64_t run = 0;  // its number
  Bytes checkpoint;       // a safetensors file: see run_file()
  RunInfo info;           // what it says
  RunKept event;          // that tells of it
};

// What is known of the present run besides what it does.
struct PresentRun {
  std::uint64_t number = 0;
  // The kept run that it was equal to at `step`, or 0: untrained since then it is kept already.
  std::uint64_t goes_on_from = 0;
  std::int64_t step = 0;
  Settings settings;  // that it trains with; a change that waits for a reset is not in them
  RunCurve curve;
};

class KeptRuns {
 public:
  static constexpr std::size_t kMaxRuns = 8;

  // `max_bytes`: of all checkpoints together.
  explicit KeptRuns(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // What the bytes of a checkpoint hold, checked as where it is loaded: the file, the settings, a
  // model that they make, and its parameters, which are finite. Throws Error.
  static KeptRun read(Bytes checkpoint);

  std::size_t max_bytes() const { return max_bytes_; }
  bool has_room_for(std::size_t bytes) const { return bytes <= max_bytes_; }
  // Keeps `run`, which there must be room for; the oldest go where the limits want it. Returns
  // their numbers.
  std::vector<std::uint64_t> add(KeptRun run);
  // Returns false if there is none of that number.
  bool drop(std::uint64_t run);

  bool contains(std::uint64_t run) const;
  // Throws Error if there is none of that number.
  std::shared_ptr<const KeptRun> find(std::uint64_t run) const;
  std::size_t size() const { return runs_.size(); }
  std::size_t bytes() const;

 private:
  std::size_t max_bytes_;
  std::vector<std::shared_ptr<const KeptRun>> runs_;  // oldest first
};

}  // namespace hourglass::session
