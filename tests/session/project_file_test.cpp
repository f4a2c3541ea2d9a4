// A run with its data in one file.
#include "core/session/export/project_file.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/data/sources/dataset_file.h"
#include "core/data/split.h"
#include "core/formats/zip.h"
#include "core/formats/zip_writer.h"
#include "tests/data/expect_error.h"
#include "tests/support/session_driver.h"

using namespace hourglass;
using namespace hourglass::session;
using namespace hourglass::tests;

namespace {

// A table of four numbers, which differ by `seed`.
Bytes own_samples(int seed) {
  std::vector<float> values;
  for (int i = 0; i < 240; ++i) values.push_back(static_cast<float>((i * seed) % 17));
  Dataset data;
  data.name = "mine.csv";
  data.shape = {1, 1, 4};
  split_samples(Samples(4, std::move(values)), "mine.csv", data);
  return dataset_to_bytes(data);
}

ProvideData own(Bytes samples) {
  ProvideData data;
  data.name = "own";
  data.samples = std::move(samples);
  return data;
}

Bytes checkpoint_of(Driver& driver) {
  driver.send(SaveCheckpoint{}, 1);
  driver.settle();
  return driver.replies.back().checkpoint;
}

// What is behind the header, in which points of curves may be grouped otherwise.
Bytes arrays_of(const Bytes& checkpoint) {
  std::size_t header = 0;
  for (std::size_t i = 8; i-- > 0;) header = header << 8 | checkpoint[i];
  return {checkpoint.begin() + static_cast<std::ptrdiff_t>(8 + header), checkpoint.end()};
}

void use_own(Driver& driver, int seed) {
  driver.set("model.decoder", std::string(R"([{"type":"dense","units":"input"}])"));
  driver.set("model.loss", std::string("mse"));
  driver.send(own(own_samples(seed)));
  driver.settle();
  REQUIRE(driver.data.name == "mine.csv");
}

}  // namespace

TEST_CASE("project: what goes in comes out, and people can read it") {
  Driver driver;
  driver.run_epochs(1);
  const Project project{checkpoint_of(driver), own_samples(3)};
  const Bytes file = write_project(project);
  CHECK(is_project(std::span(file).first(kProjectHeadBytes)));
  const Project read = read_project(file, "it");
  CHECK(read.checkpoint == project.checkpoint);
  CHECK(read.samples == project.samples);
  const ZipArchive archive(file, "it");
  for (const char* name : {"project.json", "history.csv", "curves.svg"}) {
    CHECK(std::ranges::count(archive.entries(), name, &ZipArchive::Entry::path) == 1);
  }
  CHECK(read_project(write_project({project.checkpoint, {}}), "it").samples.empty());
}

TEST_CASE("project: what is none is refused in a sentence") {
  const auto zip = [](const std::string& name, const std::string& text) {
    const ZipMember member{name, Bytes(text.begin(), text.end())};
    return write_zip(std::span(&member, 1));
  };
  CHECK_FALSE(is_project(zip("other.json", "{}")));
  CHECK_FALSE(is_project({}));
  CHECK(contains(error_of([&] { read_project(zip("other.json", "{}"), "a.zip"); }),
                 "'a.zip' is no project"));
  CHECK(contains(error_of([&] { read_project(zip("project.json", "[1]"), "a.zip"); }),
                 "does not say so"));
  CHECK(contains(
      error_of([&] {
        read_project(zip("project.json", R"({"format":"hourglass.project","version":2})"), "a.zip");
      }),
      "newer version"));
  CHECK(contains(
      error_of([&] {
        read_project(zip("project.json", R"({"format":"hourglass.project","version":1})"), "a.zip");
      }),
      "model.safetensors is not in it"));
  CHECK_THROWS_AS(read_project({1, 2, 3}, "it"), Error);
  CHECK_THROWS_AS(write_project({{1, 2, 3}, {}}), Error);
}

TEST_CASE("project: it opens to the same state, whatever there was before") {
  Driver first;
  use_own(first, 3);
  first.run_epochs(2);
  const Bytes saved = checkpoint_of(first);

  // The session has other data of a person's own, and asks for those of the project.
  Driver second;
  use_own(second, 5);
  second.wanted.clear();
  second.send(LoadCheckpoint{saved}, 7);
  second.settle();
  REQUIRE(second.wanted == std::vector<std::string>{"own"});
  second.send(own(own_samples(3)));
  second.settle();
  CHECK(second.failures.empty());
  CHECK(checkpoint_of(second) == saved);
  // Both go on with equal bits.
  for (Driver* driver : {&first, &second}) {
    driver->send(Step{5});
    driver->settle();
  }
  CHECK(arrays_of(checkpoint_of(first)) == arrays_of(checkpoint_of(second)));
}

TEST_CASE("project: who has no other data says so, and what was there stays") {
  Driver first;
  use_own(first, 3);
  first.run_epochs(1);
  const Bytes saved = checkpoint_of(first);
  Driver second;
  use_own(second, 5);
  second.send(LoadCheckpoint{saved}, 7);
  second.settle();
  second.send(own(own_samples(5)));  // all that there is
  second.settle();
  REQUIRE_FALSE(second.failures.empty());
  CHECK(second.failures.back().message.find("mine.csv") != std::string::npos);
  CHECK(second.data.name == "mine.csv");
  second.send(Step{1});
  second.settle();
  CHECK(second.status.step >= 1);
}
