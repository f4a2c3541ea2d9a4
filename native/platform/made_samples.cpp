#include "native/platform/made_samples.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/formats/png.h"

namespace hourglass {
namespace {

constexpr std::int64_t kMaxDrawnSide = 64;
constexpr std::size_t kMaxLabel = 200;

std::int64_t whole(const Json& arguments, const char* name) {
  const auto found = arguments.find(name);
  const bool is_one = found != arguments.end() && found->is_number_integer();
  return is_one ? found->get<std::int64_t>() : 0;
}

std::string folder_of_class(std::string label) {
  std::ranges::replace(label, '/', '_');
  std::ranges::replace(label, '\\', '_');
  if (label.starts_with('.')) label[0] = '_';
  return label.empty() ? "_" : label;
}

}  // namespace

MadeSample made_sample(const Json& arguments) {
  const std::int64_t rows = whole(arguments, "rows"), columns = whole(arguments, "columns");
  const auto label = arguments.find("class"), held_out = arguments.find("held_out"),
             pixels = arguments.find("pixels");
  const bool is_one = rows > 0 && columns > 0 && std::max(rows, columns) <= kMaxDrawnSide &&
                      pixels != arguments.end() && pixels->is_array() &&
                      std::ssize(*pixels) == rows * columns && label != arguments.end() &&
                      label->is_string() && label->get<std::string>().size() <= kMaxLabel;
  if (!is_one) throw Error("This is no drawing with a class.");
  Image image;
  image.width = static_cast<int>(columns);
  image.height = static_cast<int>(rows);
  image.channels = 1;
  for (const Json& pixel : *pixels) {
    const std::int64_t grey = pixel.is_number_integer() ? pixel.get<std::int64_t>() : 0;
    image.pixels.push_back(static_cast<std::uint8_t>(std::clamp<std::int64_t>(grey, 0, 255)));
  }
  return {label->get<std::string>(), held_out != arguments.end() && *held_out == Json(true),
          write_png(image)};
}

std::vector<NamedBytes> files_of_samples(const std::vector<MadeSample>& samples) {
  const bool parted = std::ranges::any_of(samples, &MadeSample::held_out);
  std::vector<NamedBytes> files;
  for (const MadeSample& sample : samples) {
    const std::string part = !parted ? "" : sample.held_out ? "test/" : "train/";
    std::string number = std::to_string(files.size() + 1);
    number.insert(0, 5 - std::min<std::size_t>(5, number.size()), '0');
    files.push_back({part + folder_of_class(sample.label) + "/" + number + ".png", sample.png});
  }
  return files;
}

}  // namespace hourglass
