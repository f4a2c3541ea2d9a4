#include "ui/kit/texture.h"

#include <imgui_internal.h>

namespace hourglass::ui {

Texture::~Texture() { discard(); }

void Texture::discard() {
  if (!data_) return;
  // The renderer destroys it while it renders the next frame; collect() frees the rest after that.
  if (data_->Status == ImTextureStatus_Destroyed || data_->Status == ImTextureStatus_WantCreate) {
    data_->SetStatus(ImTextureStatus_Destroyed);
  } else {
    data_->SetStatus(ImTextureStatus_WantDestroy);
  }
  data_->WantDestroyNextFrame = true;
  data_->UnusedFrames = 1;
  data_ = nullptr;
}

void Texture::collect() {
  ImVector<ImTextureData*>& all = ImGui::GetCurrentContext()->UserTextures;
  for (int i = all.Size - 1; i >= 0; --i) {
    ImTextureData* texture = all[i];
    if (!texture->WantDestroyNextFrame) continue;
    if (texture->Status == ImTextureStatus_Destroyed) {
      ImGui::UnregisterUserTexture(texture);
      IM_DELETE(texture);
    }
  }
}

void Texture::update(int width, int height,
                     const std::function<void(std::span<std::uint8_t>)>& fill) {
  if (data_ && (data_->Width != width || data_->Height != height)) discard();
  if (!data_) {
    data_ = IM_NEW(ImTextureData)();
    data_->Create(ImTextureFormat_RGBA32, width, height);
    data_->UseColors = true;
    ImGui::RegisterUserTexture(data_);
  }
  fill({data_->Pixels, static_cast<std::size_t>(data_->GetSizeInBytes())});
  if (data_->Status == ImTextureStatus_OK) {
    const ImTextureRect whole{0, 0, static_cast<unsigned short>(width),
                              static_cast<unsigned short>(height)};
    data_->Updates.resize(0);
    data_->Updates.push_back(whole);
    data_->UpdateRect = whole;
    data_->UsedRect = whole;
    data_->SetStatus(ImTextureStatus_WantUpdates);
  }
}

ImTextureRef Texture::ref() {
  if (data_->Status == ImTextureStatus_Destroyed) data_->SetStatus(ImTextureStatus_WantCreate);
  return data_->GetTexRef();
}

}  // namespace hourglass::ui
