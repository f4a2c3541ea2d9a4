// The parts of the panel that finds similar images.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "ui/images/drawing.h"
#include "ui/images/pictures.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

inline constexpr std::string_view kSearchJob = "search";

struct SearchSpace {
  std::string_view name;  // in the answer's names and the texts' keys
  ImageAtlas images = {};
};

// Where the query comes from: the sample in use everywhere, or the person.
enum class QuerySource : std::uint8_t { kSample, kDrawing, kPicture };

struct SearchState {
  QuerySource source = QuerySource::kSample;
  Drawing drawing;
  session::Bytes picture;              // channels x rows x columns, of the data in use
  std::uint64_t picture_revision = 0;  // counts up with each
  std::string pixels;                  // of the person's own query, as the job reads them
  std::uint64_t pixels_mark = 0;       // of what they are made of

  int noise = 0;  // which kind is done to the query
  double level = 0;
  std::int64_t seed = 1;  // of the noise

  std::uint64_t before = 0;  // the revision of the result when the job was started
  std::int64_t started = 0;  // the step of the run then
  std::int64_t step = 0;     // and of the codes that are searched

  ImageAtlas query;
  std::array<SearchSpace, 2> spaces = {SearchSpace{"code"}, SearchSpace{"pixels"}};
};

std::int64_t query_sample(const PanelContext& context);
// Makes it the query, and the sample in use everywhere.
void choose_sample(PanelContext& context, std::int64_t sample);
// Asks the job for the nearest of the query with its noise.
void ask_search(PanelContext& context);

// The newest answer, and whether there is one; its query's class, or -1 without.
const JobFindings& search_answer(const PanelContext& context);
bool has_search_answer(const PanelContext& context);
std::int32_t query_label(const PanelContext& context);

// Each of the following draws into the upper end of `area` and returns the height; with `draw`
// false it only measures.

// Images to choose the query from.
float draw_search_strip(PanelContext& context, Rect area, bool draw);
// The query as it is searched with, and what is done to it.
float draw_search_query(PanelContext& context, Rect area, bool draw);
// Makes it the query if it has as many numbers as an image of the data in use; returns whether.
bool take_search_picture(const Store& store, SearchState& state, session::Bytes picture);
// The query that the person has brought, as the job reads it: a list of numbers from 0 to 1, or ""
// while there is none of the data's shape.
const std::string& own_query(PanelContext& context);

// What the two ways to search come to, side by side.
float draw_search_table(PanelContext& context, Rect area, bool draw);

// Where the ten nearest of a space go.
struct NearestGrid {
  int across = 10, lines = 1;
  float cell = 0, space = 0, caption = 0, head = 0;

  float height() const { return head + static_cast<float>(lines) * (cell + caption); }
};
// Ten side by side, or five where these would be too small.
NearestGrid nearest_grid(const PanelContext& context, float width);
void draw_nearest(PanelContext& context, SearchSpace& space, Rect area, const NearestGrid& grid);

// An image that becomes the query when it is clicked, without its paper.
void draw_candidate(PanelContext& context, ImageAtlas& atlas, int index, const Rect& cell,
                    std::string_view id, std::int64_t sample, std::string_view help);
void draw_candidate_frame(const PanelContext& context, const Rect& around, Rgb color);

}  // namespace hourglass::ui
