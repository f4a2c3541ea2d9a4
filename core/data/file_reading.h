// How the numbers in a person's file became samples, for whoever brings more of the same kind.
#pragma once

namespace hourglass {

struct FileReading {
  // The numbers in the file that became 0 and 1; of inverted images the first is the larger one.
  // Equal where numbers are taken as they are, and where nobody has told.
  double black = 0, white = 0;
  bool is_transposed = false;  // it was guessed that rows and columns of images are exchanged

  bool has_range() const { return black != white; }
  double low() const { return black < white ? black : white; }
  double high() const { return black < white ? white : black; }
  bool operator==(const FileReading&) const = default;
};

}  // namespace hourglass
