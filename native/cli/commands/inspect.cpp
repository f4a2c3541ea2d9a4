// `hourglass inspect`: what the import understands of a file or folder, before anything is trained.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/description.h"
#include "core/data/document_info.h"
#include "core/session/settings/settings.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/train_quietly.h"
#include "native/cli/console/text.h"
#include "native/cli/report/describe.h"
#include "native/platform/data_files.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

// [features] of a table, [channels, rows, columns] of images.
Json shape_json(const ImageShape& shape) {
  if (is_table(shape)) return Json::array({shape.features()});
  return Json::array({shape.channels, shape.rows, shape.columns});
}

// Of the file's own numbers.
Json range_json(const Imported& imported, const DataDescription& seen) {
  const std::vector<double>& own = imported.report.range;
  return own.size() == 2 ? Json(own) : Json::array({seen.low, seen.high});
}

Json report_json(const Imported& imported, const DataDescription& seen) {
  const Dataset& data = imported.data;
  Json notes = Json::array();
  for (const std::string& note : imported.report.notes) notes.push_back(to_utf8(note));
  const std::string& label = imported.report.label;
  return Json{{"kind", imported.report.kind},
              {"samples", data.train.count() + data.test.count()},
              {"shape", shape_json(data.shape)},
              {"classes", data.class_names.size()},
              {"label", label.empty() ? Json() : Json(to_utf8(label))},
              {"range", range_json(imported, seen)},
              {"split",
               {{"train", data.train.count()},
                {"test", data.test.count()},
                {"by", data.split_by.empty() ? Json() : Json(to_utf8(data.split_by))}}},
              {"left_out", imported.report.left_out},
              {"notes", notes}};
}

struct InspectFlags {
  std::string path;
  std::vector<std::string> set;
  bool json = false;
};

int inspect(const InspectFlags& flags) {
  session::Settings settings;
  for (const std::string& pair : flags.set) set_pair(settings, to_utf8(pair));
  const Imported imported = import_path(flags.path, settings);
  const DataDescription seen = describe(imported.data);
  if (flags.json) {
    std::printf("%s\n", json_text(report_json(imported, seen)).c_str());
    return kDone;
  }
  std::printf("%s (%s).\n", data_sentence(imported.data, seen).c_str(),
              imported.report.kind.c_str());
  for (const std::string& note : imported.report.notes) {
    std::printf("- %s\n", printable(note).c_str());
  }
  return kDone;
}

}  // namespace

void add_inspect_command(CommandLine& line) {
  const auto flags = std::make_shared<InspectFlags>();
  Command& command =
      line.add("inspect", "What is understood of a file or folder, before anything is trained");
  command.argument("path", flags->path, "A file or folder of data");
  command.options("--set", flags->set,
                  "What is to be understood otherwise: data.label=..., "
                  "data.shape=28x28, data.header=yes ('hourglass settings' lists them)",
                  "KEY=VALUE");
  command.flag("--json", flags->json, "One object on the last line");
  command.runs([flags] { return inspect(*flags); });
}

}  // namespace hourglass
