// What is on display of a run: images with their reconstructions, and the latent map.
#pragma once

#include <chrono>
#include <vector>

#include "core/analysis/latent_map.h"
#include "core/data/corruption.h"
#include "core/session/messages.h"
#include "core/session/settings.h"
#include "core/session/training_run.h"

namespace hourglass::session {

// Keeps track of what is out of date, refreshes it a piece at a time, and puts what is new into a
// snapshot. The run must outlive it.
class Display {
 public:
  Display(const TrainingRun& run, const Settings& settings, ThreadPool& pool);

  // The settings view.images and view.image_set, view.noise.*, view.map_points may have changed.
  void choose_images(const Settings& settings);
  void set_noise(const Settings& settings);
  // The parameters have changed.
  void parameters_changed();

  bool images_stale() const { return images_stale_; }
  bool map_stale() const { return map_stale_ || !map_.done(); }
  // Goes on with refreshing the map, by a few hundred samples. Returns whether that finished it.
  bool advance_map();

  // Brings the images up to date and moves all that has changed since the last call into `snapshot`.
  void fill(Snapshot& snapshot);

  const LatentMap& map() const { return map_; }
  // How many samples the map shows, with labels and factors, for DataReady.
  void describe_map(DataReady& ready) const;

  // Images (n x features, sample by sample, in the data's own units: [0, 1] for pixels) of codes
  // (n x code size), by the current parameters.
  Floats decode(const Floats& codes) const;
  // The same for points of the latent map (n x 2).
  Floats decode_map(const Floats& points) const;
  // Held-out images by index (n x features, in the data's own units). Throws Error for an index that
  // there is not.
  Floats images(const std::vector<std::uint32_t>& indices) const;

 private:
  void corrupt_images();

  const TrainingRun& run_;
  mutable Inference inference_;
  LatentMap map_;
  bool map_stale_ = true;
  bool map_new_ = false;
  bool images_stale_ = true;

  Corruption noise_;
  std::uint64_t noise_seed_ = 0;
  std::vector<std::uint32_t> indices_;
  Matrix clean_, corrupted_, restored_;  // features x images
  bool originals_new_ = true;
  bool corrupted_new_ = true;
};

}  // namespace hourglass::session
