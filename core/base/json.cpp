#include "core/base/json.h"

namespace hourglass {
namespace {

// Builds a value of what is read. One that is handed on to the library's own builder, whose type is
// a detail of the library, known up to 3.11: all kinds of values then share one reader of text.
#if NLOHMANN_JSON_VERSION_MAJOR == 3 && NLOHMANN_JSON_VERSION_MINOR <= 11
template <typename Value>
class Builder : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(Value& value) : build_(value, /*allow_exceptions=*/false) {}

  bool null() override { return build_.null(); }
  bool boolean(bool value) override { return build_.boolean(value); }
  bool number_integer(number_integer_t value) override { return build_.number_integer(value); }
  bool number_unsigned(number_unsigned_t value) override { return build_.number_unsigned(value); }
  bool number_float(number_float_t value, const string_t& text) override {
    return build_.number_float(value, text);
  }
  bool string(string_t& value) override { return build_.string(value); }
  bool binary(binary_t& value) override { return build_.binary(value); }
  bool start_object(std::size_t size) override { return build_.start_object(size); }
  bool key(string_t& value) override { return build_.key(value); }
  bool end_object() override { return build_.end_object(); }
  bool start_array(std::size_t size) override { return build_.start_array(size); }
  bool end_array() override { return build_.end_array(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override {
    return false;
  }

 private:
  nlohmann::detail::json_sax_dom_parser<Value> build_;
};

template <typename Value>
bool build(std::string_view text, Value& value) {
  Builder<Value> builder(value);
  return read_json(text, builder);
}
#else
template <typename Value>
bool build(std::string_view text, Value& value) {
  value = Value::parse(text, nullptr, /*allow_exceptions=*/false);
  return true;
}
#endif

// Before anything is built: what is no JSON at all may pass here, but not what is too large.
bool is_within_limits(std::string_view text) {
  int depth = 0;
  std::size_t values = 1;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
      continue;
    }
    quoted = c == '"';
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (c == ',' || c == '[' || c == '{') ++values;
    if (depth > kMaxJsonDepth || values > kMaxJsonValues) return false;
  }
  return true;
}

template <typename Value>
Value parse(std::string_view text) {
  Value value;
  if (!is_within_limits(text) || !build(text, value)) value = Value(Value::value_t::discarded);
  return value;
}

template <typename Value>
std::string text_of(const Value& value, int indent) {
  return value.dump(indent, ' ', false, Value::error_handler_t::replace);
}

}  // namespace

bool read_json(std::string_view text, nlohmann::json_sax<Json>& reader) {
  const char* const begin = text.data();
  return Json::sax_parse(begin, begin + text.size(), &reader);
}

Json parse_json(std::string_view text) { return parse<Json>(text); }

OrderedJson parse_ordered_json(std::string_view text) { return parse<OrderedJson>(text); }

std::string json_text(const Json& value, int indent) { return text_of(value, indent); }

std::string json_text(const OrderedJson& value, int indent) { return text_of(value, indent); }

}  // namespace hourglass
