// Draws ImGui's triangles with WebGL 2.
//
// In place of ImGui's own OpenGL backend, which asks for the state of the graphics card before
// every frame to restore it afterwards. In a browser each question is a round trip to another
// process, which together took many times as long as all else; and here nobody else draws into the
// canvas.
#pragma once

#include <GLES3/gl3.h>
#include <imgui.h>

namespace hourglass {

class UiRenderer {
 public:
  // Needs a current WebGL 2 context and ImGui's. Throws Error if the shaders do not compile.
  void start();

  // After the canvas's context was lost and has come back: everything in it is made anew.
  void restart();

  // Uploads what has changed of the textures and draws one frame into the whole canvas.
  void draw(ImDrawData& data);

 private:
  void make_objects();
  void draw_list(const ImDrawList& list, const ImDrawData& data, int height);

  GLuint program_ = 0, vertex_array_ = 0, vertices_ = 0, indices_ = 0;
  GLint projection_ = -1;
  GLuint bound_ = 0;  // texture
};

}  // namespace hourglass
