// Films of a run, and the latent map as a picture of dots.
#include "core/session/export/film.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <string>

#include "core/base/error.h"
#include "core/session/export/map_svg.h"

namespace hourglass::session {
namespace {

DataReady image_data(std::int64_t channels = 1) {
  DataReady data;
  data.channels = channels;
  data.rows = data.columns = 8;
  data.map_points = 6;
  data.map_labels = {0, 1, 2, -1, 1, 11};
  data.class_names = {"a", "b & c", "d"};
  return data;
}

Snapshot moment(std::int64_t channels, std::uint8_t value, float far = 1) {
  Snapshot snapshot;
  snapshot.image_count = 3;
  snapshot.complete = true;
  const auto count = static_cast<std::size_t>(3 * channels * 64);
  snapshot.originals = std::make_shared<Bytes>(count, std::uint8_t{255});
  snapshot.reconstructed = std::make_shared<Bytes>(count, value);
  Floats points = {0, 0, far, 0, 0, far, -far, 0, 0, -far, far, far};
  snapshot.map_points = std::make_shared<Floats>(std::move(points));
  return snapshot;
}

int width_of(const ExportedFile& file) { return file.bytes.at(6) | file.bytes.at(7) << 8; }

// The frames, by the blocks that say how long each is shown.
int frames_of(const ExportedFile& file) {
  int frames = 0;
  for (std::size_t i = 0; i + 8 < file.bytes.size(); ++i) {
    frames += file.bytes[i] == 0x21 && file.bytes[i + 1] == 0xf9 && file.bytes[i + 2] == 4 &&
              file.bytes[i + 7] == 0 && file.bytes[i + 8] == 0x2c;
  }
  return frames;
}

std::size_t parts_in(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("film: a frame for each moment, of grey images, of coloured ones and of other channels") {
  for (const std::int64_t channels : {1, 2, 3}) {
    CAPTURE(channels);
    Film film(FilmKind::kImages, image_data(channels));
    for (const int value : {0, 90, 255}) {
      film.add(moment(channels, static_cast<std::uint8_t>(value)));
    }
    film.add(Snapshot{});  // nothing is in it
    const ExportedFile file = film.file();
    CHECK(file.name == "reconstructions.gif");
    CHECK(frames_of(file) == 3);
    const int side = channels == 2 ? 3 : 7;  // enlarged: planes are one below the other
    CHECK(width_of(file) == 3 * (8 * side + 4) + 4);
  }
}

TEST_CASE("film: the map has one scale, and points that are none are left out") {
  Film film(FilmKind::kMap, image_data());
  film.add(moment(1, 0, 0.001f));
  Snapshot odd = moment(1, 0, 100);
  Floats points = *odd.map_points;
  points[0] = std::numeric_limits<float>::quiet_NaN();
  odd.map_points = std::make_shared<Floats>(points);
  film.add(odd);
  const ExportedFile file = film.file();
  CHECK(file.name == "map.gif");
  CHECK(frames_of(file) == 2);
  CHECK(width_of(file) == 480);
}

TEST_CASE("film: what there is none of is said") {
  CHECK_THROWS_AS(Film(FilmKind::kMap, image_data()).file(), Error);
  DataReady table = image_data();
  table.rows = 1;
  CHECK_THROWS_AS(Film(FilmKind::kImages, table), Error);
  CHECK(is_film_kind("film_map"));
  CHECK_FALSE(is_film_kind("map"));
  CHECK_THROWS_AS(film_kind_from_name("film"), Error);
}

TEST_CASE("map as SVG: a dot a point, classes in words, names of the axes, and one scale") {
  const DataReady data = image_data();
  Snapshot shown = moment(1, 0);
  const std::string svg =
      map_svg(&data, &shown, {.map = "潜在空间", .across = "unit 0", .up = "unit <1>"});
  CHECK(svg.starts_with("<svg xmlns="));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(parts_in(svg, "r=\"2\"") == 6);
  CHECK(parts_in(svg, "r=\"4\"") == 3);
  CHECK(svg.find("潜在空间") != std::string::npos);
  CHECK(svg.find("b &amp; c") != std::string::npos);
  CHECK(svg.find("unit &lt;1&gt;") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  // -1 to 1 and 0 to 1 fill the same widths: as wide as high.
  CHECK(svg.find(">-1<") != std::string::npos);

  Floats same(12, 0.25f);
  same[4] = std::numeric_limits<float>::infinity();
  shown.map_points = std::make_shared<Floats>(same);
  const std::string flat = map_svg(&data, &shown);
  CHECK(parts_in(flat, "r=\"2\"") == 5);
  CHECK(flat.find("nan") == std::string::npos);
  CHECK(flat.find("inf") == std::string::npos);
  CHECK_THROWS_AS(map_svg(&data, nullptr), Error);
}

}  // namespace hourglass::session
