// The run as a film: what was on display at its moments, one after the other, as a GIF.
#pragma once

#include <string_view>
#include <vector>

#include "core/export/export.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

enum class FilmKind : std::uint8_t {
  kImages,  // reconstructions.gif: the originals, and below each what the network makes of it
  kMap,     // map.gif: the latent map, in one scale for all moments
};

// "film_images" or "film_map"; throws Error for any other.
FilmKind film_kind_from_name(std::string_view name);
bool is_film_kind(std::string_view name);

class Film {
 public:
  // Throws Error where the data have no such thing: films of images are of pictures.
  Film(FilmKind kind, const DataReady& data);

  // The next moment, with all of its parts. One that lacks what the film is of is left out.
  void add(const Snapshot& snapshot);
  // The file. A bar along its lower edge tells how far the run is. Throws Error if there is no
  // moment in it.
  ExportedFile file() const;

 private:
  struct Frame {
    std::int64_t image_count = 0;
    Shared<Bytes> originals, made;
    Shared<Floats> points;
  };
  ExportedFile file_of_images() const;
  ExportedFile file_of_map() const;

  FilmKind kind_;
  std::int64_t channels_ = 1, rows_ = 0, columns_ = 0;
  std::vector<std::int32_t> labels_;
  std::vector<Frame> frames_;
};

}  // namespace hourglass::session
