// Flags of the desktop window.
#pragma once

#include <string>

namespace hourglass {

struct DesktopOptions {
  std::string preset = "vanilla";
  std::string data;  // empty: the preset's where it is there, else the built-in set
  int width = 1280, height = 800;
  float scale = 0;  // of text and controls; 0: as the system asks for
  bool dark = false;
  std::string language;  // "en", "zh"; empty: the system's
  bool run = false;      // start training at once
  // Writes a picture of the window to this file after so many seconds, and ends.
  std::string screenshot;
  double after = 2;
  bool help = false;
};

// Throws Error for an unknown flag or a value that does not fit.
DesktopOptions parse_desktop_options(int argc, char** argv);

const char* desktop_help();

}  // namespace hourglass
