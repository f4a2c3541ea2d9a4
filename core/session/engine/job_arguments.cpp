#include "core/session/engine/job_arguments.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/base/whole_number.h"
#include "core/base/write_number.h"

namespace hourglass::session {
namespace {

constexpr std::size_t kMaxShown = 60;

// What a person gave, short enough for a sentence.
std::string shown(const std::string& text) {
  return printable(text.size() > kMaxShown ? text.substr(0, kMaxShown) + "..." : text);
}

template <typename Names>
std::string list_of(const Names& names) {
  std::string all;
  for (const auto& name : names) all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

}  // namespace

JobArguments::JobArguments(std::string_view kind, const std::string& text)
    : kind_(kind), given_(text.empty() ? Json::object() : parse_json(text)) {
  if (!given_.is_object()) {
    throw Error("The arguments of the job '" + kind_ + "' must be a JSON object, not '" +
                shown(text) + "'.");
  }
}

const Json* JobArguments::find(std::string_view name) {
  taken_.emplace_back(name);
  const auto found = given_.find(name);
  return found == given_.end() ? nullptr : &*found;
}

void JobArguments::refuse(std::string_view name, const std::string& wanted) const {
  throw Error("The argument '" + std::string(name) + "' of the job '" + kind_ + "' must be " +
              wanted + ", not " + shown(json_text(*given_.find(name))) + ".");
}

std::int64_t JobArguments::integer(std::string_view name, std::int64_t low, std::int64_t high,
                                   std::int64_t initial) {
  const Json* const value = find(name);
  if (!value) return initial;
  std::int64_t number = 0;
  if (!read_whole_number(*value, low, high, number)) {
    refuse(name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return number;
}

double JobArguments::real(std::string_view name, double low, double high, double initial) {
  const Json* const value = find(name);
  if (!value) return initial;
  if (!value->is_number() || !(value->get<double>() >= low && value->get<double>() <= high)) {
    refuse(name, "a number from " + shortest_text(low) + " to " + shortest_text(high));
  }
  return value->get<double>();
}

bool JobArguments::flag(std::string_view name, bool initial) {
  const Json* const value = find(name);
  if (!value) return initial;
  if (!value->is_boolean()) refuse(name, "true or false");
  return value->get<bool>();
}

std::vector<float> JobArguments::numbers(std::string_view name, std::size_t count, double low,
                                         double high) {
  const Json* const value = find(name);
  if (!value) return {};
  const auto will_do = [&](const Json& number) {
    return number.is_number() && number.get<double>() >= low && number.get<double>() <= high;
  };
  if (!value->is_array() || value->size() != count ||
      !std::all_of(value->begin(), value->end(), will_do)) {
    refuse(name, "a list of " + std::to_string(count) + " numbers from " + shortest_text(low) +
                     " to " + shortest_text(high));
  }
  return value->get<std::vector<float>>();
}

std::vector<std::uint32_t> JobArguments::indices(std::string_view name, std::size_t most,
                                                 std::int64_t count) {
  const Json* const value = find(name);
  if (!value) return {};
  std::vector<std::uint32_t> found;
  const auto will_do = [&](const Json& number) {
    return read_whole_number(number, 0, count - 1, found.emplace_back());
  };
  if (!value->is_array() || value->size() > most ||
      !std::all_of(value->begin(), value->end(), will_do)) {
    refuse(name, "a list of at most " + std::to_string(most) + " whole numbers from 0 to " +
                     std::to_string(count - 1));
  }
  return found;
}

std::string JobArguments::text(std::string_view name, std::size_t most) {
  const Json* const value = find(name);
  if (!value) return {};
  if (!value->is_string() || value->get_ref<const std::string&>().size() > most) {
    refuse(name, "a text of at most " + std::to_string(most) + " bytes");
  }
  return value->get<std::string>();
}

std::string JobArguments::choice(std::string_view name,
                                 const std::vector<std::string_view>& choices,
                                 std::string_view initial) {
  const Json* const value = find(name);
  if (!value) return std::string(initial);
  const bool known =
      value->is_string() &&
      std::find(choices.begin(), choices.end(),
                std::string_view(value->get_ref<const std::string&>())) != choices.end();
  if (!known) refuse(name, "one of " + list_of(choices));
  return value->get<std::string>();
}

void JobArguments::refuse_others() const {
  for (const auto& [name, value] : given_.items()) {
    if (std::find(taken_.begin(), taken_.end(), name) != taken_.end()) continue;
    throw Error("The job '" + kind_ + "' has no argument '" + shown(name) + "'; it takes " +
                (taken_.empty() ? "none" : list_of(taken_)) + ".");
  }
}

}  // namespace hourglass::session
