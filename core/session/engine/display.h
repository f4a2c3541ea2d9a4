// What is on display of a run: images with their reconstructions, the latent map, one sample on its
// way through the network, and what its units look for and draw.
#pragma once

#include <vector>

#include "core/analysis/inspection.h"
#include "core/analysis/latent_map.h"
#include "core/data/corruption.h"
#include "core/session/engine/training_run.h"
#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

// Keeps track of what is out of date, refreshes it a piece at a time, and puts what is new into a
// snapshot. The run must outlive it.
class Display {
 public:
  Display(const TrainingRun& run, const Settings& settings, ThreadPool& pool);

  // Takes up the settings that wake the parts `woken` (bits of session::wakes). Another number of
  // points on the map wants another Display.
  void take_up(const Settings& settings, unsigned woken);
  // The parameters have changed.
  void parameters_changed();
  // Shows these parameters, which must live on, in place of the run's; null: the run's.
  void look_at(const Scalar* parameters);
  // Those on display.
  const Scalar* parameters() const { return earlier_ ? earlier_ : run_.parameters(); }

  // Whether advance() has anything to do.
  bool stale() const { return stage_ != Stage::kIdle || next_stage(Stage::kIdle) != Stage::kIdle; }
  // What takes long is refreshed in rounds: the map, then which images are reconstructed worst,
  // then the tiles. Goes on with that for some milliseconds; returns whether the round is finished.
  bool advance();

  // Brings images and sample up to date and moves all that has changed since the last call into
  // `snapshot`.
  void fill(Snapshot& snapshot);

  // The held-out images on display, by index.
  const std::vector<std::uint32_t>& image_indices() const { return indices_; }

  Index map_size() const { return map_.size(); }
  // How many samples the map shows, with labels and factors, for DataReady.
  void describe_map(DataReady& ready) const;

  // Images (n x features, sample by sample, in the data's own units: [0, 1] for pixels) of codes (n
  // x code size), by the current parameters. Throws Error for numbers that are no whole codes or
  // not finite, and for more than 4096 codes, or than make 2^24 numbers of images.
  Floats decode(const Floats& codes) const;
  // The same for points of the latent map (n x 2).
  Floats decode_map(const Floats& points) const;
  // Held-out images by index (n x features, in the data's own units). Throws Error for an index
  // that there is not, and for more than 1024, or than make 2^24 numbers.
  Floats images(const std::vector<std::uint32_t>& indices) const;

 private:
  void choose_images(const Settings& settings);
  void set_noise(const Settings& settings);
  void set_plane(const Settings& settings);
  void choose_sample(const Settings& settings);
  void choose_tiles(const Settings& settings);

  enum class Stage { kIdle, kMap, kWorst, kTiles };

  // The first stage behind `stage` with something to refresh; kIdle if there is none.
  Stage next_stage(Stage stage) const;
  void begin(Stage stage);
  bool advance_worst();
  void show_worst();
  void show(std::vector<std::uint32_t> indices);
  void corrupt_images();
  void fill_images(Snapshot& snapshot);
  void fill_activations(Snapshot& snapshot);
  void fill_tiles(Snapshot& snapshot);

  const TrainingRun& run_;
  const Scalar* earlier_ = nullptr;  // of the run at an earlier moment that is looked at
  ThreadPool& pool_;
  mutable Inference inference_;
  LatentMap map_;
  Inspection inspection_;
  Stage stage_ = Stage::kIdle;
  bool map_stale_ = true;
  bool map_new_ = false;
  bool images_stale_ = true;

  bool worst_wanted_ = false;
  bool worst_stale_ = false;
  std::vector<double> sample_errors_;  // of the map's samples, without noise
  std::size_t errors_known_ = 0;       // how many of them are of the round under way
  std::vector<std::uint32_t>
      worst_;  // the map's samples, worst first; empty before the first round
  std::size_t image_count_ = 0;

  bool tiles_wanted_ = false;
  bool tiles_stale_ = false;
  bool tiles_new_ = false;
  Inspection::Tiles tiles_kind_ = Inspection::Tiles::kInputs;
  ImageShape tile_shape_{1, 0, 0};  // of the tiles last sent

  std::uint32_t sample_ = 0;
  bool sample_stale_ = true;

  Corruption noise_;
  std::uint64_t noise_seed_ = 0;
  std::vector<std::uint32_t> indices_;
  Matrix clean_, corrupted_, restored_;  // features x images
  bool originals_new_ = true;
  bool corrupted_new_ = true;
};

}  // namespace hourglass::session
