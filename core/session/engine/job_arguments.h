// The arguments of a job: a JSON object, held against what the job takes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace hourglass::session {

// A job's factory asks for each argument that it takes, then calls refuse_others().
class JobArguments {
 public:
  // `text` is JSON text of an object, or "" for none. Throws Error if it is anything else. `kind`
  // is the job's, for messages.
  JobArguments(std::string_view kind, const std::string& text);

  bool has(std::string_view name) const { return given_.contains(name); }
  // The argument `name`, or `initial` where it was not given. They throw Error, saying what would
  // be right, for a value of another type or outside [low, high].
  std::int64_t integer(std::string_view name, std::int64_t low, std::int64_t high,
                       std::int64_t initial);
  double real(std::string_view name, double low, double high, double initial);
  bool flag(std::string_view name, bool initial);
  // A list of `count` numbers; empty where it was not given.
  std::vector<float> numbers(std::string_view name, std::size_t count, double low, double high);
  // A list of at most `most` whole numbers, each of which counts one of `count` things, from 0;
  // empty where it was not given.
  std::vector<std::uint32_t> indices(std::string_view name, std::size_t most, std::int64_t count);
  // A text of at most `most` bytes of UTF-8; empty where it was not given.
  std::string text(std::string_view name, std::size_t most);
  std::string choice(std::string_view name, const std::vector<std::string_view>& choices,
                     std::string_view initial);

  // Throws Error if an argument was given that nobody asked for.
  void refuse_others() const;

 private:
  const Json* find(std::string_view name);
  [[noreturn]] void refuse(std::string_view name, const std::string& wanted) const;

  std::string kind_;
  Json given_;
  std::vector<std::string> taken_;
};

}  // namespace hourglass::session
