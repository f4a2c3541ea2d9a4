// Large pages for large arrays.
#pragma once

#include <cstddef>

namespace hourglass {

// Tells the system that all of these bytes, which were allocated and not yet written, are about to
// be: where it has large pages on request, it hands out 2 MiB at a time instead of 4 KiB, which is
// most of the time that filling a fresh array takes. Does nothing elsewhere, or for few bytes.
void expect_to_fill(void* start, std::size_t bytes);

}  // namespace hourglass
