// Runs that begin with layers pretrained one by one.
#pragma once

#include <memory>
#include <string>

#include "core/analysis/few_labels.h"
#include "core/analysis/pretraining.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

// `settings` with what `changes` (JSON, as Preset::pretraining) says of the layers' own training.
// Throws Error that names the key; `where` names the source in it.
Settings pretraining_settings(Settings settings, const std::string& changes,
                              const std::string& where);

// The layers of `model` by `settings`: train.epochs each, with the run's optimizer, noise and
// penalties. Throws Error as LayerwisePretraining does. `pool` must outlive it.
std::unique_ptr<LayerwisePretraining> make_pretraining(const Settings& settings,
                                                       std::shared_ptr<const Model> model,
                                                       DatasetPointer data, ThreadPool& pool);

// Classifiers from few labels by `settings`: the layers as make_pretraining() trains them, and the
// classifiers with the same optimizer at a constant rate.
FewLabelsSpec few_labels_spec(const Settings& settings, Index train_samples);

}  // namespace hourglass::session
