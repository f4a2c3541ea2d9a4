// Flags of the desktop window.
#pragma once

#include <string>

namespace hourglass {

struct DesktopOptions {
  std::string preset;         // empty: the settings that every session begins with
  std::string lesson;         // name or file, or ""
  bool teach = false;         // a lesson is made
  std::string data;           // empty: the preset's where it is there, else the built-in set
  int width = 0, height = 0;  // in points; 0: as remembered
  float scale = 0;            // of text and controls; 0: as the system asks for
  std::string theme;          // "light", "dark"; empty: as remembered
  std::string language;       // "en", "zh"; empty: as remembered, or the system's
  bool reduced_motion = false;
  bool stats = false;       // what a frame costs is shown
  bool preferences = true;  // what is chosen is remembered
  bool run = false;         // start training at once
  // Writes a picture of the window to this file and ends: after so many seconds, and not before so
  // many mini-batches have been trained and are on show.
  std::string screenshot;
  double after = 1;
  double steps = 0;
  std::string widgets;  // file for where the widgets are in that picture
  std::string report;   // file that is written anew, as report_json(), whenever something was drawn
  bool help = false;
};

// Throws Error for an unknown flag or a value that does not fit.
DesktopOptions parse_desktop_options(int argc, char** argv);

const char* desktop_help();

}  // namespace hourglass
