#include "core/session/export/project_file.h"

#include <algorithm>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/formats/safetensors.h"
#include "core/formats/zip.h"
#include "core/formats/zip_writer.h"
#include "core/session/engine/build.h"
#include "core/session/export/saved_files.h"

namespace hourglass::session {
namespace {

constexpr std::string_view kProjectName = "project.json", kModelName = "model.safetensors",
                           kDataName = "data.safetensors";
constexpr std::string_view kProjectFormat = "hourglass.project";
constexpr int kProjectVersion = 1;
// Where the first member's name stands, behind "PK\3\4" and the rest of its local header.
constexpr std::size_t kNameOfFirstMember = 30;

std::vector<std::uint8_t> bytes_of_text(const std::string& text) {
  return {text.begin(), text.end()};
}

}  // namespace

std::vector<std::uint8_t> write_project(const Project& project) {
  const Safetensors file = read_safetensors(project.checkpoint, "The checkpoint");
  const RunInfo info = read_run_info(file, "The checkpoint");
  if (!file.metadata.contains("hourglass.state")) {
    throw Error(
        "The checkpoint has no state of an optimizer (a model that was imported has none), so no "
        "run can go on from it; 'hourglass export' takes it elsewhere.");
  }
  const OrderedJson json{{"format", kProjectFormat},
                         {"version", kProjectVersion},
                         {"data", info.data},
                         {"data_hash", info.data_hash},
                         {"has_data", !project.samples.empty()}};
  std::vector<ZipMember> members;
  members.push_back({std::string(kProjectName), bytes_of_text(json_text(json, 2) + "\n")});
  members.push_back({std::string(kModelName), project.checkpoint});
  const RunToSave run{.checkpoint = project.checkpoint, .words = {}};
  for (const SavedKind kind : {SavedKind::kHistory, SavedKind::kCurves}) {
    try {
      for (ExportedFile& each : saved_files(kind, run)) {
        members.push_back({each.name, std::move(each.bytes)});
      }
    } catch (const Error&) {
      // An untrained run has no curves.
    }
  }
  if (!project.samples.empty()) members.push_back({std::string(kDataName), project.samples});
  return write_zip(members);
}

bool is_project(std::span<const std::uint8_t> head) {
  const std::string_view text(reinterpret_cast<const char*>(head.data()), head.size());
  return text.starts_with("PK\x03\x04") &&
         text.size() >= kNameOfFirstMember + kProjectName.size() &&
         text.substr(kNameOfFirstMember).starts_with(kProjectName);
}

Project read_project(std::vector<std::uint8_t> bytes, const std::string& name) {
  const ZipArchive archive(std::move(bytes), name);
  const auto find = [&](std::string_view path) {
    const auto& entries = archive.entries();
    const auto found = std::ranges::find(entries, path, &ZipArchive::Entry::path);
    return static_cast<std::size_t>(found - entries.begin());
  };
  const auto read = [&](std::string_view path) {
    const std::size_t entry = find(path);
    if (entry == archive.entries().size()) {
      throw Error("'" + name + "' is no project: " + std::string(path) + " is not in it.");
    }
    return archive.read(entry);
  };
  const std::vector<std::uint8_t> head = read(kProjectName);
  const Json json = parse_json({reinterpret_cast<const char*>(head.data()), head.size()});
  if (!json.is_object() || json.value("format", Json()) != Json(kProjectFormat) ||
      !json.contains("version") || !json["version"].is_number_integer()) {
    throw Error("'" + name + "' is no project: its project.json does not say so.");
  }
  if (json["version"].get<std::int64_t>() > kProjectVersion) {
    throw Error("'" + name + "' was written by a newer version, which is needed to open it.");
  }
  Project project;
  project.checkpoint = read(kModelName);
  if (find(kDataName) < archive.entries().size()) project.samples = read(kDataName);
  return project;
}

}  // namespace hourglass::session
