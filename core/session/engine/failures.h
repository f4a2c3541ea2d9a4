// Failures that no code of ours foresaw, as sentences.
#pragma once

#include <exception>
#include <new>
#include <string>

#include "core/base/error.h"
#include "core/base/sentence.h"

namespace hourglass::session {

inline constexpr char kNoMemory[] =
    "There is not enough memory for that: use a smaller model or fewer images.";

// What is said of the exception that is being handled.
inline Sentence sentence_of_current_exception() {
  try {
    throw;
  } catch (const Error& error) {
    return sentence_of(error);
  } catch (const std::bad_alloc&) {
    return kNoMemory;
  } catch (const std::exception& error) {
    return std::string("This could not be done: ") + error.what();
  }
}

}  // namespace hourglass::session
