#include "core/data/import/zip_files.h"

#include <algorithm>
#include <numeric>

#include "core/base/error.h"
#include "core/data/import/sentences.h"
#include "core/formats/zip.h"

namespace hourglass {
namespace {

class FilesInZip final : public FileSet {
 public:
  // `members` has the place of each entry in the archive, `folder` what their paths have in common.
  FilesInZip(ZipArchive archive, std::vector<Entry> entries, std::vector<std::uint32_t> members,
             std::string folder)
      : FileSet(archive.name(), std::move(entries)),
        archive_(std::move(archive)),
        members_(std::move(members)),
        folder_(std::move(folder)) {}

  std::string title(std::size_t file) const override {
    return name() + "/" + folder_ + entries()[file].path;
  }
  std::vector<std::uint8_t> read(std::size_t file) const override {
    return archive_.read(members_[file]);
  }

 private:
  ZipArchive archive_;
  std::vector<std::uint32_t> members_;
  std::string folder_;
};

bool is_left_by_a_system(const std::string& path) {
  return path.starts_with("__MACOSX/") || path.starts_with('.') ||
         path.find("/.") != std::string::npos;
}

}  // namespace

std::unique_ptr<FileSet> files_in_zip(std::vector<std::uint8_t> bytes, std::string name) {
  ZipArchive archive(std::move(bytes), std::move(name));
  const auto& all = archive.entries();
  std::vector<std::uint32_t> members;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (!all[i].is_folder() && !is_left_by_a_system(all[i].path)) members.push_back(i);
  }
  if (members.empty()) throw Refusal(sentence("files.empty_archive", {archive.name()}));
  const auto path_of = [&](std::uint32_t i) -> const std::string& { return all[i].path; };
  std::ranges::stable_sort(members, {}, path_of);
  // The last of equal ones is the first from behind.
  const auto repeated = std::unique(members.rbegin(), members.rend(),
                                    [&](auto a, auto b) { return path_of(a) == path_of(b); });
  members.erase(members.begin(), repeated.base());

  const std::string folder = common_folder(path_of(members.front()), path_of(members.back()));
  std::vector<FileSet::Entry> entries;
  entries.reserve(members.size());
  for (const std::uint32_t i : members) {
    entries.push_back({all[i].path.substr(folder.size()), all[i].bytes});
  }
  return std::make_unique<FilesInZip>(std::move(archive), std::move(entries), std::move(members),
                                      folder);
}

Sentence refusal_of_archive(const FileSet& files) {
  const auto has = [&](std::string_view path) {
    return std::ranges::any_of(files.entries(),
                               [&](const FileSet::Entry& file) { return file.path == path; });
  };
  const std::string& name = files.name();
  if (has("[Content_Types].xml")) {
    return sentence(has("xl/workbook.xml") ? "kind.excel" : "kind.office", {name});
  }
  if (has("mimetype") && has("META-INF/manifest.xml")) {
    return sentence("kind.open_document", {name});
  }
  if (has("data.pkl")) return sentence("kind.pytorch", {name});
  if (has("model.weights.h5")) return sentence("kind.keras", {name});
  return {};
}

}  // namespace hourglass
