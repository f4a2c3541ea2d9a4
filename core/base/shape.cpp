#include "core/base/shape.h"

namespace hourglass {

std::string shape_text(ImageShape shape) {
  if (shape.is_vector()) {
    return std::to_string(shape.columns) + (shape.columns == 1 ? " number" : " numbers");
  }
  return std::to_string(shape.channels) + " x " + std::to_string(shape.rows) + " x " +
         std::to_string(shape.columns);
}

}  // namespace hourglass
