// What the front end tells of its controls, and that what is done to them that way is what a hand
// does on the screen.
#include "ui/kit/mirror.h"

#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session/protocol/wire.h"
#include "tests/ui/harness.h"

namespace hourglass::ui {
namespace {

struct MirrorHarness : Harness {
  explicit MirrorHarness(AppOptions options = {}) : Harness(1280, 900, std::move(options)) {
    feed(*this);
    settle();
  }

  const std::vector<MirrorNode>& watch() {
    settle();
    app.watch_mirror();
    settle();
    REQUIRE(app.mirrored());
    return app.mirror().nodes();
  }
  // The control of that id; fails if there is none.
  MirrorNode control(std::string_view id) {
    for (const MirrorNode& node : watch()) {
      if (node.item != 0 && node.id == id) return node;
    }
    FAIL("no control " << id);
    return {};
  }
  void act(MirrorAct act, std::string_view id, std::string_view text = {}) {
    app.act(act, control(id).item, text);
    settle();
  }
  void show(const std::string& workspace, const std::string& tab) {
    REQUIRE(click("workspace." + workspace));
    if (!tab.empty()) REQUIRE(click("tab:" + tab));
    // So that nothing is pointed at.
    move(1, 1);
    commands.clear();
  }
  std::vector<std::string> tabs() const {
    std::vector<std::string> found;
    for (const auto& [id, rect] : app.widgets().all()) {
      if (id.starts_with("tab:")) found.push_back(id.substr(4));
    }
    return found;
  }

  // What was sent but for questions that have an answer, whose pictures a pointer asks for, too.
  std::vector<session::Bytes> sent_bytes() const {
    std::vector<session::Bytes> all;
    for (const session::Command& command : commands) {
      if (command.id == 0) all.push_back(session::encode(command));
    }
    return all;
  }
  // Each control with its state and value.
  std::vector<std::string> controls() {
    std::vector<std::string> all;
    for (const MirrorNode& node : watch()) {
      if (node.item == 0) continue;
      all.push_back(node.id + "|" + static_cast<char>(node.role) + "|" +
                    std::to_string(node.states) + "|" + node.name + "|" + node.value);
    }
    return all;
  }
};

bool is_pressed_by_click(const MirrorNode& node) {
  switch (node.role) {
    case MirrorRole::kButton:
    case MirrorRole::kSwitch:
    case MirrorRole::kCheck:
    case MirrorRole::kTab:
      return (node.states & kMirrorDisabled) == 0;
    default:
      return false;
  }
}

// Calls with each workspace and each of its tabs.
void for_each_place(const std::function<void(const std::string&, const std::string&)>& call) {
  for (const char* workspace : {"training", "applications"}) {
    std::vector<std::string> tabs;
    {
      MirrorHarness harness;
      harness.show(workspace, "");
      tabs = harness.tabs();
    }
    REQUIRE(tabs.size() >= 3);
    for (const std::string& tab : tabs) call(workspace, tab);
  }
}

}  // namespace

TEST_CASE("the mirror costs nothing while nobody wants it") {
  Harness harness;
  feed(harness);
  harness.settle();
  CHECK_FALSE(harness.app.mirrored());
  CHECK(harness.app.mirror().nodes().empty());
  harness.app.watch_mirror();
  CHECK(harness.app.wants_frame());
  harness.settle();
  CHECK(harness.app.mirror().nodes().size() > 30);
  CHECK_FALSE(harness.app.wants_frame());
}

TEST_CASE("in the mirror each control of each workspace has a name and an id of its own") {
  for_each_place([](const std::string& workspace, const std::string& tab) {
    CAPTURE(workspace);
    CAPTURE(tab);
    MirrorHarness harness;
    harness.show(workspace, tab);
    std::set<ImGuiID> items;
    std::set<std::string> headings;
    int controls = 0;
    for (const MirrorNode& node : harness.watch()) {
      CAPTURE(node.id);
      if (node.role == MirrorRole::kHeading) headings.insert(node.name);
      if (node.item == 0) {
        CHECK_FALSE(node.name.empty());
        continue;
      }
      ++controls;
      CHECK_FALSE(node.id.empty());
      CHECK(items.insert(node.item).second);
      CHECK_MESSAGE(!node.name.empty(), node.id);
      CHECK_MESSAGE(node.name.find_first_not_of("0123456789.,%- ") != std::string::npos, node.id,
                    " is called ", node.name);
      if (node.role == MirrorRole::kChoice) CHECK_FALSE(node.options.empty());
    }
    CHECK(controls > 10);
    CHECK(headings.size() >= 1);
  });
}

TEST_CASE("pressing a control by the mirror does what a click does") {
  std::set<std::string> seen;
  for_each_place([&](const std::string& workspace, const std::string& tab) {
    std::vector<std::string> ids;
    {
      MirrorHarness harness;
      harness.show(workspace, tab);
      const std::vector<MirrorNode> nodes = harness.watch();
      for (const MirrorNode& node : nodes) {
        if (!is_pressed_by_click(node) || !harness.app.widgets().all().contains(node.id)) continue;
        // A long press, as time goes here, shows one class alone.
        if (node.id.starts_with("legend:")) continue;
        // Of what is a row of the same, one is enough.
        std::string kind = node.id.substr(0, node.id.find_last_not_of("0123456789") + 1);
        if (!seen.insert(node.id == kind ? kind : kind + "#").second) continue;
        // Where a smaller one lies on its middle, a click is that one's.
        const float x = node.rect.x + node.rect.w / 2, y = node.rect.y + node.rect.h / 2;
        const bool covered = std::ranges::any_of(nodes, [&](const MirrorNode& other) {
          return other.item != 0 && other.item != node.item && other.rect.contains(x, y);
        });
        if (!covered) ids.push_back(node.id);
      }
    }
    for (const std::string& id : ids) {
      CAPTURE(id);
      std::vector<session::Bytes> sent;
      std::vector<std::string> shown;
      {
        MirrorHarness harness;
        harness.show(workspace, tab);
        REQUIRE(harness.click(id));
        harness.move(1, 1);
        sent = harness.sent_bytes();
        shown = harness.controls();
      }
      MirrorHarness harness;
      harness.show(workspace, tab);
      harness.act(MirrorAct::kPress, id);
      CHECK(harness.sent_bytes() == sent);
      const std::vector<std::string> now = harness.controls();
      REQUIRE(now.size() == shown.size());
      for (std::size_t i = 0; i < now.size(); ++i) CHECK(now[i] == shown[i]);
    }
  });
  CHECK(seen.size() > 40);
}

TEST_CASE("the mirror sets sliders, fields and lists") {
  MirrorHarness harness;
  harness.show("training", "training");
  const auto last = [&] { return harness.last<session::SetSetting>(); };

  const MirrorNode slider = harness.control("setting:train.learning_rate");
  CHECK(slider.role == MirrorRole::kSlider);
  CHECK(slider.value == "0.001");
  CHECK(slider.position > 0);
  harness.act(MirrorAct::kMove, "setting:train.learning_rate", "1");
  REQUIRE(last());
  CHECK(last()->key == "train.learning_rate");
  CHECK(std::get<double>(last()->value) == session::find_setting("train.learning_rate").high);
  harness.act(MirrorAct::kStep, "setting:train.learning_rate", "-1");
  CHECK(std::get<double>(last()->value) < session::find_setting("train.learning_rate").high);

  harness.act(MirrorAct::kWrite, "setting:train.learning_rate:field", "0.005");
  CHECK(std::get<double>(last()->value) == 0.005);
  CHECK(harness.control("setting:train.learning_rate:field").value == "0.005");

  const MirrorNode list = harness.control("setting:train.optimizer");
  CHECK(list.role == MirrorRole::kChoice);
  CHECK(list.options.size() > 3);
  const int other = list.position == 0 ? 1 : 0;
  harness.act(MirrorAct::kChoose, "setting:train.optimizer", std::to_string(other));
  CHECK(last()->key == "train.optimizer");
  CHECK(harness.control("setting:train.optimizer").position == other);
  const std::size_t before = harness.commands.size();
  for (const char* wrong : {"99", "-3", "", "x", "1e300", "nan"}) {
    harness.act(MirrorAct::kChoose, "setting:train.optimizer", wrong);
    harness.act(MirrorAct::kMove, "setting:train.learning_rate", wrong[0] == 'x' ? wrong : "");
  }
  CHECK(harness.commands.size() == before);
}

TEST_CASE("focus that the mirror gives shows the ring and scrolls the control into sight") {
  MirrorHarness harness;
  harness.info.height = 480;
  harness.show("training", "training");
  std::string last;
  for (const MirrorNode& node : harness.watch()) {
    if (node.role == MirrorRole::kSlider) last = node.id;
  }
  const MirrorNode before = harness.control(last);
  harness.act(MirrorAct::kFocus, last);
  const MirrorNode after = harness.control(last);
  CHECK(ImGui::GetCurrentContext()->NavId == after.item);
  CHECK(ImGui::GetCurrentContext()->NavCursorVisible);
  CHECK_FALSE(harness.widget(last).empty());
  CHECK(after.rect.y <= before.rect.y);
  CHECK(harness.app.mirror().text().starts_with(std::to_string(after.item) + "\x1f"));

  // And the keyboard moves on from there, of which the mirror tells.
  harness.key(ImGuiKey_Tab);
  harness.watch();
  CHECK_FALSE(harness.app.mirror().text().starts_with(std::to_string(after.item) + "\x1f"));
}

TEST_CASE("the mirror says of a popup that the rest lies behind it") {
  MirrorHarness harness;
  harness.show("training", "training");
  harness.act(MirrorAct::kPress, "help");
  int behind = 0, within = 0;
  for (const MirrorNode& node : harness.watch()) (node.layer == 0 ? behind : within) += 1;
  CHECK(behind > 30);
  CHECK(within > 5);
  CHECK(harness.app.mirror().text().find("\x1f"
                                         "1\x1f\x1e") != std::string::npos);
}

TEST_CASE("the mirror says which controls are disabled, and these take nothing") {
  MirrorHarness harness;
  harness.app.teach("");  // a lesson without words cannot be saved yet
  harness.settle();
  std::vector<std::string> ids;
  for (const MirrorNode& node : harness.watch()) {
    if ((node.states & kMirrorDisabled) != 0) ids.push_back(node.id);
  }
  REQUIRE_FALSE(ids.empty());
  harness.commands.clear();
  const std::vector<std::string> before = harness.controls();
  for (const std::string& id : ids) harness.act(MirrorAct::kPress, id);
  CHECK(harness.commands.empty());
  CHECK(harness.controls() == before);
}

TEST_CASE("the units of the code are sliders of their own in the mirror") {
  MirrorHarness harness;
  constexpr int kUnits = 32;
  session::Snapshot snapshot;
  snapshot.image_count = 20;
  snapshot.activations =
      std::make_shared<const session::Floats>(session::Floats(784 + kUnits + 784, 0.5f));
  session::Floats ranges;
  for (int i = 0; i < kUnits; ++i) ranges.insert(ranges.end(), {0, 2, 0.5f});
  snapshot.code_ranges = std::make_shared<const session::Floats>(std::move(ranges));
  harness.app.receive(snapshot);
  harness.settle();
  harness.show("training", "code");
  harness.act(MirrorAct::kMove, "code:unit:3", "1");
  CHECK(harness.control("code:unit:3").position == doctest::Approx(1));
  CHECK(harness.control("code:unit:2").position < 0.9);
  harness.act(MirrorAct::kFocus, "code:unit:2");
  const ImGuiID unit = harness.control("code:unit:2").item;
  CHECK(harness.app.mirror().text().starts_with(std::to_string(unit) + "\x1f"));
}

}  // namespace hourglass::ui
