// `hourglass project`: a run with its data in one file.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/sources/dataset_file.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/session/engine/classifier_file.h"
#include "core/session/export/project_file.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/model.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"

namespace hourglass {
namespace {

struct ProjectFlags {
  std::optional<std::string> model, data, out;
  bool json = false;
};

// A person's own data as bytes, checked to be those of the run; nothing of a set that is known by
// its name.
std::vector<std::uint8_t> samples_of_run(const ProjectFlags& flags, const std::string& model,
                                         const session::RunInfo& info) {
  if (!flags.data) {
    if (is_data_name(info.data)) return {};
    throw Error("'" + model + "' was trained on the data in '" + info.data +
                "'; say where that is with --data PATH, so that the project has them.");
  }
  std::string path;
  const Dataset unscaled = load_unscaled_data(*flags.data, info.settings, path, &info);
  const std::string difference =
      session::data_difference(info, scaled_for(info.settings, unscaled));
  if (!difference.empty()) {
    throw Error("'" + *flags.data + "' " + difference + ", so it is not what '" + model +
                "' was trained on.");
  }
  return path.empty() ? std::vector<std::uint8_t>{} : dataset_to_bytes(unscaled);
}

// A project replaces no other file: neither the run nor its data, nor whatever has another ending.
void check_out(const ProjectFlags& flags, const std::string& out) {
  namespace fs = std::filesystem;
  if (fs::path(out).extension() != ".zip") {
    throw Error("'" + out + "' does not end in .zip, as a project's name does.");
  }
  for (const auto& given : {flags.model, flags.data}) {
    std::error_code unknown;
    if (given && fs::equivalent(out, *given, unknown)) {
      throw Error("'" + out + "' is what the project is made of; --out names another place.");
    }
  }
}

int make_project(const ProjectFlags& flags) {
  const std::string& model = needed(flags.model, "project", "--model FILE");
  const std::string& out = needed(flags.out, "project", "--out FILE.zip");
  check_out(flags, out);
  session::Project project = read_model_file(model);
  const Safetensors file = read_safetensors(project.checkpoint, "'" + model + "'");
  session::refuse_classifier(file, "'" + model + "'");
  const session::RunInfo info = session::read_run_info(file, "'" + model + "'");
  if (flags.data || project.samples.empty()) project.samples = samples_of_run(flags, model, info);
  const std::vector<std::uint8_t> bytes = session::write_project(project);
  write_file(out, bytes);
  if (flags.json) {
    std::printf("%s\n", json_text(OrderedJson{{"out", to_utf8(out)},
                                              {"bytes", bytes.size()},
                                              {"data", to_utf8(info.data)},
                                              {"has_data", !project.samples.empty()}})
                            .c_str());
  } else {
    std::printf(
        "Wrote the run%s to %s (%s bytes): 'hourglass train --resume' and the page open it.\n",
        project.samples.empty() ? "" : " and its data", printable(out).c_str(),
        with_commas(static_cast<std::int64_t>(bytes.size())).c_str());
  }
  return kDone;
}

}  // namespace

void add_project_command(CommandLine& line) {
  const auto flags = std::make_shared<ProjectFlags>();
  Command& command = line.add("project", "A run with its data in one file, which opens anywhere");
  command.option("--model", flags->model, "The model.safetensors of a run", "FILE");
  command.option("--data", flags->data,
                 "What it was trained on, where that is a file or folder of your own", "PATH");
  command.option("--out", flags->out, "The file to write", "FILE.zip");
  command.flag("--json", flags->json, "One object on the last line");
  command.runs([flags] { return make_project(*flags); });
}

}  // namespace hourglass
