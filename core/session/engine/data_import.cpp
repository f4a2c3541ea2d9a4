#include "core/session/engine/data_import.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/data/description.h"
#include "core/data/document_info.h"
#include "core/data/sources/dataset_file.h"
#include "core/session/engine/import_settings.h"

namespace hourglass::session {
namespace {

constexpr Index kShownRows = 8, kShownColumns = 24;
constexpr std::size_t kShownClasses = 24, kShownNames = 400;

Json texts_json(const std::vector<std::string>& texts, std::size_t most) {
  Json list = Json::array();
  for (std::size_t i = 0; i < std::min(most, texts.size()); ++i) list.push_back(to_utf8(texts[i]));
  return list;
}

Json notes_json(const std::vector<Sentence>& notes) {
  Json list = Json::array();
  for (std::size_t i = 0; i < std::min(kShownNames, notes.size()); ++i) {
    list.push_back(parse_json(sentence_json(notes[i])));
  }
  return list;
}

Json shape_json(const ImageShape& shape) {
  if (is_table(shape)) return Json::array({shape.features()});
  return Json::array({shape.channels, shape.rows, shape.columns});
}

Json classes_json(const Dataset& data) {
  std::vector<std::int64_t> counts(data.class_names.size());
  for (const Samples* samples : {&data.train, &data.test}) {
    for (const std::int32_t label : samples->labels) ++counts[static_cast<std::size_t>(label)];
  }
  Json list = Json::array();
  for (std::size_t i = 0; i < std::min(kShownClasses, counts.size()); ++i) {
    list.push_back({to_utf8(data.class_names[i]), counts[i]});
  }
  return list;
}

std::string value_words(float value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.5g", static_cast<double>(value));
  return text.data();
}

// The first samples of a table as a person would read them there.
void add_rows(const Dataset& data, Json& fields) {
  const Index features = data.shape.features(), columns = std::min(features, kShownColumns);
  Json titles = Json::array(), rows = Json::array();
  for (Index i = 0; i < columns; ++i) {
    const auto at = static_cast<std::size_t>(i);
    titles.push_back(at < data.feature_names.size() ? to_utf8(data.feature_names[at])
                                                    : std::to_string(i + 1));
  }
  const bool is_bytes = data.train.values().empty();
  for (Index row = 0; row < std::min(data.train.count(), kShownRows); ++row) {
    Json cells = Json::array();
    for (Index i = 0; i < columns; ++i) {
      const auto at = static_cast<std::size_t>(row * features + i);
      cells.push_back(is_bytes ? std::to_string(data.train.bytes()[at])
                               : value_words(data.train.values()[at]));
    }
    rows.push_back(std::move(cells));
  }
  fields["titles"] = std::move(titles);
  fields["rows"] = std::move(rows);
}

// Documents by their first words.
void add_beginnings(const DocumentInfo& documents, Json& fields) {
  fields["titles"] = Json::array();
  Json rows = Json::array();
  const auto& beginnings = documents.train.beginnings;
  for (std::size_t i = 0; i < std::min<std::size_t>(kShownRows, beginnings.size()); ++i) {
    rows.push_back(Json::array({to_utf8(beginnings[i])}));
  }
  fields["rows"] = std::move(rows);
}

// Images spread over the training samples, so that each class has its share of them.
void add_sheet(const Dataset& data, const DataDescription& seen, JobResult& result) {
  const auto features = static_cast<std::int64_t>(data.shape.features());
  const auto there = static_cast<std::int64_t>(data.train.count());
  const std::int64_t count = std::min(there, kSheetImages);
  Bytes sheet;
  sheet.reserve(static_cast<std::size_t>(count * features));
  // Numbers of an unusual range are shown from black to white all the same.
  const double low = std::min(0.0, seen.low), width = std::max(1.0, seen.high) - low;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto start = static_cast<std::size_t>(i * there / count * features);
    for (std::size_t at = start; at < start + static_cast<std::size_t>(features); ++at) {
      if (!data.train.bytes().empty()) {
        sheet.push_back(data.train.bytes()[at]);
      } else {
        const double share = (static_cast<double>(data.train.values()[at]) - low) / width;
        sheet.push_back(static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0, 1.0))));
      }
    }
  }
  result.arrays.push_back({"images", {count, features}, std::move(sheet)});
}

// The settings that play a part in data of this kind.
Json controls_of(const Imported& imported) {
  const std::string& kind = imported.report.kind;
  std::vector<const char*> keys;
  const auto add = [&](std::initializer_list<const char*> more) {
    keys.insert(keys.end(), more.begin(), more.end());
  };
  if (imported.data.documents) {
    add({"data.vocabulary", "data.word_weights"});
  } else if (kind == "table") {
    add({"data.label", "data.header", "data.shape", "data.range", "data.leave_out",
         "data.missing"});
  } else if (kind == "images") {
    add({"data.image_side", "data.shape", "data.colour", "data.fit", "data.ground", "data.invert",
         "data.tiles"});
  } else {
    if (imported.report.arrays.size() > 1) add({"data.array", "data.label"});
    add({"data.shape", "data.range", "data.transpose", "data.invert"});
  }
  add({"data.test_share", "data.split_seed", "data.most_samples"});
  return keys;
}

}  // namespace

void DataImport::take(std::unique_ptr<FileSet> files, std::string set) {
  files_ = std::move(files);
  set_ = std::move(set);
  imported_.reset();
}

void DataImport::forget() { *this = DataImport(); }

const Imported& DataImport::imported(const std::string& options) {
  if (!files_) throw Error("There are no files yet: drop some here, or choose them.");
  if (imported_ && options == options_) return *imported_;
  Settings settings;
  const Json json = parse_json(options);
  if (!json.is_object()) throw Error("What is said about the data is no JSON object.");
  apply_data_options(json, settings);
  imported_.reset();  // before the next takes as much memory
  Imported made = import_data(*files_, set_, import_options(settings));
  options_ = options;
  return imported_.emplace(std::move(made));
}

JobResult DataImport::preview(const std::string& options) {
  const Imported& imported = this->imported(options);
  const Dataset& data = imported.data;
  const ImportReport& report = imported.report;
  const DataDescription seen = describe(data);
  Json fields = {{"name", to_utf8(data.name)},
                 {"kind", report.kind},
                 {"samples", data.train.count() + data.test.count()},
                 {"features", data.shape.features()},
                 {"train", data.train.count()},
                 {"test", data.test.count()},
                 {"shape", shape_json(data.shape)},
                 {"low", seen.low},
                 {"high", seen.high},
                 {"label", parse_json(sentence_json(report.label))},
                 {"split", parse_json(sentence_json(report.split))},
                 {"left_out", report.left_out},
                 {"notes", notes_json(report.notes)},
                 {"classes", classes_json(data)},
                 {"class_count", data.class_names.size()},
                 {"columns", texts_json(report.columns, kShownNames)},
                 {"arrays", texts_json(report.arrays, kShownNames)},
                 {"controls", controls_of(imported)},
                 {"documents", data.documents != nullptr}};
  JobResult result;
  result.kind = kImportJob;
  result.done = true;
  if (data.documents) {
    add_beginnings(*data.documents, fields);
  } else if (is_table(data.shape)) {
    add_rows(data, fields);
  } else {
    add_sheet(data, seen, result);
  }
  result.fields = json_text(fields);
  return result;
}

Bytes DataImport::samples(const std::string& options) {
  return dataset_to_bytes(imported(options).data, options);
}

}  // namespace hourglass::session
