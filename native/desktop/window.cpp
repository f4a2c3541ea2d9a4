#include "native/desktop/window.h"

#include <SDL_opengl.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <imgui_impl_sdl2.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "core/base/error.h"

namespace hourglass {
namespace {

void set_gl_attributes() {
#if defined(__APPLE__)
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_FLAGS, SDL_GL_CONTEXT_FORWARD_COMPATIBLE_FLAG);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 2);
#else
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, 0);
#endif
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, SDL_GL_CONTEXT_PROFILE_CORE);
  SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, 3);
  SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
}

}  // namespace

DesktopWindow::DesktopWindow(const DesktopOptions& options)
    : keep_picture_(!options.screenshot.empty()) {
  // Otherwise the click that brings the window to the front does nothing else.
  SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
  SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
  if (SDL_Init(SDL_INIT_VIDEO) != 0) {
    throw Error(std::string("There is no display to open a window on (") + SDL_GetError() + ").");
  }
  // Without a screen SDL is content with a driver that shows nothing to anybody.
  const std::string driver = SDL_GetCurrentVideoDriver();
  if (!std::getenv("SDL_VIDEODRIVER") &&
      (driver == "offscreen" || driver == "dummy" || driver == "evdev")) {
    SDL_Quit();
    throw Error("There is no display to open a window on: set DISPLAY or WAYLAND_DISPLAY.");
  }
  set_gl_attributes();
  window_ = SDL_CreateWindow("Hourglass", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
                             options.width, options.height,
                             SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
  if (window_) gl_ = SDL_GL_CreateContext(window_);
  if (!gl_) {
    const std::string reason = SDL_GetError();
    if (window_) SDL_DestroyWindow(window_);
    SDL_Quit();
    throw Error("A window with OpenGL 3 cannot be opened (" + reason + ").");
  }
  SDL_SetWindowMinimumSize(window_, 320, 320);
  SDL_GL_MakeCurrent(window_, gl_);
  SDL_GL_SetSwapInterval(1);
  ImGui_ImplSDL2_InitForOpenGL(window_, gl_);
  ImGui_ImplOpenGL3_Init(nullptr);
}

DesktopWindow::~DesktopWindow() {
  ImGui_ImplOpenGL3_Shutdown();
  ImGui_ImplSDL2_Shutdown();
  SDL_GL_DeleteContext(gl_);
  SDL_DestroyWindow(window_);
  SDL_Quit();
}

bool DesktopWindow::hidden() const {
  return (SDL_GetWindowFlags(window_) & (SDL_WINDOW_MINIMIZED | SDL_WINDOW_HIDDEN)) != 0;
}

bool DesktopWindow::focused() const {
  return (SDL_GetWindowFlags(window_) & SDL_WINDOW_INPUT_FOCUS) != 0;
}

void DesktopWindow::draw(ui::App& app) {
  int width = 0, height = 0, pixels_across = 0, pixels_down = 0;
  SDL_GetWindowSize(window_, &width, &height);
  SDL_GL_GetDrawableSize(window_, &pixels_across, &pixels_down);
  if (width < 1 || height < 1) return;
  ImGui_ImplOpenGL3_NewFrame();
  ImGui_ImplSDL2_NewFrame();
  if (SDL_GetMouseFocus() == window_) {
    // The backend asks where the pointer is on the whole screen, of which SDL hears nothing where a
    // program moves it, as remote desktops do. Of its own window it knows.
    int x = 0, y = 0;
    SDL_GetMouseState(&x, &y);
    ImGui::GetIO().AddMousePosEvent(static_cast<float>(x), static_cast<float>(y));
  }
  app.frame({static_cast<float>(width), static_cast<float>(height),
             static_cast<float>(pixels_across) / static_cast<float>(width)});
  glViewport(0, 0, pixels_across, pixels_down);
  glClearColor(0, 0, 0, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
  if (keep_picture_) {
    // Before the swap: what the back buffer holds after it is not said.
    picture_ = {pixels_across, pixels_down, 3, {}};
    picture_.pixels.resize(static_cast<std::size_t>(pixels_across) *
                           static_cast<std::size_t>(pixels_down) * 3);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, pixels_across, pixels_down, GL_RGB, GL_UNSIGNED_BYTE,
                 picture_.pixels.data());
  }
  SDL_GL_SwapWindow(window_);
}

Image DesktopWindow::picture() const {
  // OpenGL counts rows from the bottom.
  Image image = picture_;
  const std::size_t row = static_cast<std::size_t>(image.width) * 3;
  for (int y = 0; y < image.height; ++y) {
    std::copy_n(
        picture_.pixels.begin() +
            static_cast<std::ptrdiff_t>(row * static_cast<std::size_t>(image.height - 1 - y)),
        row, image.pixels.begin() + static_cast<std::ptrdiff_t>(row * static_cast<std::size_t>(y)));
  }
  return image;
}

}  // namespace hourglass
