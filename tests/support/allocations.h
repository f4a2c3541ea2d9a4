// Counts allocations of the whole test program, for the promise that training makes none.
#pragma once

#include <cstdint>

namespace hourglass::tests {

// How many there have been so far, by operator new, malloc and their kin, on all threads.
std::int64_t allocations();

// How many bytes they asked for, together, whether or not they were given back: never less than
// what was held at any one time.
std::int64_t allocated_bytes();

}  // namespace hourglass::tests
