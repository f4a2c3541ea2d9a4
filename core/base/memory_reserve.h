// Memory that is kept back for the moment when there is no more.
//
// What cleans up after a failed allocation needs a little memory of its own: a sentence, and
// nlohmann-json, whose destructor makes a list of what it frees and ends the program if it cannot.
#pragma once

namespace hourglass {

// Takes a reserve, or takes it again after it was used up. From the first time on operator new
// gives it back when there is no other memory, and throws std::bad_alloc when that was not enough.
// From any thread; whoever works on after a failure calls it again.
void keep_memory_back() noexcept;

}  // namespace hourglass
