#include <doctest/doctest.h>

#include "core/nn/model.h"
#include "core/session/protocol/network_info.h"
#include "tests/ui/harness.h"
#include "ui/model/model_edit.h"
#include "ui/network/network_geometry.h"
#include "ui/network/network_state.h"
#include "ui/state/layer_info.h"

namespace hourglass::ui {
namespace {

constexpr ImageShape kImage{1, 28, 28};

session::NetworkInfo network_of_preset(const std::string& name, session::Settings& settings) {
  session::apply_preset(session::find_preset(name), settings);
  const auto model = parse_model(settings.text("model.encoder"), settings.text("model.decoder"),
                                 settings.text("model.loss"));
  REQUIRE(model);
  const auto plan = plan_of(*model, kImage);
  REQUIRE(plan);
  session::NetworkInfo info = session::network_info(*plan);
  info.threads = 1;
  return info;
}

session::NetworkInfo dense_network(std::int64_t code, int hidden) {
  session::NetworkInfo info;
  info.input_features = 784;
  for (int i = 0; i < hidden; ++i) {
    info.layers.push_back({"encoder." + std::to_string(i), "dense", "relu", {1, 1, 256}, 1, 1});
  }
  info.code_layer = hidden;
  info.code_size = code;
  info.layers.push_back({"encoder." + std::to_string(hidden), "dense", "relu", {1, 1, code}, 1, 1});
  for (int i = 0; i < hidden; ++i) {
    info.layers.push_back({"decoder." + std::to_string(i), "dense", "relu", {1, 1, 256}, 1, 1});
  }
  info.layers.push_back(
      {"decoder." + std::to_string(hidden), "dense", "sigmoid", {1, 28, 28}, 1, 1});
  return info;
}

bool inside(const Rect& outer, const Rect& inner) {
  return inner.empty() ||
         (inner.x >= outer.x - 0.6f && inner.y >= outer.y - 0.6f &&
          inner.right() <= outer.right() + 0.6f && inner.bottom() <= outer.bottom() + 0.6f);
}

// The running network of a preset, with activations of one sample.
void feed_preset(Harness& harness, const std::string& name) {
  feed(harness);
  session::Settings settings;
  const session::NetworkInfo network = network_of_preset(name, settings);
  harness.app.receive(session::SettingsChanged{settings.all()});
  harness.app.receive(network);
  std::size_t numbers = 784;
  for (const auto& layer : network.layers) numbers += static_cast<std::size_t>(units_of(layer));
  session::Floats values(numbers);
  for (std::size_t i = 0; i < numbers; ++i) values[i] = static_cast<float>(i % 97) / 96;
  session::Snapshot snapshot;
  snapshot.activations = std::make_shared<const session::Floats>(std::move(values));
  harness.app.receive(snapshot);
  harness.settle();
}

std::string sent_text(const Harness& harness, const std::string& key) {
  const auto* set = harness.last<session::SetSettings>();
  if (!set || set->values.size() != 2) return "";
  for (const auto& [name, value] : set->values) {
    if (name == key) return std::get<std::string>(value);
  }
  return "";
}

TEST_CASE("hourglass: bars keep the order of the layers' sizes and show even two units") {
  CHECK(bar_share(784, 784) == doctest::Approx(1));
  CHECK(bar_share(32, 784) > bar_share(16, 784));
  CHECK(bar_share(2, 784) > 0.05f);
  CHECK(bar_share(0, 784) == 0);
}

TEST_CASE("hourglass: every part lies within its card, and what is clicked never overlaps") {
  std::vector<session::NetworkInfo> networks;
  for (const std::int64_t code : {1, 2, 32, 256, 784, 2048}) {
    for (const int hidden : {0, 1, 2, 5}) networks.push_back(dense_network(code, hidden));
  }
  for (const session::Preset& preset : session::presets()) {
    session::Settings settings;
    networks.push_back(network_of_preset(preset.name, settings));
  }
  for (const auto& [width, height] : {std::pair{208.0f, 186.0f},
                                      {208.0f, 300.0f},
                                      {276.0f, 620.0f},
                                      {334.0f, 300.0f},
                                      {376.0f, 950.0f}}) {
    for (const bool touch : {false, true}) {
      for (const float scale : {1.0f, 2.0f}) {
        const Metrics metrics(scale, touch);
        const Rect area{10, 20, width * scale, height * scale};
        for (const session::NetworkInfo& network : networks) {
          CAPTURE(width);
          CAPTURE(height);
          CAPTURE(touch);
          CAPTURE(scale);
          CAPTURE(network.layers.size());
          CAPTURE(network.code_size);
          const NetworkLayout layout =
              layout_network(network, area, {90 * scale, 1.7f, 52 * scale}, metrics, touch);
          REQUIRE(layout.stages.size() == network.layers.size() + 1);
          std::vector<Rect> targets{layout.number, layout.less, layout.more};
          float y = area.y;
          for (const Stage& stage : layout.stages) {
            CHECK(inside(area, stage.bar));
            CHECK(inside(area, stage.picture));
            CHECK(inside(area, stage.label));
            CHECK(stage.bar.y >= y - 0.6f);
            y = stage.bar.bottom();
            if (stage.layer >= 0) targets.push_back(stage.hit);
          }
          CHECK(inside(area, layout.number));
          CHECK(inside(area, layout.less));
          CHECK(inside(area, layout.more));
          for (std::size_t i = 0; i < targets.size(); ++i) {
            for (std::size_t j = i + 1; j < targets.size(); ++j) {
              CAPTURE(i);
              CAPTURE(j);
              CHECK_FALSE(targets[i].inset(0.6f, 0.6f).overlaps(targets[j].inset(0.6f, 0.6f)));
            }
          }
        }
      }
    }
  }
}

TEST_CASE(
    "hourglass: the waist's buttons leave the glass uncovered where there is room beside it") {
  // The cards of a window of 800x600, of a phone, and of a large window.
  for (const auto& [width, height, touch] :
       {std::tuple{212.0f, 186.0f, false}, {350.0f, 330.0f, true}, {276.0f, 620.0f, false}}) {
    CAPTURE(width);
    const Metrics metrics(1, touch);
    const Rect area{10, 20, width, height};
    const NetworkLayout layout = layout_network(dense_network(32, 0), area,
                                                {touch ? 72.0f : 68.0f, 1.2f, 52}, metrics, touch);
    REQUIRE(layout.stages.size() == 3);
    CHECK(layout.caption.w >= 52);  // no word is cut off
    for (const Rect& button : {layout.less, layout.more}) {
      for (const float y : {button.y, button.y + button.h / 2, button.bottom()}) {
        const float middle = layout.area.x + layout.area.w / 2,
                    half = outline_half_width(layout, y);
        CAPTURE(y);
        CHECK((button.right() <= middle - half || button.x >= middle + half));
      }
    }
  }
}

TEST_CASE("hourglass: every preset is drawn, with a target for each layer") {
  for (const session::Preset& preset : session::presets()) {
    for (const auto& [width, height] :
         {std::pair{1280.0f, 800.0f}, {800.0f, 600.0f}, {390.0f, 1900.0f}}) {
      CAPTURE(preset.name);
      CAPTURE(width);
      Harness harness(width, height);
      feed_preset(harness, preset.name);
      session::Settings settings;
      const auto network = network_of_preset(preset.name, settings);
      for (std::size_t i = 0; i < network.layers.size(); ++i) {
        CAPTURE(i);
        CHECK_FALSE(harness.widget("layer:" + std::to_string(i)).empty());
      }
      for (const char* id : {"waist", "waist:less", "waist:more"}) {
        CHECK_FALSE(harness.widget(id).empty());
      }
    }
  }
}

TEST_CASE("hourglass: the waist's buttons send both texts at once") {
  Harness harness;
  feed_preset(harness, "deep");
  CHECK(harness.click("waist:more"));
  REQUIRE(harness.sent<session::SetSettings>() == 1);
  CHECK(sent_text(harness, "model.encoder").find("\"units\":64,\"activation\":\"relu\"}]") !=
        std::string::npos);
  CHECK(sent_text(harness, "model.decoder").find("\"units\":\"input\"") != std::string::npos);
  // The draft is on show: twice is four times.
  CHECK(harness.click("waist:more"));
  CHECK(sent_text(harness, "model.encoder").find("\"units\":128,\"activation\":\"relu\"}]") !=
        std::string::npos);
  CHECK(harness.click("waist:less"));
  CHECK(harness.sent<session::SetSettings>() == 3);
}

TEST_CASE("hourglass: a click on a layer opens its editor, whose changes are sent as one") {
  Harness harness;
  feed_preset(harness, "deep");
  CHECK(harness.widget("layer:units").empty());
  REQUIRE(harness.click("layer:1"));
  harness.settle();
  REQUIRE_FALSE(harness.widget("layer:units").empty());
  REQUIRE(harness.click("layer:units"));
  harness.type("48");
  harness.key(ImGuiKey_Enter);
  REQUIRE(harness.sent<session::SetSettings>() == 1);
  CHECK(sent_text(harness, "model.encoder").find("\"units\":48") != std::string::npos);
  CHECK(sent_text(harness, "model.decoder").find("\"units\":48") != std::string::npos);

  REQUIRE(harness.click("layer:activation"));
  CHECK(harness.widget("layer:activation:softmax").empty());  // it would make no model
  REQUIRE(harness.click("layer:activation:tanh"));
  CHECK(harness.sent<session::SetSettings>() == 2);
  CHECK(sent_text(harness, "model.encoder").find("tanh") != std::string::npos);

  REQUIRE(harness.click("layer:dropout"));
  CHECK(sent_text(harness, "model.encoder").find("dropout") != std::string::npos);
  // The layer under edit has moved on; the same switch takes the dropout away.
  REQUIRE(harness.click("layer:dropout"));
  CHECK(sent_text(harness, "model.encoder").find("dropout") == std::string::npos);

  REQUIRE(harness.click("layer:add_before"));
  CHECK(harness.sent<session::SetSettings>() == 5);
  REQUIRE(harness.click("layer:close"));
  harness.settle();
  CHECK(harness.widget("layer:units").empty());
}

TEST_CASE("hourglass: a layer is removed along with its mirror, and the editor closes") {
  Harness harness;
  feed_preset(harness, "deep");
  REQUIRE(harness.click("layer:0"));
  REQUIRE(harness.click("layer:remove"));
  REQUIRE(harness.sent<session::SetSettings>() == 1);
  CHECK(sent_text(harness, "model.encoder").find("128") == std::string::npos);
  CHECK(sent_text(harness, "model.decoder").find("128") == std::string::npos);
  harness.settle();
  CHECK(harness.widget("layer:remove").empty());
}

TEST_CASE("hourglass: the only layer of the encoder stays, and Escape closes the editor") {
  Harness small;
  feed_preset(small, "vanilla");
  REQUIRE(small.click("layer:0"));
  REQUIRE(small.click("layer:remove"));
  CHECK(small.sent<session::SetSettings>() == 0);
  small.key(ImGuiKey_Escape);
  small.settle();
  CHECK(small.widget("layer:remove").empty());
  // And again from the waist's number.
  REQUIRE(small.click("waist"));
  CHECK_FALSE(small.widget("layer:units").empty());
}

TEST_CASE("hourglass: while an edit waits for a reset, the edited network is on show") {
  Harness harness;
  feed_preset(harness, "vanilla");
  session::Settings settings;
  session::apply_preset(session::find_preset("deep"), settings);
  harness.app.receive(session::SettingsChanged{settings.all()});
  session::Status status;
  status.pending_reset = {"model.encoder", "model.decoder"};
  harness.app.receive(status);
  harness.settle();
  CHECK_FALSE(harness.widget("layer:5").empty());
  status.pending_reset.clear();
  harness.app.receive(status);
  harness.settle();
  CHECK(harness.widget("layer:5").empty());
}

TEST_CASE("hourglass: an editor whose layer is gone does not keep the keyboard") {
  Harness harness;
  feed_preset(harness, "deep");
  REQUIRE(harness.click("layer:4"));
  harness.settle();
  REQUIRE(ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup));
  harness.app.receive(dense_network(8, 0));
  harness.settle();
  CHECK_FALSE(ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopup));
  harness.key(ImGuiKey_S);
  CHECK(harness.sent<session::Step>() == 1);
}

TEST_CASE("hourglass: a text that is no model leaves the running network on show") {
  Harness harness;
  feed_preset(harness, "vanilla");
  session::Settings settings;
  settings.set("model.encoder", std::string("[{\"type\":\"nonsense\"}]"));
  harness.app.receive(session::SettingsChanged{settings.all()});
  session::Status status;
  status.pending_reset = {"model.encoder"};
  harness.app.receive(status);
  harness.settle();
  CHECK_FALSE(harness.widget("layer:1").empty());
  CHECK(harness.click("waist:more"));
  CHECK(harness.sent<session::SetSettings>() == 0);
  CHECK(harness.click("layer:0"));
}

TEST_CASE("hourglass: at rest nothing moves; while it trains, no more frames than snapshots") {
  Harness harness;
  feed_preset(harness, "convolutional");
  harness.settle();
  CHECK_FALSE(harness.app.wants_frame());
  const int uploads = harness.uploads;
  harness.app.note_input();
  harness.settle();
  CHECK(harness.uploads == uploads);
  session::Status status;
  status.phase = session::Phase::kRunning;
  harness.app.receive(status);
  harness.settle();
  CHECK_FALSE(harness.app.wants_frame());
}

TEST_CASE("hourglass: at the ends of the waist its buttons are disabled, and look it") {
  for (const char* end : {"waist:less", "waist:more"}) {
    CAPTURE(std::string(end));
    Harness harness;
    feed_preset(harness, "vanilla");
    harness.settle();
    const auto enabled = [&](const char* id) {
      const NetworkState& edit = harness.app.state<NetworkState>();
      return std::string(id) == "waist:less" ? edit.can_halve : edit.can_double;
    };
    CHECK(enabled("waist:less"));
    CHECK(enabled("waist:more"));
    for (int i = 0; i < 40 && enabled(end); ++i) harness.click(end);
    CHECK_FALSE(enabled(end));
    CHECK(enabled(std::string(end) == "waist:less" ? "waist:more" : "waist:less"));
    const int sent = harness.sent<session::SetSettings>();
    harness.click(end);
    CHECK(harness.sent<session::SetSettings>() == sent);
  }
}

}  // namespace
}  // namespace hourglass::ui
