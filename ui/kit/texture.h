// A picture on the graphics card, made through ImGui and so without a graphics library of our own.
#pragma once

#include <imgui.h>

#include <cstdint>
#include <functional>
#include <span>

namespace hourglass::ui {

// The largest width and height of a texture that every WebGL 2 has.
inline constexpr int kLargestTexture = 2048;

class Texture {
 public:
  Texture() = default;
  ~Texture();  // while the ImGui context still exists
  Texture(const Texture&) = delete;
  Texture& operator=(const Texture&) = delete;

  // Sets the size and lets `fill` write all pixels: width x height x 4 bytes (red, green, blue,
  // alpha), row by row. The upload happens when the frame is rendered. Sizes are at least 1.
  void update(int width, int height, const std::function<void(std::span<std::uint8_t>)>& fill);

  bool ready() const { return data_ != nullptr; }
  int width() const { return data_ ? data_->Width : 0; }
  int height() const { return data_ ? data_->Height : 0; }
  // To draw with. Call once a frame in which it is drawn: it also asks for a new upload after the
  // graphics context was lost. The texture must be ready().
  ImTextureRef ref();

  // Gives textures back that are no longer in use. Call once a frame before anything is drawn.
  static void collect();

 private:
  void discard();

  ImTextureData* data_ = nullptr;
};

}  // namespace hourglass::ui
