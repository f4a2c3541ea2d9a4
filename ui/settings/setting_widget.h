// The widget of a setting, made from its row of the settings table: a list for a choice, a switch
// for a yes or no, a slider with a number field for a number.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session/settings/settings.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// Where the value of a number setting stands on its slider, 0 at the low end to 1 at the high end,
// along the setting's scale. A logarithmic scale with a 0 for "off" keeps its left end for that.
double slider_position(const session::Setting& setting, double value);

// The value at `position` in [0, 1], rounded to what a person would choose: whole numbers for
// integers, two significant digits on logarithmic scales, hundredths of the range on linear ones.
session::Value slider_value(const session::Setting& setting, double position);

// How the value reads in the number field, and the value that a text means. A text that is no
// number gives `present`; a number out of range goes to the nearest end.
std::string field_text(const session::Setting& setting, const session::Value& value);
session::Value field_value(const session::Setting& setting, std::string_view text,
                           const session::Value& present);

// The value to show: the draft if there is one, else what the engine said, else the table's initial
// value.
session::Value shown_value(const PanelContext& context, const session::Setting& setting);

// The value that `steps` presses of an arrow key lead to from `present`: each as small as the
// slider's rounding lets it be, and about a hundredth of the slider at least.
session::Value stepped_value(const session::Setting& setting, const session::Value& present,
                             int steps);

// Sends the value and keeps it as a draft until the engine confirms it. What belongs to it goes
// along in the same command: the other noise while the two are linked, and Gaussian noise where a
// level is set of no noise at all.
void change_setting(PanelContext& context, const session::Setting& setting,
                    const session::Value& value);
// The same for several at once, in one command and with nothing added.
void change_settings(PanelContext& context,
                     std::vector<std::pair<std::string, session::Value>> values);

// The formula of a setting in the current language, or "": that of its present choice, else its
// own.
std::string setting_formula(const PanelContext& context, const session::Setting& setting);

// Draws the widget of `key` with its label into `area`, and registers it as "setting:KEY" (a
// slider's number field: "setting:KEY:field"). Heights: choice_height(), slider_height() of
// ui/state/layout.h.
void draw_setting(PanelContext& context, const Rect& area, std::string_view key);

// Only the drop-down list of a choice, without label.
void draw_setting_choice(PanelContext& context, const Rect& area, std::string_view key);

// Only the slider of a number, and only the number without a frame ("setting:KEY:field"), for where
// the two do not stand together.
void draw_setting_slider(PanelContext& context, const Rect& area, std::string_view key);
void draw_setting_number(PanelContext& context, const Rect& area, std::string_view key);

// Only the number field, framed, of an integer or real.
void draw_setting_field(PanelContext& context, const Rect& area, std::string_view key);

}  // namespace hourglass::ui
