#include "ui/settings/setting_widget.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace hourglass::ui {
namespace {

using session::find_setting;
using session::Setting;
using session::Value;

double as_number(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  return std::get<double>(value);
}

bool is_number(const Setting& setting) {
  return setting.type == session::SettingType::kInteger ||
         setting.type == session::SettingType::kReal;
}

TEST_CASE("setting widgets: every number's slider reaches both ends and stays within the bounds") {
  for (const Setting& setting : session::settings_table()) {
    if (!is_number(setting)) continue;
    CAPTURE(setting.key);
    CHECK(as_number(slider_value(setting, 0)) == setting.low);
    CHECK(as_number(slider_value(setting, 1)) == setting.high);
    CHECK(slider_position(setting, setting.low) == doctest::Approx(0));
    CHECK(slider_position(setting, setting.high) == doctest::Approx(1));
    double before = -std::numeric_limits<double>::infinity();
    for (int i = -5; i <= 205; ++i) {
      const Value value = slider_value(setting, i / 200.0);
      CHECK_NOTHROW(session::checked_value(setting, value));
      CHECK(as_number(value) >= before);
      before = as_number(value);
    }
  }
}

TEST_CASE("setting widgets: a slider at a value gives that value back, to its rounding") {
  for (const Setting& setting : session::settings_table()) {
    if (!is_number(setting)) continue;
    CAPTURE(setting.key);
    const double initial = as_number(setting.initial());
    const double back = as_number(slider_value(setting, slider_position(setting, initial)));
    const double step = setting.scale == session::Scale::kLogarithmic
                            ? std::fabs(initial) * 0.06 + 0.5 * (initial == std::floor(initial))
                            : (setting.high - setting.low) / 100;
    CHECK(std::fabs(back - initial) <= step);
  }
}

TEST_CASE("setting widgets: logarithmic scales and roundings") {
  const Setting& rate = find_setting("train.learning_rate");
  CHECK(slider_position(rate, std::sqrt(rate.low * rate.high)) == doctest::Approx(0.5));
  // Two digits: what is written in a report.
  const double value = as_number(slider_value(rate, 0.41));
  const double mantissa = value / std::pow(10.0, std::floor(std::log10(value)));
  CHECK(mantissa * 10 == doctest::Approx(std::round(mantissa * 10)).epsilon(1e-9));
  CHECK(as_number(slider_value(find_setting("view.noise.level"), 0.333)) == 0.33);
  CHECK(std::holds_alternative<std::int64_t>(slider_value(find_setting("train.batch_size"), 0.5)));
}

TEST_CASE("setting widgets: number fields read what people write") {
  const Setting& rate = find_setting("train.learning_rate");
  const Setting& batch = find_setting("train.batch_size");
  const Value present = 0.5;
  CHECK(as_number(field_value(rate, "0.01", present)) == 0.01);
  CHECK(as_number(field_value(rate, " 1e-3 ", present)) == 1e-3);
  CHECK(as_number(field_value(rate, "0,25", present)) == 0.25);
  CHECK(as_number(field_value(rate, "abc", present)) == 0.5);
  CHECK(as_number(field_value(rate, "", present)) == 0.5);
  CHECK(as_number(field_value(rate, "nan", present)) == 0.5);
  CHECK(as_number(field_value(rate, "1e99", present)) == rate.high);
  CHECK(as_number(field_value(rate, "-1", present)) == rate.low);
  CHECK(as_number(field_value(batch, "1,000", std::int64_t{7})) == 1000);
  CHECK(as_number(field_value(batch, "0", std::int64_t{7})) == batch.low);
  CHECK(as_number(field_value(batch, "1x", std::int64_t{7})) == 7);
}

TEST_CASE("setting widgets: what a field shows is read back as the same value") {
  for (const Setting& setting : session::settings_table()) {
    CAPTURE(setting.key);
    if (setting.type == session::SettingType::kBool) continue;  // a switch, without a field
    CHECK(field_value(setting, field_text(setting, setting.initial()), setting.initial()) ==
          setting.initial());
    if (!is_number(setting)) continue;
    for (const double position : {0.1, 0.37, 0.5, 0.93}) {
      const Value value = slider_value(setting, position);
      CHECK(as_number(field_value(setting, field_text(setting, value), setting.initial())) ==
            doctest::Approx(as_number(value)).epsilon(1e-6));
    }
  }
}

}  // namespace
}  // namespace hourglass::ui
