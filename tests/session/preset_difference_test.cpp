// Settings as a preset and what differs from it: what was told gives equal settings again.
#include "core/session/settings/preset_difference.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "core/session/settings/presets.h"
#include "native/platform/train_command.h"

using namespace hourglass;
using namespace hourglass::session;

namespace {

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
    i += 2;
  }
  return out;
}

// As the page reads its address.
Settings opened(const std::string& query) {
  Settings settings;
  std::size_t start = 0;
  while (start < query.size()) {
    const std::size_t end = std::min(query.find('&', start), query.size());
    const std::string part = query.substr(start, end - start);
    const std::size_t sign = part.find('=');
    REQUIRE(sign != part.npos);
    const std::string key = part.substr(0, sign), value = unescaped(part.substr(sign + 1));
    if (key == "preset") {
      apply_preset(find_preset(value), settings);
    } else {
      settings.set(key == "data" ? "data.set" : key, value);
    }
    start = end + 1;
  }
  return settings;
}

void check_same(const Settings& a, const Settings& b) {
  for (const Setting& setting : settings_table()) {
    if (setting.scope == Scope::kMachine || setting.key == "view.tiles") continue;
    CAPTURE(std::string(setting.key));
    CHECK(a.get(setting.key) == b.get(setting.key));
  }
}

Value random_value(const Setting& setting, std::mt19937& random) {
  const double share = std::uniform_real_distribution<double>(0, 1)(random);
  const double number = setting.low + share * (setting.high - setting.low);
  switch (setting.type) {
    case SettingType::kBool:
      return share < 0.5;
    case SettingType::kInteger:
      return static_cast<std::int64_t>(number);
    case SettingType::kReal:
      return number;
    case SettingType::kChoice:
      return std::string(setting.choices()[static_cast<std::size_t>(
          share * 0.999 * static_cast<double>(setting.choices().size()))]);
    case SettingType::kText:
      return std::string(share < 0.5 ? R"([{"type":"dense","units":7}])" : "a&b=c #%+ü\"'");
  }
  return false;
}

}  // namespace

TEST_CASE("link: initial settings need none, and a preset its name and the data that stay") {
  Settings settings;
  CHECK(link_query(settings).empty());
  settings.set("train.threads", std::int64_t{3});
  settings.set("view.tiles", std::string("inputs"));
  CHECK(link_query(settings).empty());
  settings.set("train.learning_rate", 0.5);
  CHECK(link_query(settings) == "train.learning_rate=0.5");
  apply_preset(find_preset("deep"), settings);
  CHECK(link_query(settings) == "preset=deep");
  settings.set("data.set", std::string("strokes"));
  settings.set("train.seed", std::int64_t{9});
  CHECK(link_query(settings) == "preset=deep&data=strokes&train.seed=9");
}

TEST_CASE("link: opened, every preset and any change of it give equal settings") {
  std::mt19937 random(7);
  for (const Preset& preset : presets()) {
    CAPTURE(preset.name);
    Settings settings;
    apply_preset(preset, settings);
    CHECK(link_query(settings).size() <= 8 + preset.name.size());
    check_same(opened(link_query(settings)), settings);
    for (int changes = 1; changes <= 6; ++changes) {
      for (int i = 0; i < changes; ++i) {
        const auto table = settings_table();
        const Setting& setting = table[random() % table.size()];
        const Value value = random_value(setting, random);
        if (value != Value(std::string("own"))) settings.set(setting.key, value);
      }
      check_same(opened(link_query(settings)), settings);
    }
  }
}

TEST_CASE("link: it has no characters at which a chat or a mail would break it") {
  Settings settings;
  settings.set("model.encoder", std::string(R"([{"type":"dense","units":64},{"units":3}])"));
  const std::string query = link_query(settings);
  CHECK(query.find_first_of(" \"'<>[]{}#+") == query.npos);
}

TEST_CASE("link: a person's own data stay out of it, with what was said about them") {
  Settings settings;
  apply_preset(find_preset("deep"), settings);
  settings.set("data.set", std::string("own"));
  settings.set("data.label", std::string("species"));
  CHECK(link_query(settings) == "preset=deep");
}

TEST_CASE("command line: a preset, the data, and what of the run differs, in a shell's words") {
  Settings settings;
  apply_preset(find_preset("deep"), settings);
  CHECK(train_command(settings) == "hourglass train --preset deep --data mnist");
  settings.set("data.set", std::string("strokes"));
  settings.set("train.learning_rate", 0.5);
  settings.set("view.noise.level", 0.7);  // of the screen
  settings.set("penalty.weight_l2", 1e-5);
  CHECK(train_command(settings) ==
        "hourglass train --preset deep --data strokes --set penalty.weight_l2=1e-05 "
        "train.learning_rate=0.5");
  Settings layers;
  layers.set("model.encoder", std::string(R"([{"units":3}])"));
  CHECK(train_command(layers) ==
        R"(hourglass train --preset quick --data strokes --set 'model.encoder=[{"units":3}]')");
  layers.set("data.set", std::string("own"));
  CHECK(train_command(layers).find(" --data PATH ") != std::string::npos);
}
