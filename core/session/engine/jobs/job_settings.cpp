#include "core/session/engine/jobs/job_settings.h"

#include <string>

#include "core/model/initializer.h"
#include "core/model/loss.h"
#include "core/model/spec.h"

namespace hourglass::session {

Settings settings_of_run(const JobContext& context) {
  Settings settings = context.settings;
  if (!context.model) return settings;
  const ModelSpec& spec = context.model->spec();
  settings.set("model.encoder", layers_text(spec.encoder));
  settings.set("model.decoder", layers_text(spec.decoder));
  settings.set("model.loss", std::string(loss_name(spec.loss)));
  settings.set("model.initializer", std::string(initializer_name(spec.initializer)));
  return settings;
}

}  // namespace hourglass::session
