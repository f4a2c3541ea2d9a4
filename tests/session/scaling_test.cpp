// What a session shows is in pixels, whatever the model is given.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/formats/safetensors.h"
#include "core/session/engine/build.h"
#include "core/session/engine/session.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace std::chrono_literals;

namespace {

// A session on a few strokes with a model of linear outputs.
class Small {
 public:
  explicit Small(const char* scaling) {
    set("data.strokes_train", std::int64_t{300});
    set("data.strokes_test", std::int64_t{100});
    set("model.loss", std::string("mse"));
    set("model.encoder", std::string(R"([{"type":"dense","units":8}])"));
    set("model.decoder", std::string(R"([{"type":"dense","units":"input"}])"));
    set("data.scaling", std::string(scaling));
    settle();
  }

  void set(const char* key, Value value) { send(SetSetting{key, std::move(value)}); }
  template <typename Body>
  void send(Body body, std::uint64_t id = 0) {
    session.handle({id, std::move(body)});
    take();
  }
  void settle() {
    for (int i = 0; i < 10000 && session.advance(2ms); ++i) take();
    take();
  }

  Session session{{.threads = 1, .engine_name = "test"}};
  Snapshot shown;
  std::vector<Reply> replies;
  std::vector<Failure> failures;

 private:
  void take() {
    for (Event& event : session.take_events()) {
      if (auto* reply = std::get_if<Reply>(&event)) replies.push_back(*reply);
      if (auto* failure = std::get_if<Failure>(&event)) failures.push_back(*failure);
      if (auto* snapshot = std::get_if<Snapshot>(&event)) {
        if (snapshot->originals) shown.originals = snapshot->originals;
        if (snapshot->corrupted) shown.corrupted = snapshot->corrupted;
        if (snapshot->reconstructed) shown.reconstructed = snapshot->reconstructed;
        session.handle({0, SnapshotTaken{}});
      }
    }
  }
};

TEST_CASE("originals, noise and reconstructions are shown as pixels in every scaling") {
  Small unit("unit");
  for (const char* scaling : {"signed", "negative", "standardised"}) {
    CAPTURE(scaling);
    Small other(scaling);
    CHECK(other.failures.empty());
    CHECK(*other.shown.originals == *unit.shown.originals);
    for (Small* session : {&unit, &other}) {
      session->set("view.noise.kind", std::string("salt-and-pepper"));
      session->set("view.noise.level", 0.4);
      session->settle();
    }
    // The same pixels become the same black and white.
    CHECK(*other.shown.corrupted == *unit.shown.corrupted);
    CHECK(*other.shown.corrupted != *other.shown.originals);
  }
}

TEST_CASE("decoded images are in [0, 1] where the model's outputs are scaled") {
  // Untrained linear layers without bias decode the code 0 to 0, which is another grey in each
  // scale.
  for (const auto& [scaling, grey] : {std::pair{"unit", 0.0}, {"signed", 0.5}, {"negative", 1.0}}) {
    Small small(scaling);
    small.send(Decode{std::vector<float>(8, 0)}, 7);
    REQUIRE(small.replies.size() == 1);
    REQUIRE(small.replies[0].images.size() == 784);
    for (const float value : small.replies[0].images) {
      CHECK(static_cast<double>(value) == doctest::Approx(grey));
    }
  }
}

TEST_CASE("a checkpoint says how its inputs are scaled") {
  Small small("standardised");
  small.send(SaveCheckpoint{}, 1);
  REQUIRE(small.replies.size() == 1);
  const Bytes bytes = small.replies[0].checkpoint;
  const RunInfo info = read_run_info(read_safetensors(bytes, "it"), "it");
  REQUIRE(info.map.scale.size() == 1);
  CHECK(info.map.scale[0] > 1.5);
  CHECK(info.map.offset[0] < 0);
  CHECK(info.range.low == doctest::Approx(info.map.offset[0]));
  CHECK(info.range.high == doctest::Approx(info.map.offset[0] + info.map.scale[0]));
  // Another session takes its scaling up with it.
  Small other("unit");
  const auto before = other.shown.originals;
  other.send(LoadCheckpoint{bytes}, 2);
  other.settle();
  CHECK(other.failures.empty());
  other.send(SaveCheckpoint{}, 3);
  const RunInfo again =
      read_run_info(read_safetensors(other.replies.back().checkpoint, "it"), "it");
  CHECK(again.map == info.map);
  CHECK(again.settings.text("data.scaling") == "standardised");
  CHECK(*other.shown.originals == *before);
}

}  // namespace
