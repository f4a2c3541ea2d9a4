// What the program ends with.
#pragma once

namespace hourglass {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;         // it ran, and something went wrong on the way
inline constexpr int kBadInput = 2;       // a flag, name, file or shape that cannot be used
inline constexpr int kInterrupted = 130;  // as shells report an end by Ctrl-C

}  // namespace hourglass
