// What the window shows, written to a file for a test that uses the window as a person does.
#pragma once

#include <string>

#include "ui/frame/app.h"

namespace hourglass {

// {"frames":12,"phase":"running","step":40,"epoch":0.2,"language":"en","theme":"light",
//  "map_scale":31.5,"focused":true,"keyboard":"run","pointer":[x,y],
//  "settings":{"noise.level":0.5,...},"widgets":{"run":[x,y,width,height],...}}
// Places are in points of the window; "keyboard" is the widget that Tab has gone to.
std::string report_json(const ui::App& app, bool focused);

}  // namespace hourglass
