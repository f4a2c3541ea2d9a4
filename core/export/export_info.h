// What is to be known of an exported model that its own format has no place for.
#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/export/export.h"
#include "core/export/trained_model.h"

namespace hourglass {

// One or two sentences about the values that go in and come out.
std::string export_about(const TrainedModel& model, const ExportOptions& options);

// {"format", "part", "about", "data", "input": {"name", "features", "image"}, "output": {...},
// "scaling": {"kind", "scale", "offset", "range"}, "layers": [{"name", "kind", "output",
// "activation", "parameters"}], "parameters", "classes", "vocabulary", "remarks"}; the last three
// where there are any.
OrderedJson export_info(const TrainedModel& model, ExportTarget target,
                        const ExportOptions& options, const std::vector<std::string>& remarks);

}  // namespace hourglass
