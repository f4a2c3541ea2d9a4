// The pictures that a run leaves behind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/formats/png.h"
#include "core/math/thread_pool.h"
#include "core/session/engine/training_run.h"
#include "core/session/settings/settings.h"

namespace hourglass {

// The shape in which images of so many channels are drawn: those of other than 1 or 3 channels as
// their planes, one below the other.
ImageShape drawable(const ImageShape& shape);

// Each pixel as a square of `factor` x `factor`.
Image enlarged(const Image& image, int factor);

// A PNG of held-out images (settings view.images, view.image_set) in lines of ten, each line with
// the network's reconstructions below it.
std::vector<std::uint8_t> reconstructions_png(const session::TrainingRun& run,
                                              const session::Settings& settings, ThreadPool& pool);

// A PNG of the codes of held-out images (setting view.map_points) in the plane in which they are
// widest, coloured and labelled by class. `title` stands above it.
std::vector<std::uint8_t> latent_png(const session::TrainingRun& run,
                                     const session::Settings& settings, ThreadPool& pool,
                                     const std::string& title);

}  // namespace hourglass
