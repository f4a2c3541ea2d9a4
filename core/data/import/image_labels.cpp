#include "core/data/import/image_labels.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/formats/csv_lines.h"

namespace hourglass {
namespace {

// A table of more columns than this is no list of labels.
constexpr std::size_t kMaxLabelColumns = 100;

using Row = std::vector<std::string>;

// The image's path as it may stand in a table: '/' between its parts, and no "./" before it.
std::string plain_path(std::string_view field) {
  std::string path(field);
  std::ranges::replace(path, '\\', '/');
  while (path.starts_with("./")) path.erase(0, 2);
  return path;
}

// Names of an image, the longest first: of "a/b/c.png" this, "a/b/c", "b/c.png", "b/c", "c.png" and
// "c".
std::vector<std::string> names_of(const std::string& path) {
  std::vector<std::string> names;
  for (std::size_t at = 0; at != std::string::npos;) {
    const std::string name = path.substr(at);
    const std::size_t slash = name.rfind('/'), dot = name.rfind('.');
    names.push_back(name);
    if (dot != name.npos && dot > 0 && (slash == name.npos || dot > slash + 1)) {
      names.push_back(name.substr(0, dot));
    }
    const std::size_t next = path.find('/', at);
    at = next == path.npos ? next : next + 1;
  }
  return names;
}

// All records of the same number of fields as the first; none if it is no such table.
std::vector<Row> read_rows(const std::vector<std::uint8_t>& bytes, const std::string& name) {
  std::vector<Row> rows;
  try {
    CsvLines lines({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name);
    std::vector<std::string_view> fields;
    while (lines.next(fields, kMaxLabelColumns)) {
      if (!rows.empty() && fields.size() != rows[0].size()) return {};
      rows.emplace_back(fields.begin(), fields.end());
    }
  } catch (const Error&) {
    return {};  // text beside images may be anything
  }
  return rows.size() > 1 && rows[0].size() > 1 ? rows : std::vector<Row>{};
}

// Files by their names.
class KnownNames {
 public:
  explicit KnownNames(const std::vector<ImagePath>& images) : images_(images) {
    for (std::size_t i = 0; i < images.size(); ++i) {
      for (std::string& name : names_of(std::string(images[i].path))) {
        files_[std::move(name)].push_back(i);
      }
    }
  }

  // The file that `table` calls so, by as much of a path as both have. Of several of a name it is
  // the one in the folder that is called as the table is: train/1.png for train.csv.
  std::optional<std::size_t> find(std::string_view field, const std::string& table) const {
    const std::string file = table.substr(table.rfind('/') + 1);
    const std::string folder = file.substr(0, file.find('.')) + "/";
    for (const std::string& name : names_of(plain_path(field))) {
      const auto found = files_.find(name);
      if (found == files_.end()) continue;
      std::vector<std::size_t> places = found->second;
      if (places.size() > 1) {
        std::erase_if(places, [&](std::size_t place) {
          const std::string path = "/" + std::string(images_[place].path);
          return path.find("/" + folder) == path.npos;
        });
      }
      if (places.size() != 1) return std::nullopt;
      return images_[places[0]].file;
    }
    return std::nullopt;
  }

 private:
  const std::vector<ImagePath>& images_;
  std::unordered_map<std::string, std::vector<std::size_t>> files_;
};

// The column that names most of the images, if it names more than half of them that it has.
std::optional<std::size_t> naming_column(const std::vector<Row>& rows, const KnownNames& images,
                                         const std::string& table) {
  std::optional<std::size_t> best;
  std::size_t most = 0;
  for (std::size_t column = 0; column < rows[0].size(); ++column) {
    std::size_t known = 0;
    for (std::size_t i = 1; i < rows.size(); ++i)
      known += images.find(rows[i][column], table) ? 1u : 0u;
    if (known > most && known * 2 > rows.size() - 1) {
      most = known;
      best = column;
    }
  }
  return best;
}

bool is_label_title(std::string title) {
  for (char& c : title) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  static constexpr std::string_view kTitles[] = {"label",  "labels",   "class",      "classes",
                                                 "target", "category", "class_name", "label_name",
                                                 "breed",  "species",  "digit",      "has_cactus"};
  return std::ranges::find(kTitles, title) != std::end(kTitles);
}

std::optional<std::size_t> label_column(const Row& titles, std::size_t naming,
                                        const std::string& wanted) {
  for (std::size_t i = 0; i < titles.size(); ++i) {
    if (i != naming && (titles[i] == wanted || std::to_string(i + 1) == wanted)) return i;
  }
  if (wanted != "auto") return std::nullopt;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    if (i != naming && is_label_title(titles[i])) return i;
  }
  if (titles.size() == 2) return 1 - naming;
  return std::nullopt;
}

}  // namespace

std::string ImageLabels::of(std::size_t file) const {
  const auto found = labels_.find(file);
  return found == labels_.end() ? "" : found->second;
}

std::optional<ImageLabels> ImageLabels::find(const ImportRequest& request,
                                             const std::vector<ImagePath>& images) {
  const auto is_table = [&](std::size_t file) {
    const std::string ending = ending_of(request.files.entries()[file].path);
    return request.kinds[file] == FileKind::kText && (ending == ".csv" || ending == ".tsv");
  };
  bool has_tables = false;
  for (std::size_t i = 0; i < request.files.size(); ++i) has_tables = has_tables || is_table(i);
  if (request.options.label == "none" || !has_tables) return std::nullopt;
  const KnownNames known(images);
  for (std::size_t i = 0; i < request.files.size(); ++i) {
    const std::string& path = request.files.entries()[i].path;
    if (!is_table(i)) continue;
    const std::vector<Row> rows = read_rows(request.content(i), request.files.title(i));
    if (rows.empty()) continue;
    const auto naming = naming_column(rows, known, path);
    if (!naming) continue;
    const auto column = label_column(rows[0], *naming, request.options.label);
    if (!column) continue;
    ImageLabels labels;
    labels.table_ = path;
    labels.column_ = to_utf8(rows[0][*column]);
    for (const std::string& title : rows[0]) labels.columns_.push_back(to_utf8(title));
    // A first line that names an image is no line of titles.
    const bool has_titles = !known.find(rows[0][*naming], path);
    if (!has_titles) {
      labels.column_ = std::to_string(*column + 1);
      for (std::size_t i = 0; i < rows[0].size(); ++i) labels.columns_[i] = std::to_string(i + 1);
    }
    for (std::size_t row = has_titles ? 1 : 0; row < rows.size(); ++row) {
      const auto file = known.find(rows[row][*naming], path);
      if (file) labels.labels_.emplace(*file, rows[row][*column]);
    }
    return labels;
  }
  return std::nullopt;
}

}  // namespace hourglass
