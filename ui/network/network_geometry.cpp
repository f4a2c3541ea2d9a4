#include "ui/network/network_geometry.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/model/layer_type.h"
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

// Makes one layout, from the top down.
class Arrangement {
 public:
  Arrangement(const session::NetworkInfo& network, const Rect& area, const LabelSizes& sizes,
              const Metrics& m, bool touch)
      : network_(network),
        area_(area),
        sizes_(sizes),
        m_(m),
        touch_(touch),
        layers_(static_cast<int>(network.layers.size())),
        code_(static_cast<int>(std::clamp<std::int64_t>(network.code_layer, 0, layers_ - 1))),
        most_(network.input_features),
        button_(touch ? m.control : m.px(28)),
        both_(2 * button_ + m.px(4)) {
    for (const auto& layer : network.layers) most_ = std::max(most_, units_of(layer));
  }

  NetworkLayout layout() {
    divide();
    place_buttons();
    squeeze();
    place_stages();
    place_labels();
    place_hits();
    return std::move(out_);
  }

 private:
  // Where the buttons that halve and double the code are.
  enum class Buttons {
    kLeft,    // side by side, left of the bottleneck
    kBeside,  // side by side, after the number
    kTower,   // one above the other after the number: next to the bottleneck they would cover it
    kStack,   // one above the other, left of the bottleneck
    kBelow,   // side by side, below the number
  };

  const session::LayerInfo& layer(int index) const {
    return network_.layers[static_cast<std::size_t>(index)];
  }
  float bottleneck_in(float width) const {
    return std::max(m_.px(6), width * bar_share(units_of(layer(code_)), most_));
  }
  // Left of the bottleneck, in a column of this width.
  float free_beside(float width) const { return (width - bottleneck_in(width)) / 2 - 2 * m_.gap; }
  float middle() const { return column_.x + column_.w / 2; }

  // Into the column of the bars and that of the labels.
  void divide() {
    column_ = area_;
    const float most_labels = std::max(both_, area_.w * 0.46f);
    float width = std::min(std::max({sizes_.longest, m_.px(64), both_}), most_labels);
    // Where the buttons would cover the bars, the code's number and they get a wider column.
    const float largest = std::clamp(area_.h * 0.18f, m_.px(20), m_.px(46));
    const float with_tower =
        std::max(largest * sizes_.number + m_.gap, sizes_.caption + m_.px(3)) + button_;
    if (free_beside(area_.w - width - m_.gap) < both_ && with_tower <= most_labels) {
      width = std::max(width, with_tower);
    }
    labels_ = column_.cut_right(width);
    column_.cut_right(m_.gap);
    out_.area = column_;
  }

  // The code's number and buttons: the buttons on its free side where there is one.
  void place_buttons() {
    const float number = std::clamp(
        std::min(area_.h * 0.18f, labels_.w / std::max(0.1f, sizes_.number)), m_.px(20), m_.px(46));
    out_.number_size = number;
    figures_ = number * sizes_.number;
    text_height_ = number + m_.small + m_.px(3);
    const float free_left = free_beside(column_.w);
    const float below = text_height_ + m_.px(3) + button_;
    // Left of the bottleneck, or below the number, whichever is lower.
    const float stack = std::max(text_height_, 2 * button_ + m_.px(4));
    if (free_left >= both_) {
      buttons_ = Buttons::kLeft;
      block_ = std::max(text_height_, button_);
    } else if (figures_ + m_.gap + both_ <= labels_.w) {
      buttons_ = Buttons::kBeside;
      block_ = std::max(text_height_, button_);
    } else if (figures_ + m_.gap + button_ <= labels_.w + 0.5f) {
      buttons_ = Buttons::kTower;
      block_ = stack;
    } else if (free_left >= button_ && stack <= below) {
      buttons_ = Buttons::kStack;
      block_ = stack;
    } else {
      buttons_ = Buttons::kBelow;
      block_ = below;
    }
  }

  float height_of(int index) const {
    if (index == code_) return std::max(block_, size_.bar);
    const StageKind kind = stage_kind(network_, index);
    if (index == layers_ - 1) return size_.end_bar + m_.px(3) + size_.picture;
    return kind == StageKind::kMarker ? size_.marker
           : kind == StageKind::kMaps ? size_.map
                                      : size_.bar;
  }

  // The largest sizes at which the gaps are still wide enough.
  void squeeze() {
    for (float squeeze = 1; squeeze > 0.2f; squeeze -= 0.05f) {
      size_ = measures(area_, layers_, m_, squeeze);
      float fixed = size_.picture + m_.px(3) + size_.end_bar;
      for (int i = 0; i < layers_; ++i) fixed += height_of(i);
      space_ = (area_.h - fixed) / static_cast<float>(layers_);
      if (space_ >= size_.gap) break;
    }
    space_ = std::max(space_, 1.0f);
  }

  Rect bar_at(float y, float height, std::int64_t units) const {
    const float width = std::max(m_.px(6), column_.w * bar_share(units, most_));
    return {middle() - width / 2, y, width, height};
  }
  Rect picture_at(float y) const {
    return {middle() - size_.picture / 2, y, size_.picture, size_.picture};
  }

  void place_stages() {
    float y = area_.y;
    Stage input;
    input.picture = picture_at(y);
    y += size_.picture + m_.px(3);
    input.bar = bar_at(y, size_.end_bar, network_.input_features);
    y += size_.end_bar + space_;
    out_.stages.push_back(input);
    for (int i = 0; i < layers_; ++i) {
      Stage stage;
      stage.layer = i;
      stage.kind = stage_kind(network_, i);
      const float height = height_of(i);
      const std::int64_t units = units_of(layer(i));
      if (i == code_) {
        out_.bottleneck = i + 1;
        const float bar = stage.kind == StageKind::kMaps ? size_.map : size_.bar;
        stage.bar = bar_at(y + (height - bar) / 2, bar, units);
        place_code(y, height);
      } else if (i == layers_ - 1) {
        stage.bar = bar_at(y, size_.end_bar, units);
        stage.picture = picture_at(y + size_.end_bar + m_.px(3));
      } else {
        stage.bar = bar_at(y, height, units);
      }
      y += height + space_;
      out_.stages.push_back(stage);
    }
  }

  // The code's number, its caption and its buttons, in a row of this height.
  void place_code(float y, float height) {
    const float text = buttons_ == Buttons::kBelow ? block_ : text_height_;
    const float top = y + (height - text) / 2;
    out_.number = {labels_.x, top, std::min(labels_.w, std::max(figures_, m_.px(24))),
                   out_.number_size};
    out_.caption = {labels_.x, top + out_.number_size + m_.px(1), labels_.w, m_.small + m_.px(2)};
    Rect row{labels_.x, out_.caption.bottom() + m_.px(3), both_, button_};
    const float beside = middle() - bottleneck_in(column_.w) / 2 - 2 * m_.gap;
    const float level = y + (height - button_) / 2;
    if (buttons_ == Buttons::kLeft) {
      row = {std::max(area_.x, beside - both_ - m_.px(6)), level, both_, button_};
    }
    if (buttons_ == Buttons::kBeside) {
      row.x = labels_.right() - both_;
      row.y = level;
      out_.caption.w = row.x - labels_.x - m_.px(2);
    }
    out_.less = row.cut_left(button_);
    out_.more = row.cut_right(button_);
    if (buttons_ == Buttons::kTower) out_.caption.w = labels_.w - button_ - m_.px(2);
    if (buttons_ == Buttons::kTower || buttons_ == Buttons::kStack) {
      const float x = buttons_ == Buttons::kTower ? labels_.right() - button_
                                                  : std::max(area_.x, beside - button_);
      out_.more = {x, y + (height - 2 * button_ - m_.px(4)) / 2, button_, button_};
      out_.less = out_.more.moved(0, button_ + m_.px(4));
    }
  }

  // From the ends inwards: where rows are closer than a line, those in between go without.
  void place_labels() {
    const bool right = out_.less.x >= labels_.x;  // the buttons are among the labels
    const float top = right ? std::min(out_.number.y, out_.more.y) : out_.number.y;
    const float bottom =
        right ? std::max(out_.caption.bottom(), out_.less.bottom()) : out_.caption.bottom();
    taken_ = {{labels_.x, top - m_.px(1), labels_.w, bottom - top + m_.px(2)}};
    place_label(out_.stages.front());
    place_label(out_.stages.back());
    for (Stage& stage : out_.stages) {
      if (stage.kind != StageKind::kMarker && stage.label.empty()) place_label(stage);
    }
    for (Stage& stage : out_.stages) {
      if (stage.label.empty()) place_label(stage);
    }
  }

  void place_label(Stage& stage) {
    if (stage.layer == code_) return;
    const float line = m_.small + m_.px(3);
    float center = stage.bar.y + stage.bar.h / 2;
    if (!stage.picture.empty()) {
      const float top = std::min(stage.bar.y, stage.picture.y);
      center = top + (std::max(stage.bar.bottom(), stage.picture.bottom()) - top) / 2;
    }
    center = std::clamp(center, area_.y + line / 2, area_.bottom() - line / 2);
    const Rect label{labels_.x, center - line / 2, labels_.w, line};
    for (const Rect& other : taken_) {
      if (label.overlaps(other)) return;
    }
    taken_.push_back(label);
    stage.label = label;
  }

  // Half of each gap belongs to the bar above it and half to the one below, as far as a finger
  // needs.
  void place_hits() {
    const float wanted = touch_ ? m_.px(40) : m_.px(24);
    for (std::size_t i = 1; i < out_.stages.size(); ++i) {
      Stage& stage = out_.stages[i];
      const bool is_code = static_cast<int>(i) == out_.bottleneck;
      Rect own = stage.bar;
      if (!stage.picture.empty()) own.h = stage.picture.bottom() - own.y;
      const float needed = std::max(m_.px(2), (wanted - own.h) / 2);
      const float reach = std::min(space_ / 2, needed);
      // The row of the bottleneck is higher than its bar.
      const float extra = is_code ? std::max(0.0f, (block_ - own.h) / 2) : 0;
      const float half =
          std::max(std::max(stage.bar.w, stage.picture.w), std::min(wanted, column_.w)) / 2;
      stage.hit = {middle() - half, own.y - std::min(reach + extra, needed), 2 * half, 0};
      stage.hit.h = own.bottom() + (own.y - stage.hit.y) - stage.hit.y;
      if (is_code) keep_between(stage.hit);
    }
  }

  // Between the code's buttons and its number.
  void keep_between(Rect& hit) const {
    const bool free = buttons_ == Buttons::kLeft || buttons_ == Buttons::kStack;
    const float from = free ? out_.more.right() + 1 : column_.x;
    const float right = std::min(hit.right(), column_.right() + m_.gap / 2);
    hit.x = std::max(hit.x, from);
    hit.w = right - hit.x;
  }

  const session::NetworkInfo& network_;
  const Rect area_;
  const LabelSizes& sizes_;
  const Metrics& m_;
  const bool touch_;
  const int layers_, code_;
  std::int64_t most_;          // units of the widest layer
  const float button_, both_;  // side of a button, width of the two with what is between them
  Rect column_, labels_;
  Buttons buttons_ = Buttons::kLeft;
  float figures_ = 0, text_height_ = 0, block_ = 0;  // of the code's number, its text, its row
  Measures size_{};
  float space_ = 0;  // between stages
  std::vector<Rect> taken_;
  NetworkLayout out_;
};

}  // namespace

bool is_mask(const session::LayerInfo& layer) {
  const LayerType* const type = find_layer_type(layer.kind);
  return type && type->is_mask;
}

StageKind stage_kind(const session::NetworkInfo& network, int layer) {
  const auto& info = network.layers[static_cast<std::size_t>(layer)];
  const bool last = layer + 1 == static_cast<int>(network.layers.size());
  if (is_mask(info)) {
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

NetworkLayout layout_network(const session::NetworkInfo& network, const Rect& area,
                             const LabelSizes& labels, const Metrics& m, bool touch) {
  if (network.layers.empty() || area.w < m.px(60) || area.h < m.px(40)) return {};
  return Arrangement(network, area, labels, m, touch).layout();
}

float outline_half_width(const NetworkLayout& layout, float y) {
  for (std::size_t i = 0; i + 1 < layout.stages.size(); ++i) {
    const Rect& a = layout.stages[i].bar;
    const Rect& b = layout.stages[i + 1].bar;
    if (y <= a.bottom()) return a.w / 2;
    if (y < b.y) {
      const float t = smooth((y - a.bottom()) / std::max(1.0f, b.y - a.bottom()));
      return (a.w + (b.w - a.w) * t) / 2;
    }
  }
  return layout.stages.empty() ? 0 : layout.stages.back().bar.w / 2;
}

}  // namespace hourglass::ui
