// The whole front end without a window: frames are built and their textures taken as uploaded,
// commands are kept.
#pragma once

#include <imgui.h>

#include <string>
#include <vector>

#include "core/session/settings/presets.h"
#include "ui/frame/app.h"

namespace hourglass::ui {

class Harness {
 public:
  explicit Harness(float width = 1280, float height = 800, AppOptions options = {})
      : app(with_defaults(std::move(options))), info{width, height, 1} {
    ImGuiIO& io = ImGui::GetIO();
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    io.BackendRendererName = "none";
  }
  ~Harness() {
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
      texture->SetTexID(ImTextureID_Invalid);
      texture->SetStatus(ImTextureStatus_Destroyed);
    }
  }

  void frame() {
    ImGui::GetIO().DeltaTime = 1.0f / 60;
    app.frame(info);
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
      if (texture->Status == ImTextureStatus_WantCreate ||
          texture->Status == ImTextureStatus_WantUpdates) {
        ++uploads;
        texture->SetTexID(1);
        texture->SetStatus(ImTextureStatus_OK);
      } else if (texture->Status == ImTextureStatus_WantDestroy && texture->UnusedFrames > 0) {
        texture->SetTexID(ImTextureID_Invalid);
        texture->SetStatus(ImTextureStatus_Destroyed);
      }
    }
    ++frames;
  }
  // Draws until nothing more is wanted, as programs do; at most so many frames.
  void settle(int most = 60) {
    while (app.wants_frame() && most-- > 0) frame();
  }

  Rect widget(const std::string& id) const {
    const auto found = app.widgets().all().find(id);
    return found == app.widgets().all().end() ? Rect{} : found->second;
  }
  void move(float x, float y) {
    ImGui::GetIO().AddMousePosEvent(x, y);
    app.note_input();
    settle();
  }
  void press(bool down) {
    ImGui::GetIO().AddMouseButtonEvent(0, down);
    app.note_input();
    settle();
  }
  // False if there is no such widget.
  bool click(const std::string& id) {
    const Rect rect = widget(id);
    if (rect.empty()) return false;
    move(rect.x + rect.w / 2, rect.y + rect.h / 2);
    press(true);
    press(false);
    return true;
  }
  void wheel(float turns) {
    ImGui::GetIO().AddMouseWheelEvent(0, turns);
    app.note_input();
    settle();
  }
  void key(ImGuiKey key) {
    ImGui::GetIO().AddKeyEvent(key, true);
    ImGui::GetIO().AddKeyEvent(key, false);
    app.note_input();
    settle();
  }
  void type(const char* text) {
    ImGui::GetIO().AddInputCharactersUTF8(text);
    app.note_input();
    settle();
  }

  // How many commands of type Body were sent, and the last of them.
  template <typename Body>
  int sent() const {
    int count = 0;
    for (const session::Command& command : commands) {
      count += std::holds_alternative<Body>(command.body);
    }
    return count;
  }
  template <typename Body>
  const Body* last() const {
    for (auto at = commands.rbegin(); at != commands.rend(); ++at) {
      if (const auto* body = std::get_if<Body>(&at->body)) return body;
    }
    return nullptr;
  }

  std::vector<session::Command> commands;
  App app;
  FrameInfo info;
  int uploads = 0;
  int frames = 0;

 private:
  AppOptions with_defaults(AppOptions options) {
    options.send = [this](session::Command command) { commands.push_back(std::move(command)); };
    options.presets = {"vanilla", "deep"};
    options.matching_preset = session::matching_preset;
    return options;
  }
};

// Events as an engine at work sends them: ten classes, `points` points of the map, `images` images
// on display.
inline void feed(Harness& harness, int images = 20, int points = 500) {
  session::Settings settings;
  harness.app.receive(session::SettingsChanged{settings.all()});
  session::NetworkInfo network;
  network.input_features = 784;
  network.layers = {{"encoder.0", "dense", "relu", {32}, 25120, 25088},
                    {"decoder.0", "dense", "sigmoid", {784}, 25872, 25088}};
  network.code_size = 32;
  network.parameters = 50992;
  network.engine = "AVX-512";
  network.threads = 2;
  harness.app.receive(network);
  session::DataReady data;
  data.name = "strokes";
  data.rows = data.columns = 28;
  data.train_count = 10000;
  data.test_count = 2000;
  data.map_points = points;
  for (int i = 0; i < 10; ++i) data.class_names.push_back(std::to_string(i));
  for (int i = 0; i < points; ++i) data.map_labels.push_back(i % 10);
  harness.app.receive(data);
  session::History history;
  for (int i = 1; i <= 200; ++i) history.losses.push_back({i, i / 40.0, 0.7 / i + 0.1});
  for (int i = 1; i <= 5; ++i) {
    session::EpochMetrics epoch;
    epoch.epoch = i;
    epoch.test_loss = 0.3 / i + 0.1;
    history.epochs.push_back(epoch);
  }
  harness.app.receive(history);
  session::Snapshot snapshot;
  snapshot.image_count = images;
  const auto pictures = std::make_shared<const session::Bytes>(784 * images, std::uint8_t{128});
  snapshot.originals = snapshot.corrupted = snapshot.reconstructed = pictures;
  snapshot.image_errors = std::make_shared<const session::Floats>(images, 0.0123f);
  session::Floats map;
  for (int i = 0; i < points; ++i) {
    map.push_back(static_cast<float>(i % 37) - 18);
    map.push_back(static_cast<float>(i % 23) - 11);
  }
  snapshot.map_points = std::make_shared<const session::Floats>(std::move(map));
  harness.app.receive(snapshot);
  session::Status status;
  status.step = 200;
  status.epoch = 5;
  harness.app.receive(status);
}

}  // namespace hourglass::ui
