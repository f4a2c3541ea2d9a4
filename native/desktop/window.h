// A window with OpenGL 3 that ImGui draws into.
#pragma once

#include <SDL.h>

#include "core/formats/png.h"
#include "native/desktop/options.h"
#include "ui/frame/app.h"

namespace hourglass {

class DesktopWindow {
 public:
  // Opens the window and gives ImGui's current context its backends. Throws Error without a display
  // or without OpenGL 3.
  explicit DesktopWindow(const DesktopOptions& options);
  ~DesktopWindow();
  DesktopWindow(const DesktopWindow&) = delete;
  DesktopWindow& operator=(const DesktopWindow&) = delete;

  // Draws one frame of the app and shows it.
  void draw(ui::App& app);

  // Nobody can see the window.
  bool hidden() const;

  // The keyboard is this window's.
  bool focused() const;

  // The next frames keep their pixels.
  void keep_pictures(bool keep) { keep_picture_ = keep; }
  // The pixels of the frame drawn last, if it was to keep them.
  Image picture() const;

 private:
  SDL_Window* window_ = nullptr;
  SDL_GLContext gl_ = nullptr;
  Image picture_;
  bool keep_picture_ = false;
};

}  // namespace hourglass
