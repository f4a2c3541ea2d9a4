#include "core/session/engine/import_settings.h"

#include "core/base/error.h"
#include "core/base/names.h"

namespace hourglass::session {

ImportOptions import_options(const Settings& settings) {
  ImportOptions options;
  options.label = settings.text("data.label");
  options.shape = settings.text("data.shape");
  options.range = settings.text("data.range");
  options.array = settings.text("data.array");
  options.leave_out = settings.text("data.leave_out");
  options.tiles = settings.text("data.tiles");
  const auto guess = [&](const char* key) {
    return value_from_name<Guess>(kGuessNames, settings.text(key), "guess");
  };
  options.header = guess("data.header");
  options.transpose = guess("data.transpose");
  options.invert = settings.flag("data.invert");
  options.missing = value_from_name<Missing>(kMissingNames, settings.text("data.missing"), "way");
  options.fit = value_from_name<Fit>(kFitNames, settings.text("data.fit"), "fit");
  options.ground = value_from_name<Ground>(kGroundNames, settings.text("data.ground"), "ground");
  options.image_side = static_cast<Index>(settings.integer("data.image_side"));
  options.colour = settings.flag("data.colour");
  options.test_share = settings.real("data.test_share");
  options.split_seed = settings.integer("data.split_seed");
  options.most_samples = static_cast<Index>(settings.integer("data.most_samples"));
  options.words = static_cast<Index>(settings.integer("data.vocabulary"));
  options.weighting = word_weighting_from_name(settings.text("data.word_weights"));
  return options;
}

ImportOptions import_options(const RunInfo& info) {
  ImportOptions options = import_options(info.settings);
  options.trained = TrainedOn{info.input, info.columns, info.reading};
  return options;
}

void apply_data_options(const Json& options, Settings& settings) {
  for (const auto& [key, value] : options.items()) {
    const Setting& setting = find_setting(key);
    const bool takes = setting.key.starts_with("data.") && setting.key != "data.set" &&
                       setting.key != "data.scaling";
    if (!takes) throw Error("'" + key.substr(0, 80) + "' says nothing about how data are read.");
    if (value.is_boolean()) {
      settings.set(setting.key, Value(value.get<bool>()));
    } else if (value.is_number_integer()) {
      settings.set(setting.key, Value(value.get<std::int64_t>()));
    } else if (value.is_number()) {
      settings.set(setting.key, Value(value.get<double>()));
    } else if (value.is_string()) {
      settings.set(setting.key, Value(value.get<std::string>()));
    } else {
      throw Error("The value of '" + key.substr(0, 80) + "' must be text, a number or a flag.");
    }
  }
}

}  // namespace hourglass::session
