#include "core/session/export/code_files.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/base/write_number.h"
#include "core/formats/npy.h"
#include "core/session/engine/jobs/codes_job.h"
#include "core/session/export/map_svg.h"

namespace hourglass::session {
namespace {

std::string number_field(float value) { return shortest_text(static_cast<double>(value)); }

// Empty for what is no class.
std::string class_field(const DataReady& data, std::int64_t label) {
  const bool is_one = label >= 0 && label < std::ssize(data.class_names);
  return is_one ? table_field(data.class_names[static_cast<std::size_t>(label)]) : "";
}

template <typename Values>
const Values* job_array(const JobResult& result, std::string_view name) {
  const auto found = std::ranges::find(result.arrays, name, &JobArray::name);
  return found == result.arrays.end() ? nullptr : std::get_if<Values>(&found->values);
}

// What the job "codes" has found.
struct EncodedSamples {
  std::size_t train = 0, count = 0, size = 0;
  const Floats* codes = nullptr;
  const std::vector<std::uint32_t>*labels = nullptr, *rows = nullptr;
};

EncodedSamples read_codes(const JobResult& result) {
  EncodedSamples read;
  const Json fields = parse_json(result.fields);
  const auto whole = [&](const char* name) -> std::size_t {
    const auto found = fields.find(name);
    const bool is_number = found != fields.end() && found->is_number_unsigned();
    return is_number ? found->get<std::size_t>() : 0;
  };
  if (fields.is_object()) {
    read.train = whole("train");
    read.count = read.train + whole("test");
    read.size = whole("code_size");
  }
  read.codes = job_array<Floats>(result, "codes");
  const std::size_t there = read.codes ? read.codes->size() : 0;
  if (there == 0 || read.size == 0 || there % read.size != 0 || there / read.size != read.count) {
    throw Error("These are no codes of samples.");
  }
  using Indices = std::vector<std::uint32_t>;
  read.labels = job_array<Indices>(result, "labels");
  read.rows = job_array<Indices>(result, "rows");
  if (read.labels && read.labels->size() != read.count) read.labels = nullptr;
  if (read.rows && read.rows->size() != read.count) read.rows = nullptr;
  return read;
}

}  // namespace

std::string table_field(const std::string& text) {
  const std::string safe = to_utf8(text);
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string quoted = "\"";
  for (const char c : safe) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string codes_csv(const JobResult& result, const DataReady& data) {
  const EncodedSamples codes = read_codes(result);
  const bool has_labels = codes.labels && !data.class_names.empty();
  std::string csv = "sample,split";
  if (codes.rows) csv += ",row";
  if (has_labels) csv += ",label";
  for (std::size_t k = 1; k <= codes.size; ++k) csv += ",code_" + std::to_string(k);
  csv += "\n";
  for (std::size_t i = 0; i < codes.count; ++i) {
    const bool is_train = i < codes.train;
    csv += std::to_string(is_train ? i : i - codes.train) + (is_train ? ",train" : ",test");
    if (codes.rows) csv += "," + std::to_string(std::int64_t{(*codes.rows)[i]} + 1);
    if (has_labels) csv += "," + class_field(data, (*codes.labels)[i]);
    for (std::size_t k = 0; k < codes.size; ++k) {
      csv += "," + number_field((*codes.codes)[i * codes.size + k]);
    }
    csv += "\n";
  }
  return csv;
}

std::vector<std::uint8_t> codes_npy(const JobResult& result) {
  const EncodedSamples codes = read_codes(result);
  const std::array<Index, 2> shape = {static_cast<Index>(codes.count),
                                      static_cast<Index>(codes.size)};
  return write_npy(shape, *codes.codes);
}

std::string map_csv(const DataReady* given, const Snapshot* snapshot) {
  const Floats& points = points_of_map(given, snapshot);
  const DataReady& data = *given;
  const auto count = static_cast<std::size_t>(data.map_points);
  const bool has_labels = data.map_labels.size() == count && !data.class_names.empty();
  const bool has_factors = data.map_factors.size() == data.factors.size() * count;
  std::string csv = "sample,x,y";
  if (has_labels) csv += ",label";
  if (has_factors) {
    for (const FactorInfo& factor : data.factors) csv += "," + table_field(factor.name);
  }
  csv += "\n";
  for (std::size_t i = 0; i < count; ++i) {
    csv += std::to_string(i) + "," + number_field(points[2 * i]) + "," +
           number_field(points[2 * i + 1]);
    if (has_labels) csv += "," + class_field(data, data.map_labels[i]);
    for (std::size_t f = 0; has_factors && f < data.factors.size(); ++f) {
      csv += "," + number_field(data.map_factors[f * count + i]);
    }
    csv += "\n";
  }
  return csv;
}

std::vector<std::uint8_t> map_npy(const DataReady* data, const Snapshot* snapshot) {
  const Floats& points = points_of_map(data, snapshot);
  const std::array<Index, 2> shape = {static_cast<Index>(points.size() / 2), 2};
  return write_npy(shape, points);
}

}  // namespace hourglass::session
