#include "core/export/python_text.h"

#include <algorithm>
#include <cctype>

namespace hourglass {

std::string python_literal(const OrderedJson& value) {
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_array()) {
    std::string list = "[";
    for (const auto& each : value) list += (list.size() > 1 ? ", " : "") + python_literal(each);
    return list + "]";
  }
  return json_text(value);
}

std::string python_wrapped(const std::string& text) {
  constexpr std::size_t kWidth = 100;
  std::string lines, line;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!line.empty() && line.size() + 1 + word.size() > kWidth) {
      lines += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    at = end + 1;
  }
  return lines + line;
}

std::string python_module(const std::string& name) {
  const auto is_letter = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  const bool fits = !name.empty() && std::all_of(name.begin(), name.end(), is_letter) &&
                    std::isdigit(static_cast<unsigned char>(name[0])) == 0;
  return fits ? name : "model";
}

std::string python_scaling(const OrderedJson& scaling) {
  return "# Model value = own value * SCALE + OFFSET: one number for all features, or one for "
         "each.\n"
         "SCALE = np.array(" +
         python_literal(scaling["scale"]) + ", dtype=np.float32)\nOFFSET = np.array(" +
         python_literal(scaling["offset"]) +
         ", dtype=np.float32)\n\n\n"
         "def to_model_scale(values):\n"
         "    return values * SCALE + OFFSET\n\n\n"
         "def to_own_units(values):\n"
         "    return (values - OFFSET) / SCALE\n";
}

std::string python_beside(const std::string& file) {
  return "os.path.join(os.path.dirname(os.path.abspath(__file__)), " +
         json_text(OrderedJson(file)) + ")";
}

}  // namespace hourglass
