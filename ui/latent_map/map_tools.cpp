#include "ui/latent_map/map_tools.h"

#include <imgui.h>
#include <imgui_internal.h>

#include <cmath>

#include "ui/kit/controls.h"
#include "ui/latent_map/map_points.h"
#include "ui/latent_map/map_select.h"
#include "ui/settings/setting_widget.h"

namespace hourglass::ui {
namespace {

constexpr double kZoomStep = 1.4;
constexpr std::size_t kMaxCorners = 1500;

struct ToolInfo {
  MapTool tool;
  std::string_view name;
  Icon icon;
  ImGuiKey key;
};
constexpr ToolInfo kTools[] = {{MapTool::kPath, "path", Icon::kPath, ImGuiKey_P},
                               {MapTool::kPan, "pan", Icon::kHand, ImGuiKey_H},
                               {MapTool::kBox, "box", Icon::kBox, ImGuiKey_B},
                               {MapTool::kLasso, "lasso", Icon::kLasso, ImGuiKey_L}};

bool sign_button(PanelContext& context, const Rect& area, const std::string& id, Icon icon, bool on,
                 const std::string& text) {
  return draw_button(context, area,
                     {.id = id,
                      .icon = icon,
                      .kind = ButtonKind::kBare,
                      .help_title = context.texts.get(text),
                      .help = context.texts.get(text + ".help"),
                      .on = on});
}

void zoom_middle(PanelContext& context, const MapTransform& map, double factor) {
  zoom_map(context.state<MapState>().view, map, map.area.x + map.area.w / 2,
           map.area.y + map.area.h / 2, factor);
}

MapPlace place_at(const MapTransform& map, ImVec2 at) {
  return {map.plane_x(at.x), map.plane_y(at.y)};
}

bool near_place(const PanelContext& context, const MapTransform& map, const MapPlace& place,
                ImVec2 at) {
  const float reach = context.theme.metrics.px(context.theme.metrics.touch ? 22 : 11);
  return std::hypot(map.screen_x(place.x) - at.x, map.screen_y(place.y) - at.y) <= reach;
}

// What a drag that began at `start` does, now that it has moved.
void begin_drag(PanelContext& context, const MapTransform& map, ImVec2 start) {
  MapState& state = context.state<MapState>();
  switch (state.tool) {
    case MapTool::kPath:
      clear_selection(state);
      state.path_drawn = true;
      state.path_from = place_at(map, start);
      state.drag = MapDrag::kPathTo;
      break;
    case MapTool::kPan:
      state.drag = MapDrag::kPan;
      break;
    case MapTool::kBox:
    case MapTool::kLasso:
      state.path_drawn = false;
      state.selecting = true;
      state.outline = {place_at(map, start)};
      state.drag = MapDrag::kSelect;
      break;
  }
}

void go_on(PanelContext& context, const MapTransform& map, ImVec2 at) {
  MapState& state = context.state<MapState>();
  const ImVec2 held{std::clamp(at.x, map.area.x, map.area.right()),
                    std::clamp(at.y, map.area.y, map.area.bottom())};
  const MapPlace here = place_at(map, held);
  switch (state.drag) {
    case MapDrag::kNone:
      break;
    case MapDrag::kPathFrom:
      state.path_from = here;
      break;
    case MapDrag::kPathTo:
      state.path_to = here;
      break;
    case MapDrag::kPan:
      pan_map(context.state<MapState>().view, ImGui::GetIO().MouseDelta.x,
              ImGui::GetIO().MouseDelta.y);
      break;
    case MapDrag::kSelect:
      if (state.tool == MapTool::kBox) {
        state.outline.resize(1);
        state.outline.push_back(here);
      } else if (state.outline.size() < kMaxCorners) {
        const MapPlace& last = state.outline.back();
        if (std::hypot(here.x - last.x, here.y - last.y) * map.scale >= 2) {
          state.outline.push_back(here);
        }
      }
      break;
  }
}

void click_point(PanelContext& context, const MapTransform& map, ImVec2 at) {
  const auto& points = context.store.snapshot.map_points;
  const MapState& state = context.state<MapState>();
  const float reach = context.theme.metrics.px(context.theme.metrics.touch ? 24 : 12);
  const std::int64_t nearest = nearest_point(
      *points, map.plane_x(at.x), map.plane_y(at.y), static_cast<double>(reach) / map.scale,
      [&](std::size_t i) { return point_shown(context.store, state, i); });
  if (nearest >= 0) change_setting(context, session::find_setting("view.sample"), nearest);
}

void end_drag(PanelContext& context, const MapTransform& map) {
  MapState& state = context.state<MapState>();
  if (state.drag == MapDrag::kSelect && state.selecting) {
    if (state.tool == MapTool::kBox && state.outline.size() == 2) {
      state.outline = box_outline(state.outline[0], state.outline[1]);
    }
    select_inside(context.store, state, state.outline);
  } else if (state.drag == MapDrag::kNone && ImGui::IsMouseReleased(0)) {
    click_point(context, map, ImGui::GetIO().MousePos);
  }
  state.selecting = false;
  state.outline.clear();
  state.drag = MapDrag::kNone;
}

void use_pointer(PanelContext& context, const MapTransform& map) {
  const ImGuiIO& io = ImGui::GetIO();
  MapState& state = context.state<MapState>();
  const bool hovered = ImGui::IsItemHovered(), active = ImGui::IsItemActive();
  if (hovered && io.MouseWheel != 0) {
    zoom_map(context.state<MapState>().view, map, io.MousePos.x, io.MousePos.y,
             std::pow(1.2, static_cast<double>(io.MouseWheel)));
  }
  if (hovered && ImGui::IsMouseDoubleClicked(0)) context.state<MapState>().view = {};
  if (ImGui::IsItemActivated()) {
    state.drag = MapDrag::kNone;
    if (ImGui::IsMouseClicked(1) || ImGui::IsMouseClicked(2)) {
      state.drag = MapDrag::kPan;
    } else if (state.path_drawn && near_place(context, map, state.path_to, io.MousePos)) {
      state.drag = MapDrag::kPathTo;
    } else if (state.path_drawn && near_place(context, map, state.path_from, io.MousePos)) {
      state.drag = MapDrag::kPathFrom;
    }
  }
  if (active && (io.MouseDown[0] || io.MouseDown[1] || io.MouseDown[2])) {
    const float moved = context.theme.metrics.touch ? 8.0f : 4.0f;
    if (state.drag == MapDrag::kNone && ImGui::IsMouseDragging(0, moved)) {
      begin_drag(context, map, io.MouseClickedPos[0]);
    }
    go_on(context, map, io.MousePos);
  }
  if (ImGui::IsItemDeactivated()) end_drag(context, map);

  const bool over = (hovered || active) && ImGui::IsMousePosValid() &&
                    map.area.contains(io.MousePos.x, io.MousePos.y);
  if (state.drag != MapDrag::kNone) {
    state.hovering = false;  // whoever draws a path looks at its pictures
  } else if (over) {
    state.hovering = true;
    state.hover = place_at(map, io.MousePos);
  } else if (!context.theme.metrics.touch || ImGui::IsMouseClicked(0)) {
    // What a finger has tapped stays until it taps elsewhere.
    state.hovering = false;
  }
  if (hovered && near_place(context, map, state.path_from, io.MousePos) && state.path_drawn) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
  if (hovered && near_place(context, map, state.path_to, io.MousePos) && state.path_drawn) {
    ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
  }
}

void use_keys(PanelContext& context, const MapTransform& map) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.WantTextInput || io.KeyCtrl || io.KeyAlt || io.KeySuper) return;
  if (ImGui::IsItemFocused() || ImGui::IsItemHovered()) {
    for (const ToolInfo& info : kTools) {
      if (ImGui::IsKeyPressed(info.key, false)) context.state<MapState>().tool = info.tool;
    }
  }
  if (!ImGui::IsItemFocused()) return;
  const ImGuiID id = ImGui::GetItemID();
  const float step = context.theme.metrics.px(30);
  const struct {
    ImGuiKey key;
    float dx, dy;
  } arrows[] = {{ImGuiKey_LeftArrow, step, 0},
                {ImGuiKey_RightArrow, -step, 0},
                {ImGuiKey_UpArrow, 0, step},
                {ImGuiKey_DownArrow, 0, -step}};
  for (const auto& arrow : arrows) {
    // Else the arrow would also move the keyboard's focus to the next widget.
    ImGui::SetKeyOwner(arrow.key, id);
    if (ImGui::IsKeyPressed(arrow.key, ImGuiInputFlags_Repeat, id)) {
      pan_map(context.state<MapState>().view, arrow.dx, arrow.dy);
    }
  }
  if (ImGui::IsKeyPressed(ImGuiKey_Equal) || ImGui::IsKeyPressed(ImGuiKey_KeypadAdd)) {
    zoom_middle(context, map, kZoomStep);
  }
  if (ImGui::IsKeyPressed(ImGuiKey_Minus) || ImGui::IsKeyPressed(ImGuiKey_KeypadSubtract)) {
    zoom_middle(context, map, 1 / kZoomStep);
  }
  if (ImGui::IsKeyPressed(ImGuiKey_0, false) || ImGui::IsKeyPressed(ImGuiKey_Keypad0, false)) {
    context.state<MapState>().view = {};
  }
}

}  // namespace

void select_inside(const Store& store, MapState& state, std::span<const MapPlace> outline) {
  if (!store.snapshot.map_points) return;
  state.selected = points_inside(*store.snapshot.map_points, outline,
                                 [&](std::size_t i) { return point_shown(store, state, i); });
  ++state.selections;
}

void clear_selection(MapState& state) {
  if (!state.selected.empty()) ++state.selections;
  state.selected.clear();
}

void draw_map_tools(PanelContext& context, const MapArrangement& at, const MapTransform& map) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  MapState& state = context.state<MapState>();
  // One surface under the four says that they exclude one another.
  const Rect& first = at.tools.front();
  const Rect& last = at.tools.back();
  const Rect whole{first.x, first.y, last.right() - first.x, last.bottom() - first.y};
  const bool one_line = last.y == first.y || last.x == first.x;
  if (one_line && !whole.empty()) {
    ImGui::GetWindowDrawList()->AddRectFilled(top_left(whole), bottom_right(whole),
                                              theme.color(theme.colors.field, 0.6f), m.radius);
  }
  for (std::size_t i = 0; i < at.tools.size(); ++i) {
    const ToolInfo& info = kTools[i];
    const std::string name(info.name);
    if (sign_button(context, at.tools[i], "map:tool:" + name, info.icon, state.tool == info.tool,
                    "latent.tool." + name)) {
      state.tool = info.tool;
    }
  }
  if (sign_button(context, at.toggles[0], "map:manifold", Icon::kGrid, state.manifold,
                  "latent.manifold")) {
    state.manifold = !state.manifold;
  }
  if (sign_button(context, at.toggles[1], "map:thumbnails", Icon::kThumbnails, state.thumbnails,
                  "latent.thumbnails")) {
    state.thumbnails = !state.thumbnails;
  }
  if (sign_button(context, at.zoom[0], "map:zoom_out", Icon::kZoomOut, false, "latent.zoom_out")) {
    zoom_middle(context, map, 1 / kZoomStep);
  }
  if (sign_button(context, at.zoom[1], "map:zoom_in", Icon::kZoomIn, false, "latent.zoom_in")) {
    zoom_middle(context, map, kZoomStep);
  }
  if (!context.state<MapState>().view.follow &&
      sign_button(context, at.fit, "map_fit", Icon::kFit, false, "latent.fit")) {
    context.state<MapState>().view = {};
  }
}

void pinch_map(PanelContext& context, const Rect& area) {
  MapView& view = context.state<MapState>().view;
  if (view.scale <= 0) return;
  const ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 from = list.GetClipRectMin(), to = list.GetClipRectMax();
  const Rect seen = intersection(area, {from.x, from.y, to.x - from.x, to.y - from.y});
  for (const Pinch& pinch : context.input.pinches) {
    if (!seen.contains(pinch.x, pinch.y)) continue;
    zoom_map(view, {area, view.center_x, view.center_y, view.scale}, pinch.x, pinch.y,
             static_cast<double>(pinch.factor));
    pan_map(view, pinch.dx, pinch.dy);
  }
}

void use_map(PanelContext& context, const MapTransform& map) {
  ImGui::SetCursorScreenPos(top_left(map.area));
  ImGui::SetNextItemAllowOverlap();
  ImGui::InvisibleButton("##map", {map.area.w, map.area.h},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight |
                             ImGuiButtonFlags_MouseButtonMiddle | ImGuiButtonFlags_EnableNav);
  register_item(context, "map");
  mirror_item(context, {.role = MirrorRole::kPicture});
  take_gestures(context, map.area, kDrag | kWheel);
  // The wheel is the map's own while the pointer is over it; elsewhere it scrolls.
  ImGui::SetItemKeyOwner(ImGuiKey_MouseWheelY);
  use_pointer(context, map);
  use_keys(context, map);
}

}  // namespace hourglass::ui
