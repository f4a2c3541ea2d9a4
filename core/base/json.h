// JSON text, read and written in one place: a reader is some 20 KB of code for each kind of input
// and of value that it is made for, and the page is downloaded.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace hourglass {

using Json = nlohmann::json;  // keys in alphabetical order
// Keys in the order given. They are searched one after the other: not for files from outside, which
// may have any number of them.
using OrderedJson = nlohmann::ordered_json;

// A value within a value within a value: more levels would overflow the stack of what walks them.
inline constexpr int kMaxJsonDepth = 64;
// Values of one text, of which each takes up to some 100 bytes of memory.
inline constexpr std::size_t kMaxJsonValues = std::size_t{1} << 22;

// What `text` says, or a value whose is_discarded() is true where it is no JSON, or has more levels
// or values than the limits above: memory is taken for what is within them alone.
Json parse_json(std::string_view text);
OrderedJson parse_ordered_json(std::string_view text);

// Goes through `text` without keeping it: memory is taken for its longest string alone. Returns
// false if it is no JSON or `reader` wants no more.
bool read_json(std::string_view text, nlohmann::json_sax<Json>& reader);

// `value` as text: on one line, or with `indent` blanks a level. Never throws for what the strings
// in it hold: bytes that are no UTF-8 become U+FFFD (to_utf8() keeps them apart).
std::string json_text(const Json& value, int indent = -1);
std::string json_text(const OrderedJson& value, int indent = -1);

}  // namespace hourglass
