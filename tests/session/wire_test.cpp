#include "core/session/protocol/wire.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/formats/safetensors.h"
#include "core/math/random.h"

using namespace hourglass;
using namespace hourglass::session;

namespace {

Snapshot full_snapshot() {
  Snapshot snapshot;
  snapshot.step = 12;
  snapshot.epoch = 0.5;
  snapshot.image_count = 2;
  snapshot.image_indices =
      std::make_shared<std::vector<std::uint32_t>>(std::vector<std::uint32_t>{4, 4000000000u});
  snapshot.reconstructed = std::make_shared<Bytes>(Bytes{1, 2, 255});
  snapshot.map_points = std::make_shared<Floats>(Floats{0.5f, -1.25f});
  snapshot.code_ranges = std::make_shared<Floats>(Floats{-1.f, 1.f, 0.25f});
  snapshot.sample = 7;
  snapshot.activations = std::make_shared<Floats>(Floats{3.f});
  snapshot.tile_channels = 3;
  snapshot.tile_rows = 4;
  snapshot.tile_columns = 5;
  snapshot.tiles = std::make_shared<Bytes>(Bytes{128, 255});
  snapshot.layer_stats = std::make_shared<Floats>(Floats{0.f, 2.f});
  return snapshot;
}

// One of each command, with fields that are not the initial ones.
std::vector<Command> commands() {
  return {{1, SetSetting{"a.b", 0.1}},
          {2, SetSetting{"a.b", std::int64_t{5}}},
          {3, SetSetting{"a.b", std::string("中文 \"x\"")}},
          {4, SetSetting{"a.b", true}},
          {0, SetSettings{{{"a.b", 0.1}, {"c", std::string("x")}, {"d", std::int64_t{5}}}}},
          {0, GetImages{{0, 4000000000u}}},
          {0, LoadPreset{"deep"}},
          {0, session::Run{}},
          {0, Pause{}},
          {0, Step{17}},
          {0, FinishEpoch{}},
          {0, Reset{}},
          {0, NewSeed{}},
          {0, ProvideData{"mnist", {1, 2}, {3}, {4, 5, 6}, {}}},
          {0, DataFailed{"mnist", "gone"}},
          {9007199254740991u, Decode{{1.f, 2.f}}},
          {0, DecodeMap{{-1.f, 2.f}}},
          {0, SaveCheckpoint{}},
          {0, LoadCheckpoint{{9, 8}}},
          {0, SnapshotTaken{}},
          {7, StartJob{"pca", R"({"components":3})", 12}},
          {0, PauseJob{12}},
          {0, ResumeJob{13}},
          {0, CancelJob{9007199254740991u}},
          {0, AskJob{12, 3, R"({"image":5})"}},
          {0, KeepRun{}},
          {7, GetKeptRun{3}},
          {7, LoadKeptRun{3}},
          {0, DropKeptRun{9007199254740991u}},
          {7, AddKeptRun{{1, 2, 3}}},
          {0, ShowStep{-1}},
          {7, GoOnFromStep{120}}};
}

std::vector<Event> events() {
  NetworkInfo network{.layers = {{"encoder.0", "dense", "relu", {1, 1, 32}, 25120, 25088}},
                      .input_features = 784,
                      .code_layer = 0,
                      .code_size = 32,
                      .parameters = 50992,
                      .multiply_adds = 50176,
                      .engine = "AVX",
                      .threads = 2};
  DataReady data{.name = "strokes",
                 .channels = 1,
                 .rows = 28,
                 .columns = 28,
                 .train_count = 10,
                 .test_count = 2,
                 .class_names = {"0", "1"},
                 .map_points = 2,
                 .map_labels = {1, -1},
                 .factors = {{"slant", "degrees", -1.5f, 2.f}},
                 .map_factors = {0.25f, 0.75f}};
  return {
      SettingsChanged{{{"a", 0.5}, {"b", std::int64_t{3}}, {"c", std::string("x")}, {"d", false}}},
      network,
      Status{Phase::kFinished, 100, 2.5, 60000.0, {"model.loss"}},
      DataWanted{"mnist"},
      data,
      History{true, {{1, 0.1, 0.7, 0.2}}, {{1, .1, .01, .2, .02, .3, .4, .5, .6, .7, .8}}, 4, 3},
      full_snapshot(),
      Reply{5, {1.f}, {2}},
      Failure{6, "No."},
      Diagnoses{{{"dead_units", {20, 32}, "20 of the 32."}}},
      JobProgress{12, "pca", 0.25, "covariance", "Adding up", true},
      JobResult{12,
                "pca",
                7,
                true,
                R"({"components":3})",
                {{"mean", {2}, Floats{0.5f, -1.f}},
                 {"image_indices", {1}, std::vector<std::uint32_t>{4000000000u}},
                 {"reconstructed", {1, 2}, Bytes{0, 255}},
                 {"empty", {0, 2}, Floats{}}}},
      JobEnded{12, "pca", JobEnd::kOutdated, "Gone."},
      RunKept{.run = 3,
              .present = 4,
              .settings = {{"a", 0.5}, {"b", std::int64_t{3}}},
              .network = network,
              .data = "strokes",
              .data_hash = "00ff",
              .step = 100,
              .epoch = 2.5,
              .bytes = 2000000000,
              .losses = {{1, 0.1, 0.7, 0.2}},
              .epochs = {{1, .1, .01, .2, .02, .3, .4, .5, .6, .7, .8}}},
      RunDropped{3, true},
      Timeline{{0, 20, 40}, {0, 0.5, 1}, 20}};
}

// The bytes of a message whose fields are that JSON text.
Bytes message(const char* name, const std::string& fields) {
  Safetensors file;
  file.metadata = {{"message", name}, {"fields", fields}};
  return write_safetensors(file);
}

// Of a command that is refused: its id and what is said.
std::pair<std::uint64_t, std::string> refusal(const Bytes& bytes) {
  try {
    decode_command(bytes);
  } catch (const CommandError& error) {
    return {error.id(), error.what()};
  }
  return {0, "taken"};
}

}  // namespace

TEST_CASE("every message is the same after the way through bytes") {
  // Bytes determine messages, so a second encoding that equals the first says nothing was lost, as
  // long as the first holds everything; the fields are looked at one by one below.
  std::vector<bool> seen(std::variant_size_v<decltype(Command::body)>);
  for (const Command& command : commands()) {
    const Bytes bytes = encode(command);
    const Command back = decode_command(bytes);
    CHECK(back.id == command.id);
    CHECK(back.body.index() == command.body.index());
    CHECK(encode(back) == bytes);
    seen[command.body.index()] = true;
  }
  CHECK(std::find(seen.begin(), seen.end(), false) == seen.end());
  std::vector<bool> seen_events(std::variant_size_v<Event>);
  for (const Event& event : events()) {
    const Bytes bytes = encode(event);
    const Event back = decode_event(bytes);
    CHECK(back.index() == event.index());
    CHECK(encode(back) == bytes);
    seen_events[event.index()] = true;
  }
  CHECK(std::find(seen_events.begin(), seen_events.end(), false) == seen_events.end());
}

TEST_CASE("a job's arrays arrive under their names, with their types and shapes") {
  const auto result = std::get<JobResult>(decode_event(encode(events()[11])));
  CHECK(result.job == 12);
  CHECK(result.question == 7);
  CHECK(result.done);
  CHECK(result.fields == R"({"components":3})");
  REQUIRE(result.arrays.size() == 4);
  CHECK(result.arrays[0].name == "mean");
  CHECK(std::get<Floats>(result.arrays[0].values) == Floats{0.5f, -1.f});
  CHECK(std::get<std::vector<std::uint32_t>>(result.arrays[1].values) ==
        std::vector<std::uint32_t>{4000000000u});
  CHECK(result.arrays[2].shape == std::vector<std::int64_t>{1, 2});
  CHECK(std::get<Bytes>(result.arrays[2].values) == Bytes{0, 255});
  CHECK(result.arrays[3].shape == std::vector<std::int64_t>{0, 2});
  const auto ended = std::get<JobEnded>(decode_event(encode(events()[12])));
  CHECK(ended.reason == JobEnd::kOutdated);
  CHECK(ended.message == "Gone.");
}

TEST_CASE("fields arrive in their types") {
  const auto set = std::get<SetSetting>(decode_command(encode(commands()[0])).body);
  CHECK(set.key == "a.b");
  CHECK(std::get<double>(set.value) == 0.1);
  CHECK(std::get<std::int64_t>(
            std::get<SetSetting>(decode_command(encode(commands()[1])).body).value) == 5);
  CHECK(std::get<std::string>(
            std::get<SetSetting>(decode_command(encode(commands()[2])).body).value) ==
        "中文 \"x\"");
  CHECK(std::get<bool>(std::get<SetSetting>(decode_command(encode(commands()[3])).body).value));
  const auto data = std::get<ProvideData>(decode_command(encode(commands()[13])).body);
  CHECK(data.train_images == Bytes{1, 2});
  CHECK(data.test_labels.empty());
  const auto several = std::get<SetSettings>(decode_command(encode(commands()[4])).body).values;
  REQUIRE(several.size() == 3);
  CHECK(several[0] == std::pair<std::string, Value>{"a.b", 0.1});
  CHECK(several[1].second == Value(std::string("x")));
  CHECK(several[2].second == Value(std::int64_t{5}));
  CHECK(std::get<GetImages>(decode_command(encode(commands()[5])).body).indices ==
        std::vector<std::uint32_t>{0, 4000000000u});

  const auto network = std::get<NetworkInfo>(decode_event(encode(events()[1])));
  REQUIRE(network.layers.size() == 1);
  CHECK(network.layers[0].output_shape == std::vector<std::int64_t>{1, 1, 32});
  CHECK(network.layers[0].multiply_adds == 25088);
  CHECK(network.threads == 2);
  const auto status = std::get<Status>(decode_event(encode(events()[2])));
  CHECK(status.phase == Phase::kFinished);
  CHECK(status.pending_reset == std::vector<std::string>{"model.loss"});
  const auto ready = std::get<DataReady>(decode_event(encode(events()[4])));
  CHECK(ready.map_labels == std::vector<std::int32_t>{1, -1});
  CHECK(ready.factors[0].low == -1.5f);
  CHECK(ready.map_factors == Floats{0.25f, 0.75f});
  const auto history = std::get<History>(decode_event(encode(events()[5])));
  CHECK(history.restart);
  CHECK(history.epochs[0].images_per_second == .8);
  const auto diagnoses = std::get<Diagnoses>(decode_event(encode(events()[9])));
  REQUIRE(diagnoses.found.size() == 1);
  CHECK(diagnoses.found[0].kind == "dead_units");
  CHECK(diagnoses.found[0].evidence == std::vector<double>{20, 32});
  CHECK(diagnoses.found[0].sentence == "20 of the 32.");
  const auto snapshot = std::get<Snapshot>(decode_event(encode(events()[6])));
  CHECK((*snapshot.image_indices)[1] == 4000000000u);
  CHECK(*snapshot.map_points == Floats{0.5f, -1.25f});
  CHECK(*snapshot.code_ranges == Floats{-1.f, 1.f, 0.25f});
  CHECK(snapshot.sample == 7);
  CHECK(*snapshot.activations == Floats{3.f});
  CHECK(snapshot.tile_channels == 3);
  CHECK(snapshot.tile_rows == 4);
  CHECK(snapshot.tile_columns == 5);
  CHECK(*snapshot.tiles == Bytes{128, 255});
  CHECK(*snapshot.layer_stats == Floats{0.f, 2.f});
  CHECK(snapshot.originals == nullptr);  // unchanged stays unchanged
  CHECK(snapshot.image_labels == nullptr);
}

TEST_CASE("numbers that are not finite and text that is not UTF-8 get through") {
  Status status;
  status.epoch = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(std::get<Status>(decode_event(encode(Event(status)))).epoch));
  const auto failure = std::get<Failure>(decode_event(encode(Event(Failure{1, "bad \xff name"}))));
  CHECK(failure.message.starts_with("bad "));
}

TEST_CASE("bytes that are no message are refused") {
  CHECK_THROWS_AS(decode_command({}), Error);
  CHECK_THROWS_WITH_AS(decode_command(encode(Event(DataWanted{"x"}))),
                       doctest::Contains("data_wanted"), Error);
  const Bytes good = encode(commands()[13]);
  for (std::size_t length = 0; length < good.size(); ++length) {
    CHECK_THROWS_AS(decode_command({good.data(), length}), Error);
  }
  Random random(2, RandomStream::kTest, 0, 0);
  for (const Command& command : commands()) {
    const Bytes bytes = encode(command);
    for (int round = 0; round < 200; ++round) {
      Bytes broken = bytes;
      for (std::uint32_t i = random.below(4) + 1; i > 0; --i) {
        broken[random.below(static_cast<std::uint32_t>(broken.size()))] =
            static_cast<std::uint8_t>(random.bits());
      }
      try {
        decode_command(broken);
      } catch (const Error&) {
      }
    }
  }
}

TEST_CASE("a command that cannot be read is refused with its id and a sentence about the field") {
  struct Case {
    const char* name;
    const char* fields;
    const char* says;
  };
  for (const auto& [name, fields, says] :
       {Case{"set_setting", R"({"id":7,"key":"train.seed","value":null})", "'value'"},
        Case{"set_setting", R"({"id":7,"key":"train.seed","value":[1]})", "'value'"},
        Case{"set_setting", R"({"id":7,"key":"train.seed","value":{}})",
             "true, false, a number or text"},
        Case{"set_setting", R"({"id":7,"key":5,"value":1})", "'key'"},
        Case{"set_setting", R"({"id":7,"key":"train.seed"})", "has no field 'value'"},
        Case{"set_settings", R"({"id":7,"values":[["a",1]]})", "'values'"},
        Case{"set_settings", R"({"id":7,"values":null})", "'values'"},
        Case{"set_settings", R"({"id":7,"values":{"train.seed":null}})", "'train.seed'"},
        Case{"load_preset", R"({"id":7})", "has no field 'name'"},
        Case{"load_preset", R"({"id":7,"name":3})", "'name'"},
        Case{"step", R"({"id":7,"count":"x"})", "'count'"},
        Case{"step", R"({"id":7,"count":null})", "'count'"},
        Case{"step", R"({"id":7,"count":true})", "'count'"},
        Case{"step", R"({"id":7,"count":2.5})", "a whole number"},
        Case{"step", R"({"id":7,"count":1e300})", "a whole number"},
        Case{"step", R"({"id":7,"count":18446744073709551615})", "a whole number"},
        Case{"step", R"({"id":7})", "has no field 'count'"},
        Case{"data_failed", R"({"id":7,"name":"mnist","message":{}})", "'message'"},
        Case{"fly", R"({"id":7})", "There is no message 'fly'"}}) {
    CAPTURE(name);
    CAPTURE(fields);
    const auto [id, sentence] = refusal(message(name, fields));
    CHECK(id == 7);
    CHECK(sentence.find(says) != std::string::npos);
    CHECK(sentence.find("json.exception") == std::string::npos);
  }
  // An array of another type, with the id in the fields beside it.
  Safetensors file;
  file.metadata = {{"message", "get_images"}, {"fields", R"({"id":9})"}};
  const Floats indices{0.f};
  file.tensors.push_back({"indices", TensorType::kF32, {1}, bytes_of(indices)});
  CHECK(refusal(write_safetensors(file)).first == 9);
  // An id that is none is nobody's.
  for (const char* id : {"-1", "1.5", "\"7\"", "null", "1e300"}) {
    const auto [told, sentence] = refusal(message("run", std::string("{\"id\":") + id + "}"));
    CHECK(told == 0);
    CHECK(sentence.find("'id'") != std::string::npos);
  }
}

TEST_CASE("half a surrogate pair is read as the replacement character") {
  const auto name_of = [](const std::string& written) {
    const Command command =
        decode_command(message("load_preset", R"({"id":7,"name":")" + written + "\"}"));
    CHECK(command.id == 7);
    return std::get<LoadPreset>(command.body).name;
  };
  const std::string replaced = "\xEF\xBF\xBD";
  CHECK(name_of("a\\ud800") == "a" + replaced);
  CHECK(name_of("\\udc00b") == replaced + "b");
  CHECK(name_of("\\ud800\\ud83d\\ude00") == replaced + "\xF0\x9F\x98\x80");
  CHECK(name_of("\\ud800\\\\ud800\\n") == replaced + "\\ud800\n");
}

TEST_CASE("a value of more bits than a whole number has is told as it is") {
  const Command command = decode_command(
      message("set_setting", R"({"id":1,"key":"train.seed","value":18446744073709551615})"));
  CHECK(std::get<double>(std::get<SetSetting>(command.body).value) == 18446744073709551615.0);
}
