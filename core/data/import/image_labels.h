// Labels of images in a table beside them: a row an image, with its file's name and its class, as
// competitions give them out (train.csv beside a folder train/).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/data/import/image_layout.h"
#include "core/data/import/import.h"

namespace hourglass {

class ImageLabels {
 public:
  // The column's title, and the path of its table.
  const std::string& column() const { return column_; }
  const std::string& table() const { return table_; }
  // Titles of all columns: what data.label may be.
  const std::vector<std::string>& columns() const { return columns_; }

  // The label of an image, by its place among the files; "" if the table has none for it.
  std::string of(std::size_t file) const;

  // The first table among the files that names most of `images`: by path or a part of one, by name,
  // with or without its ending; a name that several have is the one in the folder that is called as
  // the table. Its labels are the column that data.label names, else one whose title says so
  // (label, class, target, ...), else the only other one. Nothing if there is no such table.
  static std::optional<ImageLabels> find(const ImportRequest& request,
                                         const std::vector<ImagePath>& images);

 private:
  std::string column_, table_;
  std::vector<std::string> columns_;
  std::unordered_map<std::size_t, std::string> labels_;
};

}  // namespace hourglass
