// Whatever comes, in whatever order: events of an engine that changes network, data and settings
// between any two frames, parts of snapshots that fit nothing on display, answers that come late,
// and a person who clicks on everything meanwhile. Built with sanitizers, this is where an index
// out of range shows.
#include <doctest/doctest.h>
#include <imgui_internal.h>

#include <cmath>
#include <iterator>

#include "tests/ui/random_engine.h"

namespace hourglass::ui {
namespace {

class Chaos : private RandomEngine {
 public:
  explicit Chaos(unsigned seed) : RandomEngine(seed) {
    harness_.app.set_reduced_motion(seed % 2 == 0);
  }

  void step() {
    switch (below(20)) {
      case 0:
        return network();
      case 1:
        return data();
      case 2:
        return settings();
      case 3:
        return chance(2) ? status() : timeline();
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
      case 16:
        return act_by_mirror();
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
  void act_by_mirror() {
    App& app = harness_.app;
    app.watch_mirror();
    draw();
    const auto& nodes = app.mirror().nodes();
    if (nodes.empty()) return;
    const MirrorNode& node = nodes[static_cast<std::size_t>(below(static_cast<int>(nodes.size())))];
    static constexpr MirrorAct kActs[] = {MirrorAct::kFocus, MirrorAct::kPress, MirrorAct::kChoose,
                                          MirrorAct::kStep,  MirrorAct::kMove,  MirrorAct::kWrite};
    static constexpr const char* kTexts[] = {"",  "0",   "1",     "0.5",  "-1",
                                             "7", "nan", "1e300", "words"};
    app.act(kActs[below(6)], node.item, kTexts[below(9)]);
    if (chance(4)) step_of_the_engine();
    draw();
  }
  void two_fingers() {
    const ImVec2 at = somewhere();
    harness_.app.pinch(at.x, at.y, chance(5) ? number() : 0.5f + static_cast<float>(below(20)) / 10,
                       static_cast<float>(below(41) - 20), chance(9) ? number() : 3);
  }
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
