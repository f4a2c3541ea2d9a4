#include "ui/network/network_geometry.h"

#include <algorithm>
#include <cmath>

#include "ui/state/layer_info.h"

namespace hourglass::ui {
namespace {

// Between a straight side and one that bends: straight ones look like a stack of funnels.
float smooth(float t) { return 0.4f * t + 0.6f * t * t * (3 - 2 * t); }

// What the parts measure at a given squeeze, 1 for as large as is good.
struct Measures {
  float picture, bar, map, marker, end_bar, gap;
};

Measures measures(const Rect& area, int layers, const Metrics& m, float squeeze) {
  const float row = area.h / static_cast<float>(layers + 2);
  return {std::clamp(area.h * 0.17f, m.px(30), m.px(92)) * squeeze,
          std::clamp(row * 0.25f, m.px(14), m.px(28)) * squeeze,
          std::clamp(row * 0.45f, m.px(18), m.px(34)) * squeeze,
          std::max(2.0f, m.px(4) * squeeze),
          m.px(10) * squeeze,
          m.px(7) * squeeze};
}

}  // namespace

StageKind stage_kind(const session::NetworkInfo& network, int layer) {
  const auto& info = network.layers[static_cast<std::size_t>(layer)];
  const bool last = layer + 1 == static_cast<int>(network.layers.size());
  if (info.kind == "dropout" || info.kind == "k-sparse") {
    return layer == network.code_layer || last ? StageKind::kBar : StageKind::kMarker;
  }
  const auto& shape = info.output_shape;
  const bool images = shape.size() == 3 && shape[1] > 1 && shape[0] > 1;
  return images && !last ? StageKind::kMaps : StageKind::kBar;
}

float bar_share(std::int64_t units, std::int64_t most) {
  if (units < 1 || most < 1) return 0;
  return std::pow(static_cast<float>(units) / static_cast<float>(std::max(units, most)), 0.42f);
}

Glass layout_network(const session::NetworkInfo& network, const Rect& area, float label_width,
                     float number_width, float caption_width, const Metrics& m, bool touch) {
  Glass glass;
  const int layers = static_cast<int>(network.layers.size());
  if (layers < 1 || area.w < m.px(60) || area.h < m.px(40)) return glass;
  std::int64_t most = network.input_features;
  for (const auto& layer : network.layers) most = std::max(most, units_of(layer));

  Rect column = area;
  const float gap = m.gap;
  const float button = touch ? m.control : m.px(28);
  const float both = 2 * button + m.px(4);
  const auto code = static_cast<int>(std::clamp<std::int64_t>(network.code_layer, 0, layers - 1));
  const std::int64_t code_units = units_of(network.layers[static_cast<std::size_t>(code)]);
  const auto waist_in = [&](float width) {
    return std::max(m.px(6), width * bar_share(code_units, most));
  };
  // Left of the waist, in a column of this width.
  const auto free_beside = [&](float width) { return (width - waist_in(width)) / 2 - 2 * gap; };
  const float most_labels = std::max(both, area.w * 0.46f);
  float labels_width = std::min(std::max({label_width, m.px(64), both}), most_labels);
  // Where the buttons would cover the glass, its number and they get a wider column.
  const float largest = std::clamp(area.h * 0.18f, m.px(20), m.px(46));
  const float with_tower = std::max(largest * number_width + gap, caption_width + m.px(3)) + button;
  if (free_beside(area.w - labels_width - gap) < both && with_tower <= most_labels) {
    labels_width = std::max(labels_width, with_tower);
  }
  const Rect labels = column.cut_right(labels_width);
  column.cut_right(gap);
  glass.area = column;
  const float middle = column.x + column.w / 2;
  const float waist_width = waist_in(column.w);

  // The waist's number and buttons: the buttons on its free side where there is one.
  const float free_left = free_beside(column.w);
  const float number = std::clamp(std::min(area.h * 0.18f, labels.w / std::max(0.1f, number_width)),
                                  m.px(20), m.px(46));
  glass.number_size = number;
  const float figures = number * number_width;
  const bool left = free_left >= both;
  // Else after the number, else below it.
  const bool beside = !left && figures + gap + both <= labels.w;
  // Or one above the other after the number: next to the waist they would cover the glass.
  const bool tower = !left && !beside && figures + gap + button <= labels.w + 0.5f;
  const float text_height = number + m.small + m.px(3);
  const float below = text_height + m.px(3) + button;
  // One above the other left of the waist, or below the number, whichever is lower.
  const float stack = std::max(text_height, 2 * button + m.px(4));
  const bool stacked = !left && !beside && !tower && free_left >= button && stack <= below;
  const float block = left || beside     ? std::max(text_height, button)
                      : tower || stacked ? stack
                                         : below;

  // The largest squeeze at which the gaps are still wide enough.
  float squeeze = 1, space = 0;
  Measures size{};
  const auto height_of = [&](int layer) {
    if (layer == code) return std::max(block, size.bar);
    const StageKind kind = stage_kind(network, layer);
    if (layer == layers - 1) return size.end_bar + m.px(3) + size.picture;
    return kind == StageKind::kMarker ? size.marker
           : kind == StageKind::kMaps ? size.map
                                      : size.bar;
  };
  for (; squeeze > 0.2f; squeeze -= 0.05f) {
    size = measures(area, layers, m, squeeze);
    float fixed = size.picture + m.px(3) + size.end_bar;
    for (int i = 0; i < layers; ++i) fixed += height_of(i);
    space = (area.h - fixed) / static_cast<float>(layers);
    if (space >= size.gap) break;
  }
  space = std::max(space, 1.0f);

  const auto bar_at = [&](float y, float height, std::int64_t units) {
    const float width = std::max(m.px(6), column.w * bar_share(units, most));
    return Rect{middle - width / 2, y, width, height};
  };
  float y = area.y;
  GlassStage input;
  input.picture = {middle - size.picture / 2, y, size.picture, size.picture};
  y += size.picture + m.px(3);
  input.bar = bar_at(y, size.end_bar, network.input_features);
  y += size.end_bar + space;
  glass.stages.push_back(input);
  for (int i = 0; i < layers; ++i) {
    GlassStage stage;
    stage.layer = i;
    stage.kind = stage_kind(network, i);
    const float height = height_of(i);
    const std::int64_t units = units_of(network.layers[static_cast<std::size_t>(i)]);
    if (i == code) {
      glass.waist = i + 1;
      const float bar = stage.kind == StageKind::kMaps ? size.map : size.bar;
      stage.bar = bar_at(y + (height - bar) / 2, bar, units);
      float top = y + (height - block) / 2;
      if (left || beside || tower || stacked) top = y + (height - text_height) / 2;
      glass.number = {labels.x, top, std::min(labels.w, std::max(figures, m.px(24))), number};
      glass.caption = {labels.x, top + number + m.px(1), labels.w, m.small + m.px(2)};
      Rect buttons{labels.x, glass.caption.bottom() + m.px(3), both, button};
      if (left) {
        const float at = std::max(area.x, middle - waist_width / 2 - 2 * gap - both - m.px(6));
        buttons = {at, y + (height - button) / 2, both, button};
      }
      if (beside) {
        buttons.x = labels.right() - both;
        buttons.y = y + (height - button) / 2;
        glass.caption.w = buttons.x - labels.x - m.px(2);
      }
      glass.less = buttons.cut_left(button);
      glass.more = buttons.cut_right(button);
      if (tower) glass.caption.w = labels.w - button - m.px(2);
      if (tower || stacked) {
        const float x = tower ? labels.right() - button
                              : std::max(area.x, middle - waist_width / 2 - 2 * gap - button);
        glass.more = {x, y + (height - 2 * button - m.px(4)) / 2, button, button};
        glass.less = glass.more.moved(0, button + m.px(4));
      }
    } else if (i == layers - 1) {
      stage.bar = bar_at(y, size.end_bar, units);
      stage.picture = {middle - size.picture / 2, y + size.end_bar + m.px(3), size.picture,
                       size.picture};
    } else {
      stage.bar = bar_at(y, height, units);
    }
    y += height + space;
    glass.stages.push_back(stage);
  }

  // Labels from the ends inwards: where rows are closer than a line, those in between go without.
  const bool right = glass.less.x >= labels.x;  // the buttons are among the labels
  const float reserved_top = right ? std::min(glass.number.y, glass.more.y) : glass.number.y;
  const float reserved_bottom =
      right ? std::max(glass.caption.bottom(), glass.less.bottom()) : glass.caption.bottom();
  const Rect reserved{labels.x, reserved_top - m.px(1), labels.w,
                      reserved_bottom - reserved_top + m.px(2)};
  std::vector<Rect> taken{reserved};
  const float line = m.small + m.px(3);
  const auto place_label = [&](GlassStage& stage) {
    if (stage.layer == code) return;
    const Rect whole = stage.picture.empty()
                           ? stage.bar
                           : Rect{0, std::min(stage.bar.y, stage.picture.y), 1,
                                  std::max(stage.bar.bottom(), stage.picture.bottom()) -
                                      std::min(stage.bar.y, stage.picture.y)};
    float center = stage.picture.empty() ? stage.bar.y + stage.bar.h / 2 : whole.y + whole.h / 2;
    center = std::clamp(center, area.y + line / 2, area.bottom() - line / 2);
    const Rect label{labels.x, center - line / 2, labels.w, line};
    for (const Rect& other : taken) {
      if (label.overlaps(other)) return;
    }
    taken.push_back(label);
    stage.label = label;
  };
  place_label(glass.stages.front());
  place_label(glass.stages.back());
  for (auto& stage : glass.stages) {
    if (stage.kind != StageKind::kMarker && stage.label.empty()) place_label(stage);
  }
  for (auto& stage : glass.stages) {
    if (stage.label.empty()) place_label(stage);
  }

  // Half of each gap belongs to the bar above it and half to the one below, as far as a finger
  // needs.
  const float wanted = touch ? m.px(40) : m.px(24);
  for (std::size_t i = 1; i < glass.stages.size(); ++i) {
    GlassStage& stage = glass.stages[i];
    Rect own = stage.bar;
    if (!stage.picture.empty()) own.h = stage.picture.bottom() - own.y;
    const float reach = std::min(space / 2, std::max(m.px(2), (wanted - own.h) / 2));
    // The row of the waist is higher than its bar.
    const float extra =
        static_cast<int>(i) == glass.waist ? std::max(0.0f, (block - own.h) / 2) : 0;
    const float half =
        std::max(std::max(stage.bar.w, stage.picture.w), std::min(wanted, column.w)) / 2;
    stage.hit = {middle - half,
                 own.y - std::min(reach + extra, std::max(m.px(2), (wanted - own.h) / 2)), 2 * half,
                 0};
    stage.hit.h = own.bottom() + (own.y - stage.hit.y) - stage.hit.y;
    if (static_cast<int>(i) == glass.waist) {
      // Between its buttons and its number.
      const float from = left || stacked ? glass.more.right() + 1 : column.x;
      const float to = column.right() + gap / 2;
      const float right = std::min(stage.hit.right(), to);
      stage.hit.x = std::max(stage.hit.x, from);
      stage.hit.w = right - stage.hit.x;
    }
  }
  return glass;
}

float glass_half_width(const Glass& glass, float y) {
  for (std::size_t i = 0; i + 1 < glass.stages.size(); ++i) {
    const Rect& a = glass.stages[i].bar;
    const Rect& b = glass.stages[i + 1].bar;
    if (y <= a.bottom()) return a.w / 2;
    if (y < b.y) {
      const float t = smooth((y - a.bottom()) / std::max(1.0f, b.y - a.bottom()));
      return (a.w + (b.w - a.w) * t) / 2;
    }
  }
  return glass.stages.empty() ? 0 : glass.stages.back().bar.w / 2;
}

}  // namespace hourglass::ui
