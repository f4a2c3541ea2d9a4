// JSON text, read in one place: a reader is some 20 KB of code for each kind of input and of value that
// it is made for, and the page is downloaded.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace hourglass {

using Json = nlohmann::json;  // keys in alphabetical order
// Keys in the order given. They are searched one after the other: not for files from outside, which may
// have any number of them.
using OrderedJson = nlohmann::ordered_json;

// What `text` says, or a value whose is_discarded() is true where it is no JSON.
Json parse_json(std::string_view text);
OrderedJson parse_ordered_json(std::string_view text);

}  // namespace hourglass
