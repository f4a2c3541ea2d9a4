#include "core/data/import/idle_options.h"

#include <vector>

namespace hourglass {

std::string idle_options_sentence(const ImportOptions& options, const std::string& kind,
                                  bool are_images) {
  const ImportOptions plain;
  const bool from_pictures = kind == "images", is_table = kind == "table";
  const bool is_text = kind == "documents";
  const bool has_arrays = kind == "NPY" || kind == "NPZ" || kind == "IDX" || kind == "MAT";
  std::vector<std::string> idle;
  const auto look = [&](const char* key, bool is_set, bool is_used) {
    if (is_set && !is_used) idle.emplace_back(key);
  };
  look("data.array", options.array != plain.array, has_arrays);
  look("data.colour", options.colour, from_pictures);
  look("data.fit", options.fit != plain.fit, from_pictures);
  look("data.ground", options.ground != plain.ground, from_pictures);
  look("data.header", options.header != plain.header, is_table || is_text);
  look("data.image_side", options.image_side != plain.image_side, from_pictures);
  look("data.invert", options.invert, are_images);
  look("data.leave_out", options.leave_out != plain.leave_out, is_table);
  look("data.missing", options.missing != plain.missing, is_table);
  look("data.range", options.range != plain.range, !is_text);
  look("data.shape", options.shape != plain.shape && options.shape != "documents", !is_text);
  look("data.tiles", options.tiles != plain.tiles, from_pictures);
  // Of a MATLAB file it says which side the samples are.
  look("data.transpose", options.transpose != plain.transpose, are_images || kind == "MAT");
  look("data.vocabulary", options.words != plain.words, is_text);
  look("data.word_weights", options.weighting != plain.weighting, is_text);
  if (idle.empty()) return "";
  std::string names;
  for (std::size_t i = 0; i < idle.size(); ++i) {
    names += (i == 0 ? "" : i + 1 == idle.size() ? " and " : ", ") + idle[i];
  }
  const std::string what = is_text         ? "documents"
                           : from_pictures ? "images from picture files"
                           : is_table      ? are_images ? "a table of images" : "a table"
                           : are_images    ? "an array of images"
                                           : "an array of plain numbers";
  return names + (idle.size() == 1 ? " changes" : " change") +
         " nothing: " + (idle.size() == 1 ? "it says" : "they say") + " nothing about " + what +
         ".";
}

}  // namespace hourglass
