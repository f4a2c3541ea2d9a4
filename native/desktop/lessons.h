// Lessons on the desktop: those that are built in, and files.
#pragma once

#include <filesystem>
#include <string>

#include "ui/frame/app.h"

namespace hourglass {

// The text of the lesson of that name that is built in or, where there is none, of the file. Throws
// Error that says which names there are.
std::string lesson_text(const std::string& name_or_file);

// Whether a file is a lesson: an object of JSON with "lesson" in it.
bool is_lesson(const std::filesystem::path& file);

// Begins one; what is in the way is told in the window.
void open_lesson(const std::string& name_or_file, ui::App& app);

// Opens teacher mode with the draft in that file, if there is one; "": there is no such file.
void open_teacher(const std::string& draft_file, ui::App& app);

// Gives the front end what it asks for, as AppOptions::want_lesson says.
void bring_lesson(const std::string& name, const std::string& draft_file, ui::App& app);

}  // namespace hourglass
