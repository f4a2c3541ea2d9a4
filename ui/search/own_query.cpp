// Queries that are none of the held-out images: what the person draws or drops.
#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ui/kit/mark.h"
#include "ui/kit/number_text.h"
#include "ui/search/search_parts.h"

namespace hourglass::ui {
namespace {

// Whether the images are dark on light: their numbers are above the middle for the most part.
bool has_light_paper(const PanelContext& context) {
  const auto& originals = context.store.snapshot.originals;
  if (!originals || originals->empty()) return false;
  double sum = 0;
  for (const std::uint8_t byte : *originals) sum += byte;
  return sum > 127.5 * static_cast<double>(originals->size());
}

template <typename Pixel>
std::string list_text(std::size_t count, const Pixel& pixel) {
  std::string text = "[";
  for (std::size_t i = 0; i < count; ++i) {
    text += (i == 0 ? "" : ",") + fixed(static_cast<double>(pixel(i)), 3);
  }
  return text + "]";
}

// Whether a picture of one channel has its ink on the other kind of paper than the data have: what
// its edge is made of says which paper that is.
bool is_reversed(const PanelContext& context, const session::Bytes& picture) {
  const session::DataReady& data = context.store.data;
  if (data.channels != 1) return false;
  double sum = 0;
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < data.rows; ++row) {
    const bool whole = row == 0 || row + 1 == data.rows;
    for (std::int64_t column = 0; column < data.columns;
         column += whole ? 1 : std::max<std::int64_t>(1, data.columns - 1)) {
      sum += picture[static_cast<std::size_t>(row * data.columns + column)];
      ++count;
    }
  }
  return (sum > 127.5 * static_cast<double>(count)) != has_light_paper(context);
}

std::string drawing_text(const PanelContext& context) {
  const session::DataReady& data = context.store.data;
  const std::vector<float> plane =
      drawn_image(context.state<SearchState>().drawing, static_cast<int>(data.rows),
                  static_cast<int>(data.columns));
  const bool light = has_light_paper(context);
  return list_text(plane.size() * static_cast<std::size_t>(data.channels), [&](std::size_t i) {
    const float ink = plane[i % plane.size()];
    return light ? 1 - ink : ink;
  });
}

std::size_t numbers_of(const session::DataReady& data) {
  return static_cast<std::size_t>(data.channels * data.rows * data.columns);
}

}  // namespace

bool take_search_picture(const Store& store, SearchState& state, session::Bytes picture) {
  const bool is_image = std::min(store.data.rows, store.data.columns) > 1;
  if (!is_image || picture.size() != numbers_of(store.data)) return false;
  state.source = QuerySource::kPicture;
  state.picture = std::move(picture);
  ++state.picture_revision;
  return true;
}

const std::string& own_query(PanelContext& context) {
  SearchState& state = context.state<SearchState>();
  const session::DataReady& data = context.store.data;
  Mark mark;
  mark.add(state.source).add(state.drawing.revision()).add(state.picture_revision);
  mark.add(data.channels).add(data.rows).add(data.columns).add(std::span(data.name));
  if (state.pixels_mark == mark.value()) return state.pixels;
  state.pixels_mark = mark.value();
  state.pixels.clear();
  const std::size_t numbers = numbers_of(data);
  if (state.source == QuerySource::kDrawing && !state.drawing.empty()) {
    state.pixels = drawing_text(context);
  } else if (state.source == QuerySource::kPicture) {
    if (state.picture.size() == numbers) {
      const bool reversed = is_reversed(context, state.picture);
      state.pixels = list_text(numbers, [&](std::size_t i) {
        const float pixel = static_cast<float>(state.picture[i]) / 255;
        return reversed ? 1 - pixel : pixel;
      });
    } else {
      state.source = QuerySource::kSample;  // the data are others than it was made for
    }
  }
  return state.pixels;
}

}  // namespace hourglass::ui
