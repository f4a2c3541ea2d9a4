// What the message of an Error must say.
#pragma once

#include <string>

#include "core/base/error.h"

namespace hourglass {

// The message of the Error that `function` throws; empty if it throws none. Other exceptions pass.
template <typename Function>
std::string error_of(const Function& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace hourglass
