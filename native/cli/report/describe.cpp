#include "native/cli/report/describe.h"

#include <cstdio>

#include "core/data/document_info.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"

namespace hourglass {
namespace {

using Json = nlohmann::ordered_json;

// As a person writes it: 0.1 and not the nearest float, 0.100000001.
std::string number(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string range_text(double low, double high) { return number(low) + " to " + number(high); }

}  // namespace

std::string data_sentence(const Dataset& data, const DataDescription& description) {
  const std::string noun = data.documents ? (data.train.count() == 1 ? "document" : "documents")
                                          : sample_noun(data.shape, data.train.count());
  const std::string each =
      data.documents         ? "counted by " + with_commas(data.shape.features()) + " words"
      : description.is_table ? "a table of " + sample_text(data.shape) + " each"
                             : sample_text(data.shape);
  std::string text = one_line(data.name) + ": " + with_commas(data.train.count()) + " " + noun +
                     " to train on and " + with_commas(data.test.count()) + " held out" +
                     (data.split_by.empty() ? "" : " (" + one_line(data.split_by) + ")") + ", " +
                     each + ", values from " + range_text(description.low, description.high) +
                     ", scaled to " +
                     range_text(static_cast<double>(description.seen.low),
                                static_cast<double>(description.seen.high)) +
                     "; ";
  const std::size_t classes = data.class_names.size();
  if (classes == 0) {
    text += "no labels";
  } else {
    text += with_commas(static_cast<std::int64_t>(classes)) +
            (classes == 1 ? " class" : " classes") +
            (data.labels_from.empty() ? "" : ", by " + one_line(data.labels_from));
  }
  return text + "; hash " + description.hash;
}

Json data_json(const Dataset& data, const DataDescription& description) {
  return Json{{"name", data.name},
              {"kind", data.documents         ? "documents"
                       : description.is_table ? "table"
                                              : "images"},
              {"train", data.train.count()},
              {"held_out", data.test.count()},
              {"split", data.split_by},
              {"shape", {data.shape.channels, data.shape.rows, data.shape.columns}},
              {"values", {description.low, description.high}},
              {"scaled_to", {description.seen.low, description.seen.high}},
              {"classes", data.class_names.size()},
              {"labels_from", data.labels_from.empty() ? Json() : Json(data.labels_from)},
              {"hash", description.hash}};
}

}  // namespace hourglass
