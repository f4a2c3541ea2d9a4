#include "ui/state/store.h"

#include <doctest/doctest.h>

namespace hourglass::ui {
namespace {

// What the engine says of a run that it keeps.
session::RunKept kept_run(std::uint64_t number, std::uint64_t present) {
  session::RunKept kept;
  kept.run = number;
  kept.present = present;
  kept.data = "strokes";
  kept.network.input_features = 784;
  return kept;
}

template <typename T>
session::Shared<std::vector<T>> shared(std::vector<T> values) {
  return std::make_shared<const std::vector<T>>(std::move(values));
}

TEST_CASE("store: settings are kept by key, a change replaces only what it names") {
  Store store;
  reduce(store,
         session::SettingsChanged{{{"noise.level", 0.5}, {"noise.kind", std::string("none")}}});
  reduce(store, session::SettingsChanged{{{"noise.level", 0.25}}});
  CHECK(number_setting(store, "noise.level", -1) == 0.25);
  CHECK(text_setting(store, "noise.kind", "?") == "none");
  CHECK(number_setting(store, "noise.kind", -1) == -1);
  CHECK(text_setting(store, "absent", "?") == "?");
}

TEST_CASE("store: points of the curves are appended, and dropped by a restart") {
  Store store;
  reduce(store, session::History{false, {{1, 0.1, 0.7}, {2, 0.2, 0.6}}, {}});
  reduce(store, session::History{false, {{3, 0.3, 0.5}}, {}});
  REQUIRE(store.losses.items().size() == 3);
  CHECK(store.losses.items()[2].loss == 0.5);
  reduce(store, session::History{true, {{1, 0.1, 0.9}}, {}});
  REQUIRE(store.losses.items().size() == 1);
  CHECK(store.losses.items()[0].loss == 0.9);
  CHECK(store.epochs.empty());
}

TEST_CASE(
    "store: a run of any length is kept in as many points, means of as many neighbours each") {
  Store store;
  constexpr int kPoints = 100'001;  // 8192 hold 16 each
  for (int i = 1; i <= kPoints; ++i) {
    reduce(store,
           session::History{false, {{i, i / 100.0, i % 2 ? 1.0 : 3.0, i % 2 ? 0.0 : 1.0}}, {}});
    session::EpochMetrics epoch;
    epoch.epoch = i;
    reduce(store, session::History{false, {}, {epoch}});
  }
  const auto losses = store.losses.items();
  CHECK(store.losses.per_item() == 16);
  CHECK(losses.size() == (kPoints + 15) / 16);
  for (std::size_t i = 0; i + 1 < losses.size(); ++i) {
    REQUIRE(losses[i].step == 16 * (static_cast<std::int64_t>(i) + 1));
    REQUIRE(losses[i].loss == doctest::Approx(2).epsilon(1e-9));
    REQUIRE(losses[i].penalty == doctest::Approx(0.5).epsilon(1e-9));
  }
  CHECK(losses.back().loss == 1);
  CHECK(store.losses.newest().step == kPoints);
  const auto epochs = store.epochs.items();
  CHECK(epochs.size() <= Epochs::kMaxItems);
  CHECK(epochs.front().epoch == 32);
  CHECK(epochs.back().epoch == kPoints);
}

TEST_CASE(
    "store: parts of a snapshot that did not change stay, and only changed parts count as new") {
  Store store;
  session::Snapshot first;
  first.step = 1;
  first.image_count = 1;
  first.originals = shared<std::uint8_t>({1, 2});
  first.reconstructed = shared<std::uint8_t>({3, 4});
  reduce(store, first);
  CHECK(store.snapshot_waiting);
  const auto before = store.revisions;
  session::Snapshot second;
  second.step = 2;
  second.image_count = 1;
  second.reconstructed = shared<std::uint8_t>({5, 6});
  reduce(store, second);
  CHECK(store.snapshot.step == 2);
  REQUIRE(store.snapshot.originals);
  CHECK((*store.snapshot.originals)[0] == 1);
  CHECK((*store.snapshot.reconstructed)[0] == 5);
  CHECK(store.revisions.originals == before.originals);
  CHECK(store.revisions.reconstructed == before.reconstructed + 1);
  CHECK(store.revisions.map == before.map);
}

TEST_CASE("store: a new data set takes away pictures and points of the one before") {
  Store store;
  session::Snapshot snapshot;
  snapshot.image_count = 1;
  snapshot.originals = shared<std::uint8_t>({1});
  snapshot.map_points = shared<float>({1, 2});
  reduce(store, snapshot);
  const auto before = store.revisions;
  session::DataReady data;
  data.name = "mnist";
  reduce(store, data);
  CHECK_FALSE(store.snapshot.originals);
  CHECK_FALSE(store.snapshot.map_points);
  CHECK(store.snapshot.image_count == 0);
  CHECK(store.revisions.originals > before.originals);
  CHECK(store.revisions.map > before.map);
}

TEST_CASE("store: loading begins with DataWanted and ends with the data or when the wait is over") {
  Store store;
  reduce(store, session::DataWanted{"mnist"});
  CHECK(store.loading == "mnist");
  CHECK(store.loading_fraction < 0);
  reduce_data_progress(store, "mnist", 0.5);
  CHECK(store.loading_fraction == 0.5);
  reduce_data_progress(store, "fashion-mnist", 0.9);  // of a set that nobody waits for any more
  CHECK(store.loading_fraction == 0.5);
  SUBCASE("by the data") {
    session::DataReady data;
    data.name = "mnist";
    reduce(store, data);
    CHECK(store.loading.empty());
  }
  SUBCASE("by a failure") {
    session::Status status;
    status.phase = session::Phase::kWaitingForData;
    reduce(store, status);
    CHECK(store.loading == "mnist");
    status.phase = session::Phase::kPaused;
    reduce(store, status);
    CHECK(store.loading.empty());
  }
}

TEST_CASE(
    "store: failures become notices, the same one twice in a row stays one, and they are bounded") {
  Store store;
  reduce(store, session::Failure{0, "one"});
  reduce(store, session::Failure{0, "one"});
  REQUIRE(store.notices.size() == 1);
  CHECK(store.notices[0].serial == 2);
  for (int i = 0; i < 100; ++i) reduce(store, session::Failure{0, std::to_string(i)});
  CHECK(store.notices.size() <= 20);
  CHECK(store.notices.back().message == "99");
  CHECK(store.notices.back().serial == store.notices_so_far);
}

TEST_CASE(
    "store: a restart keeps the run that ends, thinned, newest first, and not without points") {
  Store store;
  reduce(store, session::History{true, {}, {}});
  CHECK(store.runs.empty());
  session::History history;
  for (int i = 0; i < 5000; ++i) history.losses.push_back({i, i / 100.0, i < 2500 ? 1.0 : 3.0});
  for (int i = 1; i <= 1000; ++i) {
    session::EpochMetrics epoch;
    epoch.epoch = i;
    epoch.test_loss = 1.0 / i;
    history.epochs.push_back(epoch);
  }
  reduce(store, history);
  reduce(store, session::History{true, {}, {}});
  REQUIRE(store.runs.size() == 1);
  const Run& run = store.runs[0];
  CHECK(run.losses.size() == kRunPoints);
  CHECK(run.epochs.size() == kRunPoints);
  CHECK(run.epochs.back().epoch == 1000);
  CHECK(run.losses.back().epoch == doctest::Approx(49.99));
  CHECK(run.losses.front().loss == doctest::Approx(1));
  CHECK(run.losses.back().loss == doctest::Approx(3));
  CHECK(store.curves.loss.empty());
  session::DataReady data;
  data.name = "mnist";
  reduce(store, data);
  CHECK(store.runs.size() == 1);
  for (int i = 0; i < 20; ++i) reduce(store, session::History{true, {{1, 0.1, 0.1 * i}}, {}});
  CHECK(store.runs.size() == kRunsKept);
  CHECK(store.runs.front().losses.front().loss == doctest::Approx(1.8));
  CHECK(store.runs.front().serial == store.runs_so_far);
}

// A run of one step that ends when run `next` begins.
void end_run(Store& store, std::uint64_t next, std::uint64_t goes_on_from = 0) {
  reduce(store, session::History{false, {{1, 0.1, 0.5}}, {}});
  reduce(store, session::History{true, {}, {}, next, goes_on_from});
}

TEST_CASE("store: a run that ends has the engine's number, and is kept where the engine says so") {
  Store store;
  reduce(store, session::History{true, {}, {}, 1});
  reduce(store, session::History{false, {{1, 0.1, 0.5}}, {}});
  reduce(store, kept_run(1, 1));
  CHECK(store.runs.empty());  // it is over when the next begins
  reduce(store, session::History{true, {}, {}, 2});
  REQUIRE(store.runs.size() == 1);
  CHECK(store.runs[0].number == 1);
  CHECK(is_kept(store, store.runs[0]));
  // Its parameters had to go, its curves have not.
  reduce(store, session::RunDropped{1, false});
  REQUIRE(store.runs.size() == 1);
  CHECK_FALSE(is_kept(store, store.runs[0]));
  reduce(store, session::RunDropped{1, true});
  CHECK(store.runs.empty());
}

TEST_CASE(
    "store: a run that is kept while it goes on, or comes from elsewhere, is listed at once") {
  Store store;
  reduce(store, session::History{true, {}, {}, 1});
  reduce(store, session::History{false, {{1, 0.1, 0.5}}, {}});
  session::RunKept kept = kept_run(1, 2);
  kept.settings = {{"train.seed", std::int64_t{7}}, {"view.images", std::int64_t{9}}};
  kept.losses = {{1, 0.1, 0.5, 0}};
  reduce(store, kept);
  REQUIRE(store.runs.size() == 1);
  CHECK(store.runs[0].number == 1);
  CHECK(store.runs[0].losses.size() == 1);
  CHECK(store.runs[0].terms.settings.contains("train.seed"));
  CHECK_FALSE(store.runs[0].terms.settings.contains("view.images"));
  CHECK(store.run == 2);
  // Untrained since then it is no other run.
  reduce(store, session::History{true, {}, {}, 3});
  CHECK(store.runs.size() == 1);
  kept.run = 4;
  kept.present = 3;
  reduce(store, kept);
  CHECK(store.runs.size() == 2);
  CHECK(store.run == 3);
  // One that goes on from it, and one that is trained further.
  reduce(store, session::History{true, {{1, 0.1, 0.5}}, {}, 5, 4});
  reduce(store, session::History{true, {{1, 0.1, 0.5}}, {}, 6, 4});
  CHECK(store.runs.size() == 2);
  end_run(store, 7);
  CHECK(store.runs.size() == 3);
}

TEST_CASE("store: kept runs stay listed while others come and go") {
  Store store;
  reduce(store, session::History{true, {}, {}, 1});
  reduce(store, kept_run(1, 1));
  for (std::uint64_t next = 2; next < 30; ++next) end_run(store, next);
  CHECK(store.runs.size() == kRunsKept + 1);
  CHECK(store.runs.back().number == 1);
}

TEST_CASE("store: another engine has nothing of the one before") {
  Store store;
  reduce(store, session::History{true, {}, {}, 1});
  reduce(store, kept_run(1, 1));
  end_run(store, 2);
  REQUIRE(store.kept.size() == 1);
  end_run(store, 1);
  CHECK(store.kept.empty());
  REQUIRE(store.runs.size() == 2);  // their curves are still there
  CHECK(store.runs[1].number == 0);
}

}  // namespace
}  // namespace hourglass::ui
