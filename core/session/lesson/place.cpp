#include "core/session/lesson/place.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/text.h"

namespace hourglass::session {
namespace {

constexpr std::size_t kMaxShownValue = 60;  // bytes of a value in a sentence

std::string_view nearest_of(std::span<const std::string_view> names, std::string_view name) {
  name = name.substr(0, kMaxShownValue);
  return *std::ranges::min_element(
      names, {}, [&](std::string_view each) { return edit_distance(each, name); });
}

std::string cut(std::string text) {
  if (text.size() > kMaxShownValue) {
    std::size_t end = kMaxShownValue;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = text.substr(0, end) + "...";
  }
  return printable(text);
}

}  // namespace

std::string shown_json(const Json& json) {
  if (json.is_object()) return "an object";
  if (json.is_array()) return "a list";
  if (json.is_string()) return "'" + cut(json.get_ref<const std::string&>()) + "'";
  return cut(json_text(json));
}

void Place::refuse(const std::string& sentence) const {
  throw Error("In the lesson, " + (path_.empty() ? "the whole" : path_) + " " + sentence + ".");
}

void Place::expect_object(std::initializer_list<std::string_view> keys) const {
  if (!json_->is_object()) refuse("must be an object, not " + shown_json(*json_));
  const std::vector<std::string_view> known(keys);
  for (const auto& [key, value] : json_->items()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    const Place there(value, (path_.empty() ? "" : path_ + ".") + cut(key));
    there.refuse("is no name that is known there; the nearest is '" +
                 std::string(nearest_of(known, key)) + "'");
  }
}

Place Place::at(std::string_view key) const {
  const auto found = json_->find(std::string(key));
  Place there(found == json_->end() ? *json_ : *found,
              (path_.empty() ? "" : path_ + ".") + std::string(key));
  if (found == json_->end()) there.refuse("is missing");
  return there;
}

std::vector<Place> Place::items(std::size_t most, bool some) const {
  if (!json_->is_array()) refuse("must be a list, not " + shown_json(*json_));
  if (json_->size() > most) {
    refuse("has " + std::to_string(json_->size()) + " entries; there may be " +
           std::to_string(most));
  }
  if (some && json_->empty()) refuse("is empty; it needs at least one entry");
  std::vector<Place> all;
  for (std::size_t i = 0; i < json_->size(); ++i) {
    all.emplace_back((*json_)[i], path_ + "[" + std::to_string(i) + "]");
  }
  return all;
}

std::string Place::text() const {
  if (!json_->is_string()) refuse("must be text, not " + shown_json(*json_));
  return json_->get<std::string>();
}

double Place::number() const {
  const double number = json_->is_number() ? json_->get<double>() : NAN;
  if (!std::isfinite(number)) refuse("must be a number, not " + shown_json(*json_));
  return number;
}

std::int64_t Place::whole(std::int64_t low, std::int64_t high) const {
  const double number = json_->is_number() ? json_->get<double>() : NAN;
  if (!(number >= static_cast<double>(low) && number <= static_cast<double>(high)) ||
      number != std::floor(number)) {
    refuse("must be a whole number from " + std::to_string(low) + " to " + std::to_string(high) +
           ", not " + shown_json(*json_));
  }
  return static_cast<std::int64_t>(number);
}

bool Place::flag() const {
  if (!json_->is_boolean()) refuse("must be true or false, not " + shown_json(*json_));
  return json_->get<bool>();
}

std::string Place::name_of(std::span<const std::string_view> names, std::string_view what) const {
  const std::string name = text();
  if (std::ranges::find(names, name) == names.end()) {
    refuse("names no " + std::string(what) + ": " + shown_json(*json_) + "; the nearest is '" +
           std::string(nearest_of(names, name)) + "'");
  }
  return name;
}

}  // namespace hourglass::session
