// The tab of the code: what its bars mean, and what a hand on them sends.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "tests/ui/harness.h"
#include "ui/code/code_bars.h"
#include "ui/code/code_state.h"
#include "ui/kit/mark.h"

namespace hourglass::ui {
namespace {

// feed()'s network with a code of `units` after a hidden layer of 5.
void feed_code(Harness& harness, int units, const char* kind = "dense",
               const char* activation = "linear") {
  feed(harness);
  session::NetworkInfo network;
  network.input_features = 784;
  network.layers = {{"encoder.0", "dense", "relu", {5}, 10, 10},
                    {"encoder.1", kind, activation, {units}, 10, 10},
                    {"decoder.0", "dense", "sigmoid", {784}, 10, 10}};
  network.code_layer = 1;
  network.code_size = units;
  harness.app.receive(network);
}

float sample_value(int unit) { return 0.25f + 0.01f * static_cast<float>(unit % 50); }

// Activations in which every part has values of its own, and ranges of 0 to 2 around 0.5.
session::Snapshot code_snapshot(int units) {
  session::Snapshot snapshot;
  snapshot.image_count = 20;
  session::Floats all(784, -7);
  all.insert(all.end(), 5, -8);
  for (int i = 0; i < units; ++i) all.push_back(sample_value(i));
  all.insert(all.end(), 784, -9);
  snapshot.activations = std::make_shared<const session::Floats>(std::move(all));
  session::Floats ranges;
  for (int i = 0; i < units; ++i) ranges.insert(ranges.end(), {0, 2, 0.5f});
  snapshot.code_ranges = std::make_shared<const session::Floats>(std::move(ranges));
  return snapshot;
}

// Answers what was asked, as an engine does.
void answer(Harness& harness) {
  for (std::size_t i = 0; i < harness.commands.size(); ++i) {
    const session::Command command = harness.commands[i];
    if (std::holds_alternative<session::Decode>(command.body) ||
        std::holds_alternative<session::GetImages>(command.body)) {
      harness.app.receive(session::Reply{command.id, session::Floats(784, 0.5f), {}});
    }
  }
  harness.settle();
}

void open_code(Harness& harness, int units) {
  harness.settle();
  REQUIRE(harness.click("tab:code"));
  harness.app.receive(code_snapshot(units));
  harness.settle();
  answer(harness);
}

TEST_CASE("code: it begins with the sample's code, the code layer's part of the activations") {
  Harness harness;
  feed_code(harness, 32);
  harness.app.receive(code_snapshot(32));
  harness.settle();
  const std::span<const float> code = sample_code(harness.app.store());
  REQUIRE(code.size() == 32);
  for (int i = 0; i < 32; ++i) CHECK(code[static_cast<std::size_t>(i)] == sample_value(i));

  REQUIRE(harness.click("tab:code"));
  REQUIRE(harness.last<session::Decode>() != nullptr);
  CHECK(harness.last<session::Decode>()->codes == session::Floats(code.begin(), code.end()));
  CHECK_FALSE(harness.app.state<CodeState>().edited);
}

TEST_CASE("code: activations of another network give no code") {
  Harness harness;
  feed_code(harness, 32);
  harness.app.receive(code_snapshot(31));
  CHECK(sample_code(harness.app.store()).empty());
  harness.settle();
  REQUIRE(harness.click("tab:code"));
  CHECK(harness.sent<session::Decode>() == 0);
}

TEST_CASE("code: a drag of one bar decodes the code with that unit changed and no other") {
  Harness harness;
  feed_code(harness, 32);
  open_code(harness, 32);
  const session::Floats before = harness.last<session::Decode>()->codes;
  const Rect bar = harness.widget("code:unit:9");
  REQUIRE(bar.w >= 8);
  harness.move(bar.x + bar.w / 2, bar.y + bar.h * 0.8f);
  harness.press(true);
  harness.move(bar.x + bar.w / 2, bar.y + bar.h / 2);
  answer(harness);
  harness.press(false);
  answer(harness);
  const session::Floats after = harness.last<session::Decode>()->codes;
  REQUIRE(after.size() == 32);
  for (std::size_t i = 0; i < 32; ++i) {
    if (i == 9) {
      CHECK(after[i] == doctest::Approx(1).epsilon(0.02));  // the middle of the range
    } else {
      CHECK(after[i] == before[i]);
    }
  }
  CHECK(harness.app.state<CodeState>().edited);
  CHECK(harness.app.state<CodeState>().unit == 9);

  // A new sample's code does not take the hand's away; the button brings it back.
  harness.app.receive(code_snapshot(32));
  harness.settle();
  CHECK(harness.last<session::Decode>()->codes == after);
  REQUIRE(harness.click("code:sample"));
  answer(harness);
  CHECK(harness.last<session::Decode>()->codes == before);
}

TEST_CASE("code: a drag across the bars sets all of them, and the wheel only the one below it") {
  Harness harness;
  feed_code(harness, 32);
  open_code(harness, 32);
  const Rect from = harness.widget("code:unit:4"), to = harness.widget("code:unit:12");
  const float y = from.y + from.h / 2;
  harness.move(from.x + from.w / 2, y);
  harness.press(true);
  harness.move(to.x + to.w / 2, y);
  harness.press(false);
  const session::Floats& code = harness.app.state<CodeState>().code;
  REQUIRE(code.size() == 32);
  for (int i = 0; i < 32; ++i) {
    const float value = code[static_cast<std::size_t>(i)];
    CAPTURE(i);
    if (i >= 4 && i <= 12) {
      CHECK(value == doctest::Approx(1).epsilon(0.02));
    } else {
      CHECK(value == sample_value(i));
    }
  }
  const float before = code[12], neighbour = code[13];
  harness.wheel(1);
  CHECK(harness.app.state<CodeState>().code[12] > before);
  CHECK(harness.app.state<CodeState>().code[13] == neighbour);
}

TEST_CASE("code: by keyboard, Enter takes the bars and arrows move them") {
  Harness harness;
  feed_code(harness, 32);
  open_code(harness, 32);
  REQUIRE(harness.click("code:unit:9"));  // which brings the keyboard here
  const session::Floats before = harness.app.state<CodeState>().code;
  harness.key(ImGuiKey_UpArrow);
  CHECK(harness.app.state<CodeState>().code == before);
  REQUIRE(harness.click("code:unit:9"));
  const session::Floats start = harness.app.state<CodeState>().code;
  ImGui::SetNavCursorVisible(true);  // as it is for whoever came here by Tab
  harness.key(ImGuiKey_Enter);
  harness.key(ImGuiKey_UpArrow);
  CHECK(harness.app.state<CodeState>().code[9] > start[9]);
  harness.key(ImGuiKey_RightArrow);
  CHECK(harness.app.state<CodeState>().unit == 10);
  harness.key(ImGuiKey_DownArrow);
  CHECK(harness.app.state<CodeState>().code[10] < start[10]);
  CHECK(harness.app.state<CodeState>().code[11] == start[11]);
  const session::Floats end = harness.app.state<CodeState>().code;
  harness.key(ImGuiKey_Enter);
  harness.key(ImGuiKey_UpArrow);
  CHECK(harness.app.state<CodeState>().code == end);
}

TEST_CASE("code: a double click sets a unit to its mean") {
  Harness harness;
  feed_code(harness, 32);
  open_code(harness, 32);
  REQUIRE(harness.click("code:unit:3"));
  CHECK(harness.app.state<CodeState>().code[3] == doctest::Approx(1).epsilon(0.02));
  REQUIRE(harness.click("code:unit:3"));
  CHECK(harness.app.state<CodeState>().code[3] == 0.5f);
  CHECK(harness.app.state<CodeState>().code[4] == sample_value(4));
}

TEST_CASE("code: mean and random set every unit, and random codes are new ones each time") {
  Harness harness;
  feed_code(harness, 32);
  open_code(harness, 32);
  REQUIRE(harness.click("code:mean"));
  CHECK(harness.app.state<CodeState>().code == session::Floats(32, 0.5f));
  REQUIRE(harness.click("code:random"));
  const session::Floats first = harness.app.state<CodeState>().code;
  REQUIRE(harness.click("code:random"));
  CHECK(harness.app.state<CodeState>().code != first);
  const auto ranges = unit_ranges(harness.app.store());
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i] >= ranges[i].low);
    CHECK(first[i] <= ranges[i].high);
  }
  CHECK(random_code(ranges, false, 1) == first);
}

TEST_CASE("code: more units than fit come in pages") {
  Harness harness;
  feed_code(harness, 300);
  open_code(harness, 300);
  CHECK_FALSE(harness.widget("code:unit:0").empty());
  CHECK(harness.widget("code:unit:0").w >= 7.9f);
  CHECK(harness.widget("code:unit:299").empty());
  REQUIRE(harness.click("code:page_next"));
  CHECK(harness.widget("code:unit:0").empty());
  const int second = harness.app.state<CodeState>().first_unit;
  CHECK(second > 0);
  CHECK_FALSE(harness.widget("code:unit:" + std::to_string(second)).empty());
  for (int i = 0; i < 100; ++i) harness.click("code:page_next");
  CHECK_FALSE(harness.widget("code:unit:299").empty());
  for (int i = 0; i < 100; ++i) harness.click("code:page_previous");
  CHECK_FALSE(harness.widget("code:unit:0").empty());
}

TEST_CASE("code: pages hold every unit once") {
  for (const int units : {1, 2, 10, 32, 100, 128, 1568}) {
    for (const float width : {90.0f, 240.0f, 330.0f, 700.0f}) {
      int next = 0;
      while (next < units) {
        const BarPage page = bar_page(units, next, width, 8);
        CAPTURE(units);
        CAPTURE(width);
        REQUIRE(page.first == next);
        REQUIRE(page.count > 0);
        CHECK(static_cast<float>(page.per_page) * 8 <= std::max(8.0f, width));
        next += page.count;
      }
      CHECK(next == units);
    }
  }
  CHECK(bar_page(128, 70, 32 * 8, 8).first == 64);
  CHECK(bar_page(0, 0, 100, 8).count == 0);
}

TEST_CASE("code: on a phone bars are wide enough for a finger") {
  Harness harness(390, 844);
  feed_code(harness, 32);
  harness.settle();
  harness.move(195, 500);
  harness.wheel(-100);
  REQUIRE(harness.click("tab:code"));
  harness.app.receive(code_snapshot(32));
  harness.settle();
  CHECK(harness.widget("code:unit:0").w >= 22);
  CHECK(harness.widget("code:page_next").h >= 40);
  for (const char* id :
       {"code:image", "code:original", "code:sample", "code:mean", "code:random"}) {
    CAPTURE(std::string(id));
    CHECK_FALSE(harness.widget(id).empty());
  }
}

TEST_CASE(
    "code: ranges have room where the activation function can go, and gaussian codes [-3, 3]") {
  Harness harness;
  feed_code(harness, 2, "gaussian", "linear");
  harness.settle();
  auto ranges = unit_ranges(harness.app.store());
  REQUIRE(ranges.size() == 2);
  CHECK(ranges[0].low == -3);
  CHECK(ranges[0].high == 3);
  CHECK(ranges[0].mean == 0);
  CHECK(gaussian_code(harness.app.store()));

  feed_code(harness, 2, "dense", "sigmoid");
  CHECK(unit_ranges(harness.app.store()).empty());
  session::Snapshot snapshot;
  snapshot.code_ranges = std::make_shared<const session::Floats>(
      session::Floats{0.01f, 0.99f, 0.4f, 0.5f, 0.5f, 0.5f});
  harness.app.receive(snapshot);
  ranges = unit_ranges(harness.app.store());
  REQUIRE(ranges.size() == 2);
  CHECK(ranges[0].low == 0);
  CHECK(ranges[0].high == 1);
  CHECK(ranges[0].mean == 0.4f);
  CHECK(ranges[1].low < ranges[1].high);  // also a unit that never changed can be moved

  // A code on its way to infinity: the span of its values is no number any more.
  constexpr float kMost = std::numeric_limits<float>::max();
  snapshot.code_ranges =
      std::make_shared<const session::Floats>(session::Floats{-kMost, kMost, 0, -kMost, -kMost, 1});
  harness.app.receive(snapshot);
  for (const UnitRange& range : unit_ranges(harness.app.store())) {
    CHECK(std::isfinite(range.high - range.low));
    CHECK(std::isfinite(bar_position(range, kMost)));
  }
}

TEST_CASE("code: a gaussian code's random numbers are normal") {
  const std::vector<UnitRange> ranges(20000);
  const session::Floats code = random_code(ranges, true, 7);
  double sum = 0, squares = 0;
  for (const float value : code) {
    REQUIRE(std::isfinite(value));
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  CHECK(std::abs(sum / 20000) < 0.03);
  CHECK(squares / 20000 == doctest::Approx(1).epsilon(0.05));
}

TEST_CASE("code: a mark stands for every value and for their order") {
  const session::Floats one{1, 2, 3}, other{1, 2, 4};
  const auto mark = [](const session::Floats& code, int revision) {
    return Mark().add(revision).add(std::span(code)).value();
  };
  CHECK(mark(one, 1) == mark(one, 1));
  CHECK(mark(one, 1) != mark(other, 1));
  CHECK(mark(one, 1) != mark(one, 2));
  CHECK(Mark().add(1).add(2).value() != Mark().add(2).add(1).value());
  CHECK(mark({}, 0) != 0);
}

TEST_CASE("code: pictures of another data set are not shown under the new one") {
  Harness harness;
  feed_code(harness, 32);
  open_code(harness, 32);
  const auto asked = std::find_if(
      harness.commands.rbegin(), harness.commands.rend(),
      [](const auto& command) { return std::holds_alternative<session::Decode>(command.body); });
  REQUIRE(asked != harness.commands.rend());
  harness.app.receive(session::Reply{asked->id, session::Floats(784, 0.5f), {}});
  harness.settle();
  CHECK(harness.app.requests().answer(Query::kCode).tag != 0);
  session::DataReady other;
  other.name = "fashion-mnist";
  other.rows = other.columns = 28;
  harness.app.receive(other);
  harness.settle();
  CHECK(harness.app.requests().answer(Query::kCode).tag == 0);
  CHECK(harness.app.requests().answer(Query::kCode).images.empty());
}

TEST_CASE("code: what is no number is shown at the bottom and has not been moved by anybody") {
  Harness harness;
  feed_code(harness, 32);
  open_code(harness, 32);
  session::Floats numbers(784 + 5 + 32 + 784, std::numeric_limits<float>::quiet_NaN());
  session::Snapshot snapshot;
  snapshot.activations = std::make_shared<const session::Floats>(std::move(numbers));
  harness.app.receive(snapshot);
  harness.settle();
  const Rect bar = harness.widget("code:unit:0");
  REQUIRE_FALSE(bar.empty());
  harness.move(bar.x + bar.w / 2, bar.y + bar.h / 2);
  CHECK_FALSE(harness.app.state<CodeState>().edited);
}

TEST_CASE(
    "code: the picture is asked for again when training has moved on, and not while it waits") {
  Harness harness;
  feed_code(harness, 32);
  open_code(harness, 32);
  const int asked = harness.sent<session::Decode>();
  for (int i = 0; i < 5; ++i) harness.frame();
  CHECK(harness.sent<session::Decode>() == asked);
  session::Snapshot snapshot = code_snapshot(32);
  snapshot.reconstructed = std::make_shared<const session::Bytes>(784 * 20, std::uint8_t{9});
  harness.app.receive(snapshot);
  harness.settle();
  CHECK(harness.sent<session::Decode>() == asked + 1);
}

}  // namespace
}  // namespace hourglass::ui
