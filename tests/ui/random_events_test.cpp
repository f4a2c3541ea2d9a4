// Whatever comes, in whatever order: events of an engine that changes network, data and settings
// between any two frames, parts of snapshots that fit nothing on display, answers that come late,
// and a person who clicks on everything meanwhile. Built with sanitizers, this is where an index
// out of range shows.
#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/base/error.h"
#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

class Chaos {
 public:
  explicit Chaos(unsigned seed) : random_(seed) { harness_.app.set_reduced_motion(seed % 2 == 0); }

  void step() {
    switch (below(20)) {
      case 0:
        return network();
      case 1:
        return data();
      case 2:
        return settings();
      case 3:
        return status();
      case 4:
        return history();
      case 5:
        return resize();
      case 6:
        return look();
      case 7:
        return harness_.app.receive(session::Failure{0, text()});
      case 8:
      case 9:
      case 10:
        return snapshot();
      case 11:
      case 12:
        return answer();
      case 13:
        return keys();
      case 14:
        return two_fingers();
      case 15:
        return drag();
      default:
        return click();
    }
  }

  void draw() {
    harness_.app.note_input();
    harness_.frame();
  }

  // Corners of triangles that are nowhere are dropped by one graphics card and drawn across the
  // window by another.
  bool all_finite() const {
    const ImDrawData& drawn = *ImGui::GetDrawData();
    for (const ImDrawList* list : drawn.CmdLists) {
      for (const ImDrawVert& vertex : list->VtxBuffer) {
        if (!std::isfinite(vertex.pos.x) || !std::isfinite(vertex.pos.y)) return false;
      }
    }
    return true;
  }

  // A popup that is open and not drawn would hold the keyboard where nobody sees why.
  bool popups_are_drawn() const {
    for (const ImGuiPopupData& popup : ImGui::GetCurrentContext()->OpenPopupStack) {
      if (popup.OpenFrameCount < ImGui::GetFrameCount() && !(popup.Window && popup.Window->Active))
        return false;
    }
    return true;
  }

  // After all of it: an ordinary state, and nobody touches anything.
  void recover() {
    ImGui::GetIO().AddMouseButtonEvent(0, false);
    ImGui::GetIO().AddMouseButtonEvent(1, false);
    ImGui::GetIO().AddMousePosEvent(-1e6f, -1e6f);
    harness_.app.note_input();
    harness_.settle();
    for (int i = 0; i < 3; ++i) harness_.key(ImGuiKey_Escape);
    harness_.info = {1280, 800, 1};
    harness_.app.set_text_scale(1);
    feed(harness_);
    harness_.app.note_input();
    harness_.settle(200);
  }
  Harness& harness() { return harness_; }

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int one_in) { return below(one_in) == 0; }
  float number() {
    switch (below(12)) {
      case 0:
        return std::numeric_limits<float>::quiet_NaN();
      case 1:
        return std::numeric_limits<float>::infinity();
      case 2:
        return -std::numeric_limits<float>::max();
      case 3:
        return 0;
      default:
        return static_cast<float>(below(2001) - 1000) / 250;
    }
  }
  session::Shared<session::Floats> floats(std::int64_t count) {
    session::Floats values(static_cast<std::size_t>(count));
    const bool odd = chance(4), same = chance(6);
    for (float& value : values)
      value = same ? 0 : odd ? number() : static_cast<float>(below(1000)) / 500 - 1;
    return std::make_shared<const session::Floats>(std::move(values));
  }
  session::Shared<session::Bytes> bytes(std::int64_t count) {
    session::Bytes values(static_cast<std::size_t>(count));
    for (std::uint8_t& value : values) value = static_cast<std::uint8_t>(random_());
    return std::make_shared<const session::Bytes>(std::move(values));
  }
  // The size that fits, or now and then one that does not.
  std::int64_t about(std::int64_t fitting) {
    if (!chance(5)) return fitting;
    return std::max<std::int64_t>(0, below(3) == 0 ? fitting + below(7) - 3 : below(900));
  }
  std::string text() {
    static const char* const kTexts[] = {"", "An ordinary sentence.", "很长的一句话",
                                         "%s %d {0} {7}"};
    std::string made = kTexts[below(4)];
    if (chance(4)) made += std::string(300, 'w');
    return made;
  }

  static std::int64_t units(const session::LayerInfo& layer) {
    std::int64_t product = 1;
    for (const std::int64_t extent : layer.output_shape) product *= extent;
    return product;
  }
  void network() {
    session::NetworkInfo info;
    info.input_features = chance(4) ? 1 + below(900) : data_.channels * data_.rows * data_.columns;
    const int count = 1 + below(chance(5) ? 24 : 7);
    static const char* const kKinds[] = {"dense",    "conv",     "transposed-conv",
                                         "max-pool", "upsample", "dropout",
                                         "k-sparse", "gaussian", "of the future"};
    for (int i = 0; i < count; ++i) {
      session::LayerInfo layer;
      layer.name = (2 * i < count ? "encoder." : "decoder.") + std::to_string(i);
      layer.kind = kKinds[below(9)];
      layer.activation = chance(3) ? "" : chance(2) ? "relu" : "sigmoid";
      if (chance(3)) {
        layer.output_shape = {1 + below(20), 1 + below(30), 1 + below(30)};
      } else if (chance(2)) {
        layer.output_shape = {1 + below(chance(9) ? 4000 : 300)};
      } else {
        layer.output_shape = {1, 1, 1 + below(300)};
      }
      layer.parameters = chance(3) ? 0 : below(1'000'000);
      layer.multiply_adds = layer.parameters;
      info.layers.push_back(std::move(layer));
    }
    info.code_layer = below(count);
    info.code_size = units(info.layers[static_cast<std::size_t>(info.code_layer)]);
    info.parameters = info.multiply_adds = below(2'000'000'000);
    network_ = info;
    harness_.app.receive(std::move(info));
  }
  void data() {
    session::DataReady ready;
    ready.name = chance(2) ? "strokes" : "mnist";
    static constexpr int kShapes[][3] = {
        {1, 28, 28}, {3, 8, 8}, {1, 1, 13}, {2, 5, 3}, {1, 300, 2}};
    const auto& shape = kShapes[below(5)];
    ready.channels = shape[0];
    ready.rows = shape[1];
    ready.columns = shape[2];
    ready.train_count = below(70'000);
    ready.test_count = 1 + below(2000);
    const int classes = below(chance(4) ? 40 : 11);
    for (int i = 0; i < classes; ++i)
      ready.class_names.push_back(std::to_string(i) + (chance(4) ? text() : ""));
    ready.map_points = below(chance(3) ? 5 : 400);
    if (classes > 0 && !chance(4)) {
      for (std::int64_t i = 0; i < ready.map_points; ++i)
        ready.map_labels.push_back(below(classes + 2) - 1);
    }
    const int factors = below(4);
    for (int i = 0; i < factors; ++i) {
      ready.factors.push_back(
          {chance(2) ? "slant" : text(), chance(2) ? "deg" : "", -1, chance(5) ? -1.0f : 1.0f});
    }
    ready.map_factors = *floats(about(factors * ready.map_points));
    data_ = ready;
    harness_.app.receive(std::move(ready));
  }
  void settings() {
    const auto& table = session::settings_table();
    for (int i = 0; i < 6; ++i) {
      const session::Setting& setting =
          table[static_cast<std::size_t>(below(static_cast<int>(table.size())))];
      session::Value value = settings_.get(setting.key);
      if (auto* flag = std::get_if<bool>(&value)) {
        *flag = chance(2);
      } else if (auto* integer = std::get_if<std::int64_t>(&value)) {
        *integer =
            chance(2)
                ? static_cast<std::int64_t>(setting.low)
                : static_cast<std::int64_t>(std::min(setting.high, setting.low + below(2000)));
      } else if (auto* real = std::get_if<double>(&value)) {
        *real = chance(2) ? setting.low : setting.high;
      } else if (!setting.choices.empty()) {
        value = std::string(setting.choices[static_cast<std::size_t>(
            below(static_cast<int>(setting.choices.size())))]);
      } else {
        static const char* const kLayers[] = {
            R"([{"dense":{"units":32,"activation":"relu"}},{"dense":{"units":2}}])",
            R"([{"dense":{"units":784,"activation":"sigmoid"}}])", "[]", "no list", ""};
        value = std::string(kLayers[below(5)]);
      }
      try {
        settings_.set(setting.key, value);
      } catch (const Error&) {
        // Bounds are another test's.
      }
    }
    harness_.app.receive(session::SettingsChanged{settings_.all()});
  }
  void status() {
    session::Status status;
    status.phase = static_cast<session::Phase>(below(4));
    status.step = below(100'000);
    status.epoch = below(1000) / 7.0;
    status.images_per_second = chance(3) ? 0 : below(1'000'000);
    for (const char* key :
         {"model.encoder", "model.decoder", "train.optimizer", "train.batch_size"}) {
      if (chance(3)) status.pending_reset.emplace_back(key);
    }
    harness_.app.receive(std::move(status));
    if (chance(4)) harness_.app.receive(session::DataWanted{text()});
  }
  void history() {
    session::History news;
    news.restart = chance(3);
    for (int i = below(300); i > 0; --i) {
      const double at = below(10'000) / 100.0;
      news.losses.push_back(
          {below(10'000), at, static_cast<double>(number()), static_cast<double>(number())});
    }
    for (int i = below(5); i > 0; --i) {
      session::EpochMetrics epoch;
      epoch.epoch = below(500);
      epoch.test_loss = static_cast<double>(number());
      epoch.rounded_accuracy = static_cast<double>(number());
      epoch.code_mean = static_cast<double>(number());
      news.epochs.push_back(epoch);
    }
    harness_.app.receive(std::move(news));
  }
  void snapshot() {
    session::Snapshot now;
    const std::int64_t features = data_.channels * data_.rows * data_.columns;
    now.image_count = below(chance(4) ? 2 : 40);
    const std::int64_t all = now.image_count * features;
    const auto maybe = [&](auto& part, std::int64_t count, auto make) {
      if (!chance(3)) part = make(about(count));
    };
    const auto some_floats = [&](std::int64_t count) { return floats(count); };
    const auto some_bytes = [&](std::int64_t count) { return bytes(count); };
    if (!chance(3)) {
      std::vector<std::uint32_t> indices(static_cast<std::size_t>(about(now.image_count)));
      for (auto& index : indices) index = static_cast<std::uint32_t>(below(3000));
      now.image_indices = std::make_shared<const std::vector<std::uint32_t>>(std::move(indices));
      std::vector<std::int32_t> labels(static_cast<std::size_t>(about(now.image_count)));
      for (auto& label : labels) label = below(60) - 3;
      now.image_labels = std::make_shared<const std::vector<std::int32_t>>(std::move(labels));
    }
    maybe(now.originals, all, some_bytes);
    maybe(now.corrupted, all, some_bytes);
    maybe(now.reconstructed, all, some_bytes);
    maybe(now.image_errors, now.image_count, some_floats);
    maybe(now.map_points, 2 * data_.map_points, some_floats);
    maybe(now.code_ranges, 3 * network_.code_size, some_floats);
    now.sample = below(3000);
    std::int64_t activations = network_.input_features;
    for (const auto& layer : network_.layers) activations += units(layer);
    maybe(now.activations, activations, some_floats);
    now.tile_channels = 1 + below(4);
    now.tile_rows = below(40);
    now.tile_columns = below(40);
    maybe(now.tiles,
          now.tile_channels * now.tile_rows * now.tile_columns * below(chance(3) ? 256 : 20),
          some_bytes);
    const auto layers = static_cast<std::int64_t>(network_.layers.size());
    maybe(now.layer_stats, layers * (session::kLayerStats + session::kActivationBins), some_floats);
    harness_.app.receive(std::move(now));
  }
  // One of the questions that were sent, of any age, has an answer of any size; or an error.
  void answer() {
    std::vector<std::uint64_t> ids;
    for (const session::Command& command : harness_.commands) {
      if (command.id != 0) ids.push_back(command.id);
    }
    if (ids.empty()) return;
    const std::uint64_t id =
        chance(3) ? ids[static_cast<std::size_t>(below(static_cast<int>(ids.size())))] : ids.back();
    if (chance(6)) return harness_.app.receive(session::Failure{id, text()});
    session::Reply reply;
    reply.id = id;
    reply.images = *floats(about(data_.channels * data_.rows * data_.columns * below(30)));
    harness_.app.receive(std::move(reply));
  }
  void resize() {
    static constexpr float kSizes[][2] = {{1280, 800}, {800, 600}, {390, 844}, {1920, 1080},
                                          {320, 300},  {90, 2000}, {2000, 90}, {1, 1}};
    const auto& size = kSizes[below(8)];
    harness_.info = {size[0], size[1], static_cast<float>(1 + below(3))};
  }
  void look() {
    App& app = harness_.app;
    switch (below(5)) {
      case 0:
        return app.set_text_scale(0.5f + static_cast<float>(below(8)) / 2);
      case 1:
        return app.set_theme(chance(2) ? ThemeKind::kDark : ThemeKind::kLight);
      case 2:
        return app.set_language(chance(2) ? Language::kChinese : Language::kEnglish);
      case 3:
        return app.set_stats(chance(2));
      default:
        return app.set_data_progress("mnist", static_cast<double>(number()));
    }
  }
  ImVec2 somewhere() {
    const auto& all = harness_.app.widgets().all();
    if (!all.empty() && !chance(8)) {
      auto at = all.begin();
      std::advance(at, below(static_cast<int>(all.size())));
      const Rect& r = at->second;
      return {r.x + r.w * static_cast<float>(below(101)) / 100,
              r.y + r.h * static_cast<float>(below(101)) / 100};
    }
    return {static_cast<float>(below(1300)), static_cast<float>(below(900))};
  }
  void move_to(ImVec2 at) {
    ImGuiIO& io = ImGui::GetIO();
    io.AddMouseSourceEvent(chance(6) ? ImGuiMouseSource_TouchScreen : ImGuiMouseSource_Mouse);
    io.AddMousePosEvent(at.x, at.y);
    draw();
  }
  void click() {
    ImGuiIO& io = ImGui::GetIO();
    move_to(somewhere());
    const int button = chance(10) ? 1 : 0;
    for (int times = chance(6) ? 2 : 1; times > 0; --times) {
      io.AddMouseButtonEvent(button, true);
      draw();
      if (chance(4)) step_of_the_engine();
      io.AddMouseButtonEvent(button, false);
      draw();
    }
    if (chance(4)) io.AddMouseWheelEvent(0, static_cast<float>(below(7) - 3));
  }
  void drag() {
    ImGuiIO& io = ImGui::GetIO();
    move_to(somewhere());
    io.AddMouseButtonEvent(0, true);
    draw();
    for (int i = 1 + below(5); i > 0; --i) {
      move_to(somewhere());
      if (chance(3)) step_of_the_engine();
      draw();
    }
    io.AddMouseButtonEvent(0, false);
    draw();
  }
  void step_of_the_engine() {
    switch (below(5)) {
      case 0:
        return network();
      case 1:
        return data();
      case 2:
        return settings();
      default:
        return snapshot();
    }
  }
  void keys() {
    static constexpr ImGuiKey kKeys[] = {
        ImGuiKey_Tab,       ImGuiKey_Tab,       ImGuiKey_Enter,      ImGuiKey_Space,
        ImGuiKey_Escape,    ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_UpArrow,
        ImGuiKey_DownArrow, ImGuiKey_S,         ImGuiKey_R,          ImGuiKey_N,
        ImGuiKey_D,         ImGuiKey_L,         ImGuiKey_1,          ImGuiKey_2,
        ImGuiKey_3,         ImGuiKey_4,         ImGuiKey_5,          ImGuiKey_Minus,
        ImGuiKey_Equal,     ImGuiKey_Home,      ImGuiKey_PageDown};
    ImGuiIO& io = ImGui::GetIO();
    for (int i = below(4); i >= 0; --i) {
      const ImGuiKey key = kKeys[below(static_cast<int>(std::size(kKeys)))];
      io.AddKeyEvent(key, true);
      draw();
      io.AddKeyEvent(key, false);
      draw();
    }
    if (chance(4)) io.AddInputCharactersUTF8(chance(2) ? "12" : "?");
  }
  void two_fingers() {
    const ImVec2 at = somewhere();
    harness_.app.pinch(at.x, at.y, chance(5) ? number() : 0.5f + static_cast<float>(below(20)) / 10,
                       static_cast<float>(below(41) - 20), chance(9) ? number() : 3);
  }

  Harness harness_;
  std::mt19937 random_;
  session::Settings settings_;
  session::NetworkInfo network_;
  session::DataReady data_;
};

TEST_CASE("random events: nothing that comes in any order is drawn wrong or ends the front end") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Chaos chaos(seed);
    if (seed % 3 != 0) feed(chaos.harness());
    for (int i = 0; i < 120; ++i) {
      CAPTURE(i);
      chaos.step();
      chaos.draw();
      REQUIRE(chaos.all_finite());
      REQUIRE(chaos.popups_are_drawn());
      chaos.harness().commands.resize(std::min<std::size_t>(chaos.harness().commands.size(), 4000));
    }
    chaos.recover();
    const Harness& harness = chaos.harness();
    CHECK(!harness.widget("run").empty());
    CHECK_FALSE(harness.app.wants_frame());
  }
}

}  // namespace
}  // namespace hourglass::ui
