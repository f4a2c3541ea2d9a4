#include "core/session/engine/classifier_file.h"

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/whole_number.h"
#include "core/data/split.h"

namespace hourglass::session {
namespace {

constexpr const char* kClassifierKey = "hourglass.classifier";

}  // namespace

Safetensors classifier_file(const Model& model, const ParameterBuffer& parameters,
                            const RunInfo& info, const ClassifierInfo& classifier) {
  Safetensors file;
  file.tensors = parameter_entries(model.layout(), parameters);
  add_run_info(info, file);
  file.metadata[kClassifierKey] = json_text(OrderedJson{{"classes", classifier.class_names},
                                                        {"labels", classifier.labels},
                                                        {"fine_tuned", classifier.fine_tuned}});
  return file;
}

bool is_classifier(const Safetensors& file) { return file.metadata.contains(kClassifierKey); }

void refuse_classifier(const Safetensors& file, const std::string& what) {
  if (!is_classifier(file)) return;
  throw Error(what +
              " is a classifier, whose encoder has a head and no decoder: 'hourglass probe' takes "
              "it, and here the model.safetensors of an autoencoder is needed.");
}

ClassifierInfo read_classifier_info(const Safetensors& file, const std::string& what) {
  const auto found = file.metadata.find(kClassifierKey);
  if (found == file.metadata.end()) {
    throw Error(what + " is no classifier: its metadata has no '" + kClassifierKey + "'.");
  }
  const auto damaged = [&](const char* wanted) -> Error {
    return Error(what + " has a damaged '" + kClassifierKey + "' in its metadata: " + wanted + ".");
  };
  const Json json = parse_json(found->second);
  ClassifierInfo info;
  if (!json.is_object() || !json.contains("classes") || !json["classes"].is_array() ||
      json["classes"].size() < 2 || json["classes"].size() > kMaxClasses) {
    throw damaged("\"classes\" must be a list of 2 to 1000 names");
  }
  for (const Json& name : json["classes"]) {
    if (!name.is_string()) throw damaged("the names of \"classes\" must be text");
    info.class_names.push_back(name.get<std::string>());
  }
  if (!json.contains("labels") ||
      !read_whole_number(json["labels"], 1, kMaxWholeNumber, info.labels)) {
    throw damaged("\"labels\" must be a whole number from 1 on");
  }
  if (!json.contains("fine_tuned") || !json["fine_tuned"].is_boolean()) {
    throw damaged("\"fine_tuned\" must be true or false");
  }
  info.fine_tuned = json["fine_tuned"].get<bool>();
  return info;
}

}  // namespace hourglass::session
