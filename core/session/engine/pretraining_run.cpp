#include "core/session/engine/pretraining_run.h"

#include <utility>

#include "core/session/engine/build.h"
#include "core/session/settings/run_specs.h"
#include "core/session/settings/settings_json.h"

namespace hourglass::session {

Settings pretraining_settings(Settings settings, const std::string& changes,
                              const std::string& where) {
  if (!changes.empty()) apply_settings_json(changes, where, settings);
  return settings;
}

std::unique_ptr<LayerwisePretraining> make_pretraining(const Settings& settings,
                                                       std::shared_ptr<const Model> model,
                                                       DatasetPointer data, ThreadPool& pool) {
  const TrainSpec spec = train_spec(settings, data->train.count());
  const std::int64_t epochs = run_specs(settings).stopping.epochs;
  return std::make_unique<LayerwisePretraining>(std::move(model), spec, epochs, std::move(data),
                                                pool);
}

FewLabelsSpec few_labels_spec(const Settings& settings, Index train_samples) {
  FewLabelsSpec spec;
  spec.pretraining = train_spec(settings, train_samples);
  spec.pretraining_epochs = run_specs(settings).stopping.epochs;
  spec.fine_tuning = spec.pretraining;
  spec.fine_tuning.schedule = {};
  return spec;
}

}  // namespace hourglass::session
