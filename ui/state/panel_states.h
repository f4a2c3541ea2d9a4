// What the panels keep between frames: one object of each type that was ever asked for. The room of
// a feature says what its own looks like, and nobody else has to know of it.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace hourglass::ui {

class PanelStates {
 public:
  // The one object of this type; it stays where it is. Default values until somebody changes it.
  template <typename State>
  State& get() {
    for (const auto& [key, state] : states_) {
      if (key == &kKey<State>) return *static_cast<State*>(state.get());
    }
    states_.emplace_back(&kKey<State>, std::make_shared<State>());
    return *static_cast<State*>(states_.back().second.get());
  }

 private:
  template <typename State>
  static inline char kKey = 0;  // its address stands for the type

  std::vector<std::pair<const char*, std::shared_ptr<void>>> states_;
};

}  // namespace hourglass::ui
