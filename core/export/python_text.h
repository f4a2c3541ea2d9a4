// Pieces of Python that the scripts of exported models share.
#pragma once

#include <string>

#include "core/base/json.h"

namespace hourglass {

// A value as Python writes it: JSON but for True, False and None.
std::string python_literal(const OrderedJson& value);

// `text` broken into lines of at most 100 characters.
std::string python_wrapped(const std::string& text);

// `name` where `import` takes it, else "model".
std::string python_module(const std::string& name);

// SCALE and OFFSET, and the functions that map values to the model's scale and back.
std::string python_scaling(const OrderedJson& scaling);

// load()'s default path: a file beside the script.
std::string python_beside(const std::string& file);

}  // namespace hourglass
