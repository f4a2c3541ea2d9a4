// Fields that are typed in.
#pragma once

#include <string>
#include <string_view>

#include "ui/kit/kit.h"

namespace hourglass::ui {

// A field with a number or word in it. Returns true when the person has finished a change, with
// `value` the new text. `words`: it takes words of any language, which is for those to know who
// bring them.
bool draw_field(Kit& kit, const Rect& area, std::string_view id, std::string& value, bool frame,
                bool words = false);

}  // namespace hourglass::ui
