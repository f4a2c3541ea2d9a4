// The panel about documents as a person uses it, and the other panels where the data are documents.
// An engine answers, so that what is asked is what it understands.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "core/text/corpus.h"
#include "tests/support/texts_session.h"
#include "tests/ui/harness.h"
#include "ui/documents/documents_state.h"
#include "ui/latent_map/map_geometry.h"

namespace hourglass::ui {
namespace {

constexpr std::pair<float, float> kSizes[] = {{1280, 800}, {800, 600}, {390, 844}};

// The front end with an engine behind it.
class Playground : public Harness {
 public:
  explicit Playground(float width = 1280, float height = 800) : Harness(width, height) {
    options_.threads = 1;
    options_.engine_name = "test";
    options_.clock = [this] { return now_ += std::chrono::milliseconds(1); };
    engine_ = std::make_unique<session::Session>(options_);
    turn();
  }

  // Lets both do what they have to do.
  void turn(int most = 400) {
    bool more = true;
    while (more && most-- > 0) {
      for (; next_ < commands.size(); ++next_) engine_->handle(commands[next_]);
      more = engine_->advance(std::chrono::milliseconds(5));
      for (session::Event& event : engine_->take_events()) {
        if (const auto* wanted = std::get_if<session::DataWanted>(&event)) {
          CHECK(wanted->name == "texts");
          engine_->handle({0, tests::built_in_texts()});
        }
        if (const auto* failure = std::get_if<session::Failure>(&event)) {
          failures.push_back(failure->message);
        }
        app.receive(std::move(event));
      }
      settle(4);
      more = more || next_ < commands.size();
    }
  }
  void send(session::Command command) {
    engine_->handle(std::move(command));
    turn();
  }
  bool click(const std::string& id) {
    const bool there = Harness::click(id);
    turn();
    return there;
  }
  // The preset for documents, with few words and trained for some steps.
  void use_texts(std::int64_t steps) {
    send({0, session::LoadPreset{"text-quick"}});
    send({0, session::SetSetting{"data.vocabulary", std::int64_t{500}}});
    if (steps > 0) send({0, session::Step{steps}});
  }
  void open_documents() {
    REQUIRE(click("workspace.applications"));
    REQUIRE(click("tab:documents"));
    turn();
  }

  std::vector<std::string> failures;

 private:
  std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
  session::SessionOptions options_;
  std::unique_ptr<session::Session> engine_;
  std::size_t next_ = 0;
};

bool lies_in(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x - 0.5f && inner.right() <= outer.right() + 0.5f &&
         inner.y >= outer.y - 0.5f && inner.bottom() <= outer.bottom() + 0.5f;
}

}  // namespace

TEST_CASE("documents: with images the panel says what it is for, and offers texts to train on") {
  Playground playground;
  playground.open_documents();
  CHECK(playground.last<session::StartJob>() == nullptr);
  REQUIRE(playground.click("documents:preset"));
  playground.turn(4000);
  CHECK(playground.last<session::LoadPreset>()->name == "text-quick");
  CHECK(!playground.widget("documents:map").empty());
  CHECK(playground.failures.empty());
}

TEST_CASE("documents: the map, the query and the curve are there on every screen") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Playground playground(width, height);
    playground.use_texts(20);
    playground.open_documents();
    CHECK(playground.last<session::StartJob>()->kind == "documents");
    const Rect map = playground.widget("documents:map");
    CHECK(map.w > 150);
    CHECK(map.h > 150);
    CHECK(!playground.widget("documents:query").empty());
    CHECK(!playground.widget("documents:query").overlaps(map));
    CHECK(lies_in(map, {0, 0, width, height}));
    CHECK(playground.failures.empty());
    if (width > 700) {
      const Rect plot = playground.widget("plot:documents");
      CHECK(plot.w > 60);
      CHECK(!plot.overlaps(map));
    }
  }
}

TEST_CASE("documents: what is typed is found while it is typed, in either language") {
  Playground playground;
  playground.use_texts(100);
  playground.open_documents();
  REQUIRE(playground.click("documents:query"));
  CHECK(playground.app.wants_words());
  ImGui::GetIO().AddInputCharactersUTF8("望远镜");
  playground.app.note_input();
  playground.turn();
  CHECK(!playground.widget("documents:near:0").empty());
  CHECK(!playground.widget("documents:near:9").empty());
  CHECK(!playground.widget("documents:at").empty());
  CHECK(!playground.widget("documents:expected").empty());
  CHECK(playground.last<session::AskJob>()->arguments.find("望远镜") != std::string::npos);
  // What is found has come below the field, and typing goes on.
  CHECK(playground.app.wants_text());
  playground.type(" star");
  playground.turn();
  CHECK(playground.last<session::AskJob>()->arguments.find("望远镜 star") != std::string::npos);
  // Nobody knows these.
  playground.type("qwrtp");
  playground.key(ImGuiKey_Enter);
  playground.turn();
  REQUIRE(playground.click("documents:query"));
  playground.type("zzyzx");
  playground.turn();
  CHECK(!playground.widget("documents:nowhere").empty());
  CHECK(playground.widget("documents:near:0").empty());
  playground.key(ImGuiKey_Escape);
  playground.turn();
  CHECK(playground.failures.empty());
}

TEST_CASE("documents: a click on the map asks for what is there, and one in the list for that") {
  Playground playground;
  playground.use_texts(60);
  playground.open_documents();
  const Rect map = playground.widget("documents:map");
  // A corner of the map is far from any document.
  playground.move(map.x + 3, map.bottom() - 3);
  playground.press(true);
  playground.press(false);
  playground.turn();
  CHECK(playground.last<session::AskJob>()->arguments.find("place") != std::string::npos);
  CHECK(!playground.widget("documents:expected").empty());
  REQUIRE(playground.click("documents:near:2"));
  CHECK(playground.last<session::AskJob>()->arguments.find("document") != std::string::npos);
  // The document that was asked for is under the pointer where the cross is, and shows its words.
  const Rect at = playground.widget("documents:at");
  REQUIRE(!at.empty());
  playground.move(at.x + at.w / 2, at.y + at.h / 2);
  playground.turn();
  CHECK(!playground.widget("documents:card").empty());
  CHECK(lies_in(playground.widget("documents:card"), map));
  CHECK(playground.failures.empty());
}

TEST_CASE("documents: the map follows the network, and a new network gets a new job") {
  Playground playground;
  playground.use_texts(0);
  playground.open_documents();
  const std::uint64_t first = playground.last<session::StartJob>()->job;
  const int asked = playground.sent<session::AskJob>();
  playground.send({0, session::Step{5}});
  playground.turn();
  CHECK(playground.sent<session::AskJob>() > asked);
  CHECK(playground.last<session::AskJob>()->arguments.find("\"refresh\":5") != std::string::npos);
  playground.send({0, session::Reset{}});
  playground.turn();
  CHECK(playground.last<session::StartJob>()->job != first);
  CHECK(!playground.widget("documents:map").empty());
  // It is started once for each.
  const int started = playground.sent<session::StartJob>();
  playground.turn();
  CHECK(playground.sent<session::StartJob>() == started);
  CHECK(playground.failures.empty());
}

TEST_CASE("documents: every panel of the program shows them or says that it does not") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Playground playground(width, height);
    playground.use_texts(10);
    for (const char* tab : {"curves", "weights", "code", "training", "runs", "latent"}) {
      CAPTURE(tab);
      playground.click("tab:" + std::string(tab));
    }
    REQUIRE(playground.click("workspace.applications"));
    for (const char* tab : {"pca", "tsne", "search", "generate", "anomaly", "compress", "sweep",
                            "compare", "documents"}) {
      CAPTURE(tab);
      REQUIRE(playground.click("tab:" + std::string(tab)));
      // None of what they have for images.
      CHECK(playground.widget(std::string(tab) + ":start").empty() == (std::string(tab) != "tsne"));
    }
    CHECK(playground.failures.empty());
  }
}

TEST_CASE("documents: words in and words expected stand where images are drawn, to be clicked") {
  for (const auto& [width, height] : kSizes) {
    CAPTURE(width);
    Playground playground(width, height);
    playground.use_texts(10);
    const Rect first = playground.widget("image:0");
    REQUIRE(!first.empty());
    CHECK(first.w > 150);
    CHECK(playground.widget("difference").empty());
    CHECK(playground.widget("pca_row").empty());
    if (!playground.widget("image:1").empty()) {
      CHECK(!first.overlaps(playground.widget("image:1")));
      REQUIRE(playground.click("image:1"));
      CHECK(playground.last<session::SetSetting>()->key == "view.sample");
    }
    CHECK(playground.failures.empty());
  }
}

}  // namespace hourglass::ui
