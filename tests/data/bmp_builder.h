// Windows bitmaps with a BITMAPINFOHEADER, made byte by byte.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <vector>

namespace hourglass {

struct BmpKind {
  int width = 1, height = 1;  // height below 0: rows from the top down
  int depth = 24;
  std::vector<std::uint8_t> palette = {};  // blue, green, red, 0 each
};

// `rows` as they lie in the file, each without what fills it up to four bytes.
inline std::vector<std::uint8_t> make_bmp(const BmpKind& kind,
                                          const std::vector<std::vector<std::uint8_t>>& rows) {
  std::vector<std::uint8_t> file = {'B', 'M'};
  const auto put = [&](std::int64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  const std::size_t pixels_at = 54 + kind.palette.size();
  put(0, 4);  // the file's size: hardly anybody looks
  put(0, 4);
  put(static_cast<std::int64_t>(pixels_at), 4);
  put(40, 4);
  put(kind.width, 4);
  put(kind.height, 4);
  put(1, 2);
  put(kind.depth, 2);
  put(0, 4);  // not packed
  put(0, 4);
  put(0, 8);
  put(static_cast<std::int64_t>(kind.palette.size() / 4), 4);
  put(0, 4);
  file.insert(file.end(), kind.palette.begin(), kind.palette.end());
  for (const auto& row : rows) {
    file.insert(file.end(), row.begin(), row.end());
    file.insert(file.end(), (4 - row.size() % 4) % 4, 0);
  }
  return file;
}

}  // namespace hourglass
