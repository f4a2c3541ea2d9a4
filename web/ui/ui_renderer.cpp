#include "web/ui/ui_renderer.h"

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/error.h"

namespace hourglass {
namespace {

constexpr const char* kVertexShader = R"(#version 300 es
precision highp float;
layout(location = 0) in vec2 position;
layout(location = 1) in vec2 uv;
layout(location = 2) in vec4 color;
uniform vec4 projection;  // scale, offset
out vec2 frag_uv;
out vec4 frag_color;
void main() {
  frag_uv = uv;
  frag_color = color;
  gl_Position = vec4(position * projection.xy + projection.zw, 0.0, 1.0);
}
)";

constexpr const char* kFragmentShader = R"(#version 300 es
precision mediump float;
uniform sampler2D picture;
in vec2 frag_uv;
in vec4 frag_color;
out vec4 result;
void main() { result = frag_color * texture(picture, frag_uv); }
)";

// Every WebGL 2 has textures of this size.
constexpr int kLargestTexture = 2048;

GLuint compile(GLenum kind, const char* source) {
  const GLuint shader = glCreateShader(kind);
  glShaderSource(shader, 1, &source, nullptr);
  glCompileShader(shader);
  return shader;
}

void destroy_texture(ImTextureData& texture) {
  const auto name = static_cast<GLuint>(texture.TexID);
  if (name != 0) glDeleteTextures(1, &name);
  texture.SetTexID(ImTextureID_Invalid);
  texture.SetStatus(ImTextureStatus_Destroyed);
}

void update_texture(ImTextureData& texture) {
  if (texture.Status == ImTextureStatus_WantDestroy) {
    if (texture.UnusedFrames > 0) destroy_texture(texture);
    return;
  }
  if (texture.Status == ImTextureStatus_WantCreate) {
    GLuint name = 0;
    glGenTextures(1, &name);
    glBindTexture(GL_TEXTURE_2D, name);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
    glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
    glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, texture.Width, texture.Height, 0, GL_RGBA,
                 GL_UNSIGNED_BYTE, texture.GetPixels());
    texture.SetTexID(static_cast<ImTextureID>(name));
  } else if (texture.Status == ImTextureStatus_WantUpdates) {
    const ImTextureRect& part = texture.UpdateRect;
    glBindTexture(GL_TEXTURE_2D, static_cast<GLuint>(texture.TexID));
    glPixelStorei(GL_UNPACK_ROW_LENGTH, texture.Width);
    glTexSubImage2D(GL_TEXTURE_2D, 0, part.x, part.y, part.w, part.h, GL_RGBA, GL_UNSIGNED_BYTE,
                    texture.GetPixelsAt(part.x, part.y));
    glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
  }
  texture.SetStatus(ImTextureStatus_OK);
}

}  // namespace

void UiRenderer::start() {
  ImGuiIO& io = ImGui::GetIO();
  io.BackendRendererName = "hourglass_webgl2";
  io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
  ImGui::GetPlatformIO().Renderer_TextureMaxWidth = kLargestTexture;
  ImGui::GetPlatformIO().Renderer_TextureMaxHeight = kLargestTexture;
  make_objects();
}

void UiRenderer::restart() {
  // What was lost needs no deleting; whoever still uses a texture asks for it again.
  for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
    texture->SetTexID(ImTextureID_Invalid);
    texture->SetStatus(ImTextureStatus_Destroyed);
  }
  make_objects();
}

void UiRenderer::make_objects() {
  program_ = glCreateProgram();
  glAttachShader(program_, compile(GL_VERTEX_SHADER, kVertexShader));
  glAttachShader(program_, compile(GL_FRAGMENT_SHADER, kFragmentShader));
  glLinkProgram(program_);
  GLint linked = 0;
  glGetProgramiv(program_, GL_LINK_STATUS, &linked);
  if (!linked) {
    char log[512] = "";
    glGetProgramInfoLog(program_, sizeof log, nullptr, log);
    throw Error(std::string("The browser's WebGL does not take the page's shaders: ") + log);
  }
  projection_ = glGetUniformLocation(program_, "projection");

  glGenVertexArrays(1, &vertex_array_);
  glGenBuffers(1, &vertices_);
  glGenBuffers(1, &indices_);
  glBindVertexArray(vertex_array_);
  glBindBuffer(GL_ARRAY_BUFFER, vertices_);
  glBindBuffer(GL_ELEMENT_ARRAY_BUFFER, indices_);
  const auto attribute = [](GLuint location, GLint size, GLenum type, bool normalized,
                            std::size_t offset) {
    glEnableVertexAttribArray(location);
    glVertexAttribPointer(location, size, type, normalized ? GL_TRUE : GL_FALSE, sizeof(ImDrawVert),
                          reinterpret_cast<const void*>(offset));
  };
  attribute(0, 2, GL_FLOAT, false, offsetof(ImDrawVert, pos));
  attribute(1, 2, GL_FLOAT, false, offsetof(ImDrawVert, uv));
  attribute(2, 4, GL_UNSIGNED_BYTE, true, offsetof(ImDrawVert, col));

  // Nothing else draws here, so this holds for good.
  glUseProgram(program_);
  glEnable(GL_BLEND);
  glBlendEquation(GL_FUNC_ADD);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ONE, GL_ONE_MINUS_SRC_ALPHA);
  glDisable(GL_CULL_FACE);
  glDisable(GL_DEPTH_TEST);
  glDisable(GL_STENCIL_TEST);
  glEnable(GL_SCISSOR_TEST);
  glActiveTexture(GL_TEXTURE0);
  bound_ = 0;
}

void UiRenderer::draw(ImDrawData& data) {
  if (data.Textures) {
    for (ImTextureData* texture : *data.Textures) {
      if (texture->Status == ImTextureStatus_OK) continue;
      update_texture(*texture);
      bound_ = 0;
    }
  }
  const int width = static_cast<int>(data.DisplaySize.x * data.FramebufferScale.x + 0.5f);
  const int height = static_cast<int>(data.DisplaySize.y * data.FramebufferScale.y + 0.5f);
  glViewport(0, 0, width, height);
  glUniform4f(projection_, 2 / data.DisplaySize.x, -2 / data.DisplaySize.y,
              -1 - 2 * data.DisplayPos.x / data.DisplaySize.x,
              1 + 2 * data.DisplayPos.y / data.DisplaySize.y);
  for (const ImDrawList* list : data.CmdLists) draw_list(*list, data, height);
}

void UiRenderer::draw_list(const ImDrawList& list, const ImDrawData& data, int height) {
  static_assert(sizeof(ImDrawIdx) == 4, "WebGL 2 has no base vertex");
  glBufferData(GL_ARRAY_BUFFER, list.VtxBuffer.size_in_bytes(), list.VtxBuffer.Data,
               GL_STREAM_DRAW);
  glBufferData(GL_ELEMENT_ARRAY_BUFFER, list.IdxBuffer.size_in_bytes(), list.IdxBuffer.Data,
               GL_STREAM_DRAW);
  for (const ImDrawCmd& command : list.CmdBuffer) {
    if (command.UserCallback || command.ElemCount == 0) continue;
    const ImVec2 scale = data.FramebufferScale;
    const float left = (command.ClipRect.x - data.DisplayPos.x) * scale.x;
    const float top = (command.ClipRect.y - data.DisplayPos.y) * scale.y;
    const float right = (command.ClipRect.z - data.DisplayPos.x) * scale.x;
    const float bottom = (command.ClipRect.w - data.DisplayPos.y) * scale.y;
    if (right <= left || bottom <= top) continue;
    // OpenGL counts from the bottom.
    glScissor(static_cast<int>(left), static_cast<int>(static_cast<float>(height) - bottom),
              static_cast<int>(right - left), static_cast<int>(bottom - top));
    const auto texture = static_cast<GLuint>(command.GetTexID());
    if (texture != bound_) {
      glBindTexture(GL_TEXTURE_2D, texture);
      bound_ = texture;
    }
    glDrawElements(GL_TRIANGLES, static_cast<GLsizei>(command.ElemCount), GL_UNSIGNED_INT,
                   reinterpret_cast<const void*>(
                       static_cast<std::uintptr_t>(command.IdxOffset * sizeof(ImDrawIdx))));
  }
}

}  // namespace hourglass
