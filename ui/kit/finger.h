// What a finger on the screen means.
#pragma once

namespace hourglass::ui {

// After which time a press is a long one, in seconds.
inline constexpr float kLongPress = 0.5f;
// How far a finger that means to stay moves all the same, in points.
inline constexpr float kFingerRest = 6;

// Whether the pointer is a finger.
bool by_finger();
// Whether it has moved further than one that means to stay.
bool finger_has_moved();
// A finger that moves off the item drawn last means to move the page under it.
void let_page_move();

}  // namespace hourglass::ui
