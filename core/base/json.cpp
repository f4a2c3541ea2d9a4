#include "core/base/json.h"

namespace hourglass {
namespace {

// As Value::parse() without a callback and without exceptions; that one also holds a reader that
// has a callback, which nobody needs and every page would fetch. The reader's type is a detail of
// the library, known up to 3.11.
template <typename Value>
Value parse(std::string_view text) {
#if NLOHMANN_JSON_VERSION_MAJOR == 3 && NLOHMANN_JSON_VERSION_MINOR <= 11
  Value value;
  nlohmann::detail::json_sax_dom_parser<Value> reader(value, /*allow_exceptions=*/false);
  const char* const begin = text.data();
  if (!Value::sax_parse(begin, begin + text.size(), &reader)) {
    value = Value(Value::value_t::discarded);
  }
  return value;
#else
  return Value::parse(text, nullptr, /*allow_exceptions=*/false);
#endif
}

}  // namespace

Json parse_json(std::string_view text) { return parse<Json>(text); }

OrderedJson parse_ordered_json(std::string_view text) { return parse<OrderedJson>(text); }

}  // namespace hourglass
