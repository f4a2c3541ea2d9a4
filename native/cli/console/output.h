// Telling somebody who may not be reading.
#pragma once

#include <cstdio>
#include <string_view>

namespace hourglass {

// Writes all of `text` to `stream`, which is stdout or stderr, and waits for a reader that is slow;
// once there has been a StopRequest, what nobody takes is left out. A write that blocks would not
// come back then: a pager that nobody scrolls, or an mpirun that is about to end its processes and
// no longer reads, must not keep a run from being saved.
void write_unless_stopped(std::FILE* stream, std::string_view text);

}  // namespace hourglass
