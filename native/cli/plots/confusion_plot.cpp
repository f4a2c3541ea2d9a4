#include "native/cli/plots/confusion_plot.h"

#include <algorithm>
#include <cmath>

#include "native/cli/console/text.h"
#include "native/plots/axes.h"

namespace hourglass {
namespace {

constexpr float kTarget = 1000;  // width of all cells together, in pixels
constexpr float kLargestCell = 150, kSmallestCell = 4;
// Smaller cells have no images; and those that are smaller than that no words.
constexpr float kCellOfImages = 40, kCellOfWords = 16;
constexpr float kPadding = 3, kCountSize = 9, kNameSize = 12, kTableTop = 84, kEdge = 24;
constexpr float kLongestName = 180;
constexpr Canvas::Rgb kRightColor = 0x3F90DA, kWrongColor = 0xE76300;

// `name`, cut where it would be wider than `width`.
std::string fitting(std::string name, float size, float width) {
  if (Canvas::text_width(name, size) <= width) return name;
  while (!name.empty() && Canvas::text_width(name + "..", size) > width) name.pop_back();
  return name + "..";
}

class Painter {
 public:
  explicit Painter(const ConfusionPlot& plot)
      : plot_(plot), classes_(static_cast<int>(plot.confusion.counts.rows())) {
    cell_ =
        std::clamp(std::floor(kTarget / static_cast<float>(classes_)), kSmallestCell, kLargestCell);
    float widest = 0;
    for (const std::string& name : plot.class_names) {
      widest =
          std::max(widest, Canvas::text_width(fitting(name, kNameSize, kLongestName), kNameSize));
    }
    names_ = cell_ >= kCellOfWords ? widest + 12 : 0;
    turned_ = widest > cell_ - 4;
    left_ = kEdge + 22 + names_;
    top_ = kTableTop + 22 + (turned_ ? names_ : cell_ >= kCellOfWords ? kNameSize + 10 : 0);
  }

  Image draw() {
    const float side = cell_ * static_cast<float>(classes_);
    const float words =
        std::max(Canvas::text_width(plot_.title, 17), Canvas::text_width(plot_.subtitle, 11));
    Canvas canvas(static_cast<int>(std::max(left_ + side, kEdge + words) + kEdge),
                  static_cast<int>(top_ + side + kEdge));
    canvas.text(plot_.title, kEdge, 36, 17, 1.9f, kInk);
    canvas.text(plot_.subtitle, kEdge, 60, 11, 1.3f, kFaint);
    canvas.text("taken for", left_, kTableTop + 12, 11, 1.3f, kFaint);
    canvas.text_upwards("is", kEdge, top_ + 14, 11, 1.3f, kFaint);
    if (names_ > 0) draw_names(canvas);
    for (int row = 0; row < classes_; ++row) {
      for (int column = 0; column < classes_; ++column) draw_cell(canvas, row, column);
    }
    if (cell_ >= kCellOfWords) draw_lines(canvas);
    canvas.frame(left_, top_, side, side, 1, kFrame);
    return canvas.image();
  }

 private:
  void draw_names(Canvas& canvas) {
    for (int i = 0; i < classes_; ++i) {
      const std::string name =
          fitting(plot_.class_names[static_cast<std::size_t>(i)], kNameSize, kLongestName);
      const float width = Canvas::text_width(name, kNameSize);
      const float middle = (static_cast<float>(i) + 0.5f) * cell_;
      canvas.text(name, left_ - 8 - width, top_ + middle + kNameSize / 2, kNameSize, 1.4f, kInk);
      if (turned_) {
        canvas.text_upwards(name, left_ + middle - kNameSize / 2, top_ - 8, kNameSize, 1.4f, kInk);
      } else {
        canvas.text(name, left_ + middle - width / 2, top_ - 8, kNameSize, 1.4f, kInk);
      }
    }
  }

  void draw_lines(Canvas& canvas) {
    const float side = cell_ * static_cast<float>(classes_);
    for (int i = 1; i < classes_; ++i) {
      const float at = static_cast<float>(i) * cell_;
      canvas.box(left_ + at, top_, 1, side, kGrid);
      canvas.box(left_, top_ + at, side, 1, kGrid);
    }
  }

  void draw_cell(Canvas& canvas, int row, int column) {
    const std::int64_t count = plot_.confusion.counts(row, column);
    if (count == 0) return;
    const float x = left_ + static_cast<float>(column) * cell_;
    const float y = top_ + static_cast<float>(row) * cell_;
    const auto share = static_cast<float>(
        static_cast<double>(count) / static_cast<double>(plot_.confusion.counts.row(row).sum()));
    // A few in a hundred are to be seen beside all of them.
    canvas.box(x, y, cell_, cell_, row == column ? kRightColor : kWrongColor,
               0.75f * std::sqrt(share));
    if (cell_ < kCellOfImages) return;
    const std::string text = with_commas(count);
    const float width = Canvas::text_width(text, kCountSize);
    canvas.text(text, x + cell_ - width - kPadding - 1, y + cell_ - kPadding - 1, kCountSize, 1.2f,
                kInk);
    if (!plot_.images) return;
    const int aside = cell_ >= 90 ? 3 : 2;  // images in a line
    const float room = cell_ - 2 * kPadding;
    const float each = std::floor(room / static_cast<float>(aside));
    const float high = std::floor((room - kCountSize - kPadding) / static_cast<float>(aside));
    const std::vector<Image> images = plot_.images(row, column, aside * aside);
    for (std::size_t i = 0; i < images.size(); ++i) {
      const Image& image = images[i];
      const float scale = std::min((each - 1) / static_cast<float>(image.width),
                                   (high - 1) / static_cast<float>(image.height));
      const auto place = static_cast<int>(i);
      canvas.picture(image, x + kPadding + static_cast<float>(place % aside) * each,
                     y + kPadding + static_cast<float>(place / aside) * high,
                     std::max(1.0f, scale * static_cast<float>(image.width)),
                     std::max(1.0f, scale * static_cast<float>(image.height)));
    }
  }

  const ConfusionPlot& plot_;
  int classes_;
  float cell_ = 0, names_ = 0, left_ = 0, top_ = 0;
  bool turned_ = false;
};

}  // namespace

Image confusion_plot(const ConfusionPlot& plot) { return Painter(plot).draw(); }

}  // namespace hourglass
