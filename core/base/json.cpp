#include "core/base/json.h"

namespace hourglass {
namespace {

// As Value::parse() without a callback and without exceptions; that one also holds a reader that has a callback.
template <typename Value>
Value parse(std::string_view text) {
  Value value;
  nlohmann::detail::json_sax_dom_parser<Value> reader(value, /*allow_exceptions=*/false);
  const char* const begin = text.data();
  if (!Value::sax_parse(begin, begin + text.size(), &reader)) {
    value = Value(Value::value_t::discarded);
  }
  return value;
}

}  // namespace

Json parse_json(std::string_view text) { return parse<Json>(text); }

OrderedJson parse_ordered_json(std::string_view text) { return parse<OrderedJson>(text); }

}  // namespace hourglass
