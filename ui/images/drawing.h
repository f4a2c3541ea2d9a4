// Lines drawn by hand, and the image that they are to a network.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hourglass::ui {

// A point of a drawing, in sides of the square that is drawn on: 0 to 1 from its left upper corner.
struct DrawnPoint {
  float x = 0, y = 0;
};

class Drawing {
 public:
  // Points of all lines together; what goes beyond is not taken.
  static constexpr std::size_t kMaxPoints = 4000;

  // Puts the pen down, and moves it on. Points outside the square go to its edge; those nearer than
  // a five-hundredth of it to the one before are left out.
  void begin(DrawnPoint at);
  void extend(DrawnPoint to);
  void clear();

  bool empty() const { return lines_.empty(); }
  // Counts up with each change, from 0.
  std::uint64_t revision() const { return revision_; }
  const std::vector<std::vector<DrawnPoint>>& lines() const { return lines_; }

 private:
  std::vector<std::vector<DrawnPoint>> lines_;
  std::size_t points_ = 0;
  std::uint64_t revision_ = 0;
};

// The drawing as rows x columns numbers from 0 (paper) to 1 (ink), row by row, made as the digits
// of MNIST were (LeCun, Bottou, Bengio and Haffner 1998, "Gradient-Based Learning Applied to
// Document Recognition", section III A): its box is enlarged or shrunk to 20/28 of the image, as it
// is in shape, and its centre of mass goes to the middle. Lines are as wide as theirs, 2.6 of 28
// pixels. A drawing that is little more than a dot is enlarged by no more than 4. Without lines all
// paper.
std::vector<float> drawn_image(const Drawing& drawing, int rows, int columns);

}  // namespace hourglass::ui
