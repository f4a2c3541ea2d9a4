// What a network makes of documents, as a table.
#pragma once

#include <string>

#include "core/math/thread_pool.h"
#include "core/session/engine/training_run.h"
#include "core/session/settings/settings.h"

namespace hourglass {

// A table of held-out documents (settings view.images, view.image_set), tabs between its columns:
// topic, first words, the words that are strongest in it, and those that the network expects in it,
// strongest first. The run's data must be documents.
std::string reconstructions_tsv(const session::TrainingRun& run, const session::Settings& settings,
                                ThreadPool& pool);

}  // namespace hourglass
