#include "ui/kit/mirror.h"

#include <imgui_internal.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/parse_number.h"
#include "ui/kit/kit.h"

namespace hourglass::ui {
namespace {

constexpr int kTaken = -1;  // the layer of words that are a control's name
constexpr char kLineEnd = '\x1e', kFieldEnd = '\x1f', kItemEnd = '\x1d';

bool is_words(const MirrorNode& node) {
  return node.role == MirrorRole::kText || node.role == MirrorRole::kNews;
}

bool is_set(const MirrorNode& node) {
  return node.role == MirrorRole::kChoice || node.role == MirrorRole::kSlider ||
         node.role == MirrorRole::kField || node.role == MirrorRole::kTextArea;
}

// Without the signs that part fields.
void put(std::string& out, std::string_view text) {
  for (const char c : text) out += c == kLineEnd || c == kFieldEnd || c == kItemEnd ? ' ' : c;
  out += kFieldEnd;
}
void put(std::string& out, long long number) {
  out += std::to_string(number);
  out += kFieldEnd;
}

void join(std::string& into, std::string_view more) {
  if (!into.empty() && !more.empty()) into += ' ';
  into += more;
}

// The keyboard's ring goes to the item drawn last, which is scrolled into sight.
void take_focus(const Rect& rect) {
  ImGuiContext& g = *ImGui::GetCurrentContext();
  ImGuiWindow* window = g.CurrentWindow;
  // A field that was typed in, or a slider that a key moved.
  if (g.ActiveId != 0) ImGui::ClearActiveID();
  ImGui::FocusWindow(window, ImGuiFocusRequestFlags_None);
  ImGui::SetFocusID(g.LastItemData.ID, window);
  ImGui::SetNavCursorVisible(true);
  g.NavInputSource = ImGuiInputSource_Keyboard;
  ImGui::ScrollToRect(window, {{rect.x, rect.y}, {rect.right(), rect.bottom()}},
                      ImGuiScrollFlags_KeepVisibleEdgeY);
}

}  // namespace

void Mirror::begin() {
  nodes_.clear();
  news = false;
  whole_ = part_ = 0;
}

MirrorNode& Mirror::add_node(ImGuiID item, std::string_view id, const Rect& rect) {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  const ImGuiItemFlags flags = g.LastItemData.ItemFlags;
  MirrorNode& node = nodes_.emplace_back();
  node.role = (flags & ImGuiItemFlags_NoNav) != 0 ? MirrorRole::kPicture : MirrorRole::kButton;
  node.item = item;
  if ((flags & ImGuiItemFlags_Disabled) != 0) node.states = kMirrorDisabled;
  node.rect = rect;
  node.window = g.CurrentWindow->ID;
  node.layer = g.BeginPopupStack.Size;
  node.id = id;
  return node;
}

void Mirror::add_item(std::string_view id, const Rect& rect) {
  const ImGuiID item = ImGui::GetItemID();
  if (item == 0) return;
  add_node(item, id, rect);
  if (take(MirrorAct::kFocus)) take_focus(rect);
}

bool Mirror::add_part(ImGuiID part, std::string_view id, const Rect& rect, bool focused) {
  add_node(part, id, rect);
  const bool turned = take(MirrorAct::kFocus, part) != nullptr;
  if (turned) take_focus(rect);
  if (turned || focused) {
    whole_ = ImGui::GetItemID();
    part_ = part;
  }
  return turned;
}

MirrorNode* Mirror::find(ImGuiID item) {
  const auto found = std::find_if(nodes_.rbegin(), nodes_.rend(), [&](const MirrorNode& node) {
    return item != 0 && node.item == item;
  });
  return found == nodes_.rend() ? nullptr : &*found;
}

void Mirror::add_text(const Rect& rect, std::string_view text) {
  if (text.empty()) return;
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  MirrorNode& node = nodes_.emplace_back();
  node.role = news ? MirrorRole::kNews : MirrorRole::kText;
  node.rect = rect;
  node.window = g.CurrentWindow->ID;
  node.layer = g.BeginPopupStack.Size;
  node.name = text;
}

void Mirror::add_heading(const Rect& rect, std::string_view text) {
  add_text(rect, text);
  if (!text.empty()) nodes_.back().role = MirrorRole::kHeading;
}

void Mirror::act(MirrorAct act, ImGuiID item, std::string_view text) {
  act_ = act;
  acted_ = item;
  acted_text_ = text;
}

const std::string* Mirror::take(MirrorAct act, ImGuiID item) {
  const ImGuiLastItemData& last = ImGui::GetCurrentContext()->LastItemData;
  if (acted_ == 0 || act_ != act || acted_ != (item != 0 ? item : last.ID) ||
      (last.ItemFlags & ImGuiItemFlags_Disabled) != 0) {
    return nullptr;
  }
  acted_ = 0;
  return &acted_text_;
}

int Mirror::slide(double& position, ImGuiID item) {
  MirrorNode* node = find(item != 0 ? item : ImGui::GetItemID());
  if (!node) return 0;
  node->role = MirrorRole::kSlider;
  node->position = std::isfinite(position) ? position : 0;
  constexpr double kMostSteps = 100;
  double number = 0;
  const std::string* text = take(MirrorAct::kMove, item);
  if (text && parse_number(*text, number)) position = std::clamp(number, 0.0, 1.0);
  text = take(MirrorAct::kStep, item);
  if (!text || !parse_number(*text, number)) return 0;
  return static_cast<int>(std::clamp(number, -kMostSteps, kMostSteps));
}

void Mirror::end() {
  const ImGuiContext& g = *ImGui::GetCurrentContext();
  focus_ = g.NavCursorVisible ? g.NavId : 0;
  if (focus_ != 0 && focus_ == whole_) focus_ = part_;
  popups_ = g.OpenPopupStack.Size;
  acted_ = 0;
  std::string_view title, words;
  for (MirrorNode& node : nodes_) {
    if (node.role == MirrorRole::kHeading) title = node.name;
    if (is_words(node)) words = node.name;
    if (node.item == 0) continue;
    // What is drawn in a control is a part of it.
    std::string inside;
    for (MirrorNode& text : nodes_) {
      if (!is_words(text) || text.window != node.window) continue;
      if (!node.rect.contains(text.rect.x + text.rect.w / 2, text.rect.y + text.rect.h / 2)) {
        continue;
      }
      join(inside, text.name);
      if (node.role != MirrorRole::kPicture) text.layer = kTaken;
    }
    if (node.name.empty() && is_set(node)) node.name = words;
    if (node.name.empty()) node.name = std::move(inside);
    if (node.name.empty() && node.role == MirrorRole::kPicture) node.name = title;
  }
  std::erase_if(nodes_, [](const MirrorNode& node) { return node.layer == kTaken; });
}

std::string Mirror::text() const {
  std::string out;
  put(out, focus_);
  put(out, popups_);
  out += kLineEnd;
  for (const MirrorNode& node : nodes_) {
    put(out, std::string_view(reinterpret_cast<const char*>(&node.role), 1));
    put(out, node.item);
    put(out, node.states);
    for (const float side : {node.rect.x, node.rect.y, node.rect.w, node.rect.h}) {
      put(out, std::lround(side));
    }
    put(out, node.layer);
    for (const std::string* field : {&node.id, &node.name, &node.value, &node.help}) {
      put(out, *field);
    }
    // In thousandths where it is a share.
    put(out, std::lround(node.position * (node.role == MirrorRole::kSlider ? 1000 : 1)));
    for (const std::string& option : node.options) {
      put(out, option);
      out.back() = kItemEnd;
    }
    out += kLineEnd;
  }
  return out;
}

void mirror_item(const Kit& kit, const Mirrored& said) {
  if (!kit.mirror) return;
  MirrorNode* node = kit.mirror->find(ImGui::GetItemID());
  if (!node) return;
  node->role = said.role;
  if (!said.name.empty()) node->name = said.name;
  if (!said.value.empty()) node->value = said.value;
  if (said.on) node->states |= kMirrorOn;
}

void mirror_help(const Kit& kit, std::string_view title, std::string_view help) {
  if (!kit.mirror) return;
  MirrorNode* node = kit.mirror->find(ImGui::GetItemID());
  if (!node) return;
  if (node->name.empty()) node->name = title.empty() ? help : title;
  if (node->name != help) node->help = help;
}

MirrorNews::MirrorNews(const Kit& kit) : mirror_(kit.mirror) {
  if (mirror_) mirror_->news = true;
}

MirrorNews::~MirrorNews() {
  if (mirror_) mirror_->news = false;
}

}  // namespace hourglass::ui
