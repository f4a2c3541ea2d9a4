// What the desktop window remembers from one time to the next: language, theme and its size, as
// JSON in a file of the person's own.
#pragma once

#include <string>

namespace hourglass {

struct DesktopPreferences {
  std::string language;       // "en", "zh"; empty: never chosen
  std::string theme;          // "light", "dark"; empty: never chosen
  int width = 0, height = 0;  // in points; 0: never changed

  bool operator==(const DesktopPreferences&) const = default;
};

// The file in the folder that the system has for such things, which is made if need be; empty where
// there is none.
std::string preferences_file();

// The draft of a lesson that is being made, in the same folder.
std::string draft_file();

// Whatever the file holds that makes sense. A file that is missing, damaged or of a newer version
// is no reason not to start.
DesktopPreferences read_preferences(const std::string& file);

// At once or not at all. A disk that is full or read-only is not worth a word: next time is as this
// time was.
void write_preferences(const std::string& file, const DesktopPreferences& preferences);

// Writes `text` so that who reads the file finds either the old or the new one. Returns false if
// that failed.
bool replace_file(const std::string& file, const std::string& text);

}  // namespace hourglass
