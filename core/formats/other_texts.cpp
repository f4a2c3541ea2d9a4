#include "core/formats/other_texts.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/parse_number.h"

namespace hourglass {

void refuse_other_texts(std::string_view text, const std::string& name) {
  const std::size_t start = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  std::string begin(text.substr(start, 200));
  std::ranges::transform(begin, begin.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  const auto refuse = [&](const char* what) { throw Error("'" + name + "' is " + what); };
  if (begin.starts_with("<")) {
    refuse("a web page or XML and no table; a download may have given a page in its place.");
  }
  if (begin.starts_with("{") || begin.starts_with("[")) {
    refuse("JSON and no table; save it as CSV, with a line for each sample.");
  }
  if (begin.starts_with("version https://git-lfs")) {
    refuse("a pointer of Git LFS to a file that was not downloaded; 'git lfs pull' gets it.");
  }
  if (begin.starts_with("@relation") || begin.find("\n@relation") != begin.npos) {
    refuse("an ARFF file; save it as CSV, with the names of the attributes in the first line.");
  }
  // "-1 3:0.5 7:1": a label and numbers with their places.
  std::size_t places = 0, fields = 0;
  std::string_view rest = std::string_view(begin).substr(0, begin.find('\n'));
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t colon = field.find(':');
    double place = 0, value = 0;
    places += colon != field.npos && parse_number(field.substr(0, colon), place) &&
                      parse_number(field.substr(colon + 1), value)
                  ? 1
                  : 0;
    fields += field.empty() ? 0 : 1;
  }
  if (places >= 2 && places + 2 >= fields) {
    refuse("in LIBSVM's format, which is not read; save all numbers of each row as CSV.");
  }
}

}  // namespace hourglass
