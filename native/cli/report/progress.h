// How a run is going, for whoever watches it.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

#include "core/train/metrics.h"

namespace hourglass {

// On a terminal: a bar that is drawn again in place, as wide as the terminal is at that moment,
// below one line for each epoch, which leaves out what does not fit. Elsewhere (a file, a pipe):
// those lines alone, whole.
class Progress {
 public:
  // What is shown of a run between two mini-batches.
  struct Moment {
    std::int64_t epoch = 0;  // whole epochs done
    double epochs_done = 0;  // with the fraction of the current one
    double loss = 0;         // mean over the current epoch so far
    double images_per_second = 0;
  };

  // `stream` is stdout or stderr. The run is at `start` epochs and goes on to `target`. There is no
  // bar if not `may_draw`: mpirun shows its processes a terminal, wherever their output goes.
  // `samples` is what one calls them: "images".
  Progress(std::FILE* stream, double start, std::int64_t target, bool may_draw,
           std::string samples = "images");
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const Moment& moment);  // draws at most ten times a second
  void epoch_ended(const EpochMetrics& metrics);
  void note(const std::string& line);  // a line above the bar
  void finish();                       // takes the bar away

 private:
  using Clock = std::chrono::steady_clock;

  std::string erased_bar();  // what takes the bar away, if it is there
  std::string bar(const Moment& moment, int columns) const;

  std::FILE* stream_;
  bool is_terminal_;
  bool is_as_wide_as_terminal_;  // lines that are longer would be broken
  bool has_blocks_;              // the terminal's characters include block elements
  bool bar_drawn_ = false;
  std::string samples_;
  double start_;
  std::int64_t target_;
  Clock::time_point began_;
  Clock::time_point drawn_;
};

}  // namespace hourglass
