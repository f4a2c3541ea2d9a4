#include "ui/latent_map/thumbnails.h"

#include <imgui.h>

#include <algorithm>
#include <utility>

#include "ui/images/image_cell.h"
#include "ui/images/pictures.h"
#include "ui/kit/controls.h"
#include "ui/kit/mark.h"

namespace hourglass::ui {
namespace {

constexpr std::size_t kMaxAsked = 16;

}  // namespace

void Thumbnails::forget(Query query, Requests& requests) {
  if (wanted_.empty() && shown_.empty()) return;
  *this = {};
  requests.forget(query);
}

void Thumbnails::place(PanelContext& context, const MapTransform& map, const Wish& wish) {
  const Store& store = context.store;
  Mark mark;
  mark.add(wish.mark).add(map.center_x).add(map.center_y).add(map.scale);
  mark.add(map.area.w).add(map.area.h).add(wish.side);
  if (mark.value() != placed_for_) {
    placed_for_ = mark.value();
    const float room = wish.side + context.theme.metrics.px(3);
    std::vector<std::uint32_t> placed =
        place_thumbnails(wish.points, map, room, wish.most, wanted_, wish.allowed);
    if (placed != wanted_) {
      wanted_ = std::move(placed);
      wanted_tag_ =
          Mark().add(store.revisions.data).add(std::span<const std::uint32_t>(wanted_)).value();
      // The oldest may be the one under way; of the others only the newest will be asked.
      if (asked_.size() >= kMaxAsked) asked_.erase(asked_.begin() + 1);
      asked_.push_back({wanted_tag_, wanted_});
    }
  }
  if (!wanted_.empty()) {
    context.requests.ask(context.post, wish.query, wanted_tag_, session::GetImages{wanted_});
  }
  take_answer(context.requests.answer(wish.query).tag);
  // Of the images that are there, those whose points still have room.
  std::vector<std::uint32_t> room = wanted_;
  std::sort(room.begin(), room.end());
  replaced_.clear();
  for (const std::uint32_t index : shown_) {
    if (std::binary_search(room.begin(), room.end(), index)) replaced_.push_back(index);
  }
  std::sort(replaced_.begin(), replaced_.end());
}

void Thumbnails::take_answer(std::uint64_t answered) {
  if (answered == shown_tag_) return;
  shown_tag_ = answered;
  shown_.clear();
  const auto found = std::find_if(asked_.begin(), asked_.end(),
                                  [&](const auto& asked) { return asked.tag == answered; });
  if (found == asked_.end()) return;
  shown_ = found->indices;
  asked_.erase(asked_.begin(), found + 1);
}

void Thumbnails::draw(PanelContext& context, const MapTransform& map, const Wish& wish,
                      const std::function<Rgb(std::uint32_t)>& color,
                      const std::function<float(std::uint32_t)>& opacity) const {
  if (replaced_.empty()) return;
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  ImageAtlas& atlas = context.state<Pictures>().asked(wish.query, context.requests, context.store);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  std::vector<std::pair<int, Rect>> cells;
  for (std::size_t i = 0; i < shown_.size(); ++i) {
    const std::size_t index = shown_[i];
    if (!std::binary_search(replaced_.begin(), replaced_.end(), shown_[i])) continue;
    if (2 * index + 1 >= wish.points.size()) continue;
    const float x = map.screen_x(static_cast<double>(wish.points[2 * index]));
    const float y = map.screen_y(static_cast<double>(wish.points[2 * index + 1]));
    cells.emplace_back(static_cast<int>(i),
                       Rect{x - wish.side / 2, y - wish.side / 2, wish.side, wish.side});
  }
  for (const auto& [i, cell] : cells) {
    const std::uint32_t index = shown_[static_cast<std::size_t>(i)];
    const Rect frame = cell.inset(-m.px(1.5f), -m.px(1.5f));
    list.AddRectFilled(top_left(frame), bottom_right(frame),
                       theme.color(color(index), opacity(index)), m.px(4));
    draw_paper(context, cell, opacity(index));
  }
  for (const auto& [i, cell] : cells) {
    draw_image(context, atlas, i, cell.inset(m.px(1), m.px(1)),
               opacity(shown_[static_cast<std::size_t>(i)]));
  }
}

}  // namespace hourglass::ui
