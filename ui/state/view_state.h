// What the person looks at and how. Settings of the run are the session's (store.h), not here.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/session/protocol/messages.h"
#include "ui/state/texts.h"

namespace hourglass::ui {

enum class ThemeKind { kLight, kDark };

// The part of the latent plane on show. `scale` is points of the screen per unit of the plane.
struct MapView {
  bool follow = true;  // all points stay in view as they move
  double center_x = 0, center_y = 0;
  double scale = 0;  // 0: not yet known
};

// What a drag on the map does.
enum class MapTool { kPath, kPan, kBox, kLasso };

struct MapPlace {
  double x = 0, y = 0;  // in the map's own coordinates
};

// What the drag under way on the map does.
enum class MapDrag { kNone, kPathFrom, kPathTo, kPan, kSelect };

// What the person does with the latent map.
struct MapState {
  MapTool tool = MapTool::kPath;
  MapDrag drag = MapDrag::kNone;
  int factor = -1;                        // of the data that colours the points; -1: their class
  std::vector<bool> hidden;               // classes that the legend has switched off, by label
  float factor_low = 0, factor_high = 1;  // shown part of the factor's range, as shares of it
  bool manifold = false;                  // decoded images behind the points
  bool thumbnails = false;                // held-out images in place of some points
  bool path_drawn = false;
  MapPlace path_from, path_to;          // of the strip of decoded images
  bool selecting = false;               // a box or lasso is being drawn
  std::vector<MapPlace> outline;        // of the box (two corners) or lasso under the pointer
  std::vector<std::uint32_t> selected;  // indices of held-out samples, in rising order
  std::uint64_t selections = 0;         // counts changes of `selected`
  bool hovering = false;
  MapPlace hover;
  bool inspector_left = false;  // the corner of what the pointer is over
  std::uint64_t data = 0;       // the revision of the data that all this belongs to
};

// The panels that share the card with tabs. The map is among them where it has no card of its own.
enum class Tab { kMap, kLoss, kWeights, kCode, kTraining };

// The layer of the network that is being edited.
struct LayerEdit {
  bool open = false;
  bool shown = false;  // its window has been opened
  int layer = -1;      // index into the layers of the network on show
  // The network that waits for a reset, and the texts that it was made of.
  std::string source;
  session::NetworkInfo pending;
  // Whether the code can be halved and doubled, and the texts that this was found out from.
  std::string waist_source;
  bool waist_less = false, waist_more = false;
};

// The code that is moved by hand.
struct CodeState {
  bool edited = false;  // else it is the code of the sample on show
  session::Floats code;
  int first_unit = 0;       // of the page of sliders on show
  int unit = -1;            // whose number is shown: the last one pointed at
  std::uint64_t drawn = 0;  // random codes so far: the next one is made from this number
};

// What the tab of weights shows.
struct WeightsState {
  std::string kind = "inputs";  // of the setting view.tiles, while the tab is on show
  std::string asked;            // the value sent last and not yet confirmed, or ""
  int layer = -1;  // whose histogram is on show where there is room for one; -1: the code's
};

// What the curves are of.
enum class CurveMeasure { kLoss, kAccuracy, kCode };

struct ViewState {
  ThemeKind theme = ThemeKind::kLight;
  Language language = Language::kEnglish;  // wanted; shown once its typeface is there
  float text_scale = 1;
  bool touch = false;  // controls are large enough for a finger
  std::string preset;  // that the settings are, or ""
  bool reduced_motion = false;
  bool stats = false;   // how long frames take is shown
  float frame_ms = 0;   // median of the last ones, while `stats`
  Tab tab = Tab::kMap;  // or the first that is there
  CurveMeasure measure = CurveMeasure::kLoss;
  bool log_loss = false;
  std::set<std::uint64_t> hidden_runs;  // serials of earlier runs that are not drawn
  std::uint64_t runs_forgotten = 0;     // earlier runs up to this serial are not even listed
  bool help_wanted = false;             // the page of help is to be opened
  bool difference = false;              // |original - reconstructed| has a row
  bool link_noise = false;              // noise shown and noise trained on are the same
  LayerEdit edit;
  CodeState code;
  WeightsState weights;
  MapView map;
  MapState map_state;
  std::uint64_t dismissed = 0;      // notices up to this serial are not shown
  std::string diagnosis_dismissed;  // kinds of what was wrong when that was put away
  // Values that were sent and are not yet confirmed: shown in place of the store's, so that a
  // slider stays under the finger.
  std::map<std::string, session::Value, std::less<>> pending_values;
  // ImGui's id of the control that was used last, while the pointer stays on it.
  std::uint32_t used_item = 0;
  // Of the control that a finger has rested on, whose help is shown, and of the slider that follows
  // a finger.
  std::uint32_t explained_item = 0;
  std::uint32_t finger_slider = 0;
  // Text under edit, of the one number field that has the keyboard.
  std::string edited_key;
  std::string edited_text;
};

}  // namespace hourglass::ui
