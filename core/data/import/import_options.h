// What a person may say about their data where the import would guess: the settings data.*.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/shape.h"
#include "core/data/file_reading.h"
#include "core/math/types.h"
#include "core/text/word_input.h"

namespace hourglass {

enum class Guess { kAuto, kYes, kNo };
inline constexpr std::string_view kGuessNames[] = {"auto", "yes", "no"};

// How an image of other proportions becomes one of the wanted size.
enum class Fit { kFit, kCrop, kStretch };
inline constexpr std::string_view kFitNames[] = {"fit", "crop", "stretch"};

// What is seen through transparent pixels.
enum class Ground { kAuto, kBlack, kWhite };
inline constexpr std::string_view kGroundNames[] = {"auto", "black", "white"};

// What happens to rows with missing values.
enum class Missing { kRefuse, kLeaveRows, kLeaveColumns, kMedian };
inline constexpr std::string_view kMissingNames[] = {"refuse", "rows", "columns", "median"};

// What a trained model takes, and how the files that it was trained on were read: further samples
// are read in the same way, whatever they would be taken for alone.
struct TrainedOn {
  ImageShape shape;
  std::vector<std::string> columns;  // titles of a table's features; empty where they had none
  FileReading reading;
};

struct ImportOptions {
  // Which column of a table, or which array of an archive, holds the labels: "auto", "none",
  // "first", "last", or its name.
  std::string label = "auto";
  // What a sample is: "auto", "ROWSxCOLUMNS", "CHANNELSxROWSxCOLUMNS", or "table".
  std::string shape = "auto";
  // What the file's numbers are: "auto", "LOW..HIGH" (which black and white stand for), or "own".
  std::string range = "auto";
  // Columns of a table that are not trained on, by title or number, with commas between: numbers
  // among them colour the map.
  std::string leave_out = "";
  // Which array of an archive holds the samples; "auto".
  std::string array = "auto";
  // Sides of the tiles that a sheet of images is cut into, "28x28"; "" if it is no sheet.
  std::string tiles = "";
  Guess header = Guess::kAuto;     // the first line of a table has the columns' titles
  Guess transpose = Guess::kAuto;  // rows and columns of each image are exchanged
  bool invert = false;             // black becomes white
  Missing missing = Missing::kRefuse;
  Fit fit = Fit::kFit;
  Ground ground = Ground::kAuto;
  // Images from files of their own are made this size (unless `shape` says another), and grey.
  Index image_side = 28;
  bool colour = false;
  // Share of the samples that are held out, 0 to 0.9; 0: as the files have it, else one in six.
  double test_share = 0;
  std::int64_t split_seed = 0;
  Index most_samples = 0;  // chosen by split_seed; 0: all
  // For a trained model. Options that a person has set go before what it knows.
  std::optional<TrainedOn> trained;
  // All samples in the order of the files, one or more, as Dataset::train: nothing is divided, left
  // out by most_samples, or put into classes.
  bool whole = false;
  // With these two: an image alone whose sides are multiples of the model's is a sheet of images.
  bool cuts_sheets = false;
  // Of documents.
  Index words = 2000;
  WordWeighting weighting = WordWeighting::kTfIdf;
};

}  // namespace hourglass
