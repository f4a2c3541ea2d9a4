// A value of a lesson's file together with where it stands there.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace hourglass::session {

class Place {
 public:
  Place(const Json& json, std::string path) : json_(&json), path_(std::move(path)) {}

  const Json& json() const { return *json_; }
  const std::string& path() const { return path_; }

  // Throws Error: "In the lesson, PATH SENTENCE."
  [[noreturn]] void refuse(const std::string& sentence) const;

  // Refuses what is no object, and a key that is none of these, with the nearest that is.
  void expect_object(std::initializer_list<std::string_view> keys) const;
  bool has(std::string_view key) const { return json_->contains(key); }
  Place at(std::string_view key) const;  // refuses where there is none
  // The values of an array, `most` at most, and at least one if `some`.
  std::vector<Place> items(std::size_t most, bool some = false) const;

  std::string text() const;
  double number() const;
  std::int64_t whole(std::int64_t low, std::int64_t high) const;
  bool flag() const;
  // One of some names; `what` says what they are: "command".
  std::string name_of(std::span<const std::string_view> names, std::string_view what) const;

 private:
  const Json* json_;
  std::string path_;
};

// What a value reads as in a sentence, cut to a length that a sentence can bear.
std::string shown_json(const Json& json);

}  // namespace hourglass::session
