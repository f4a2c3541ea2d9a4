// What a frame has drawn, told as controls with names and values: what a screen reader is given in
// place of pixels, and the way on which it uses them.
//
// Nothing is noted but in frames that somebody asks for. Names come from the help that a control
// has, else from the words that are drawn in it, else, for what is set to a value, from the words
// drawn before it.
#pragma once

#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

#include "ui/kit/geometry.h"

namespace hourglass::ui {

struct Kit;

enum class MirrorRole : char {
  kText = 't',
  kNews = 'n',     // words that are said when they appear
  kHeading = 'h',  // of what follows, up to the next one
  kButton = 'b',
  kSwitch = 'w',    // a button that is on or off
  kCheck = 'k',     // a box that is checked or not
  kTab = 'a',       // one of several of which one is selected
  kOption = 'o',    // of a list that is open
  kChoice = 'c',    // a list of which one is chosen
  kSlider = 's',    // its position runs from 0 to 1
  kField = 'f',     // a line of text
  kTextArea = 'x',  // lines of text
  kPicture = 'p',   // nothing to use
};

enum MirrorState : unsigned {
  kMirrorDisabled = 1,
  kMirrorOn = 2,    // pressed, checked or selected
  kMirrorOpen = 4,  // a list that is open
};

// What a person does to a control without the canvas.
enum class MirrorAct : char {
  kFocus = 'f',
  kPress = 'p',
  kChoose = 'c',  // text: the index of an item
  kStep = 's',    // text: how many steps, as the arrow keys make them
  kMove = 'm',    // text: the position, 0 to 1
  kWrite = 'w',   // text: what is in the field now
};

struct MirrorNode {
  MirrorRole role = MirrorRole::kText;
  ImGuiID item = 0;     // ImGui's id; 0: nothing to use
  unsigned states = 0;  // of MirrorState
  Rect rect;            // in points, also of what is scrolled out of sight
  ImGuiID window = 0;   // ImGui's, in which it is drawn
  int layer = 0;        // how many popups it lies in
  std::string id;       // as a widget
  std::string name, value, help;
  double position = 0;               // of a slider; of a choice the index of the chosen one, or -1
  std::vector<std::string> options;  // of a choice
};

class Mirror {
 public:
  // Begins a frame that is to be noted.
  void begin();
  // Ends it: gives names to what has none, and drops what was to be done and has not been.
  void end();

  // Notes the item drawn last, at `rect`. It is a button until something else is said of it; one
  // that the keyboard does not come to is a picture. Nothing if the item has no id.
  void add_item(std::string_view id, const Rect& rect);
  // Notes a part of the item drawn last as a control of its own, with an ImGui id of its own. While
  // that item has the keyboard it is the part that has it if `focused`. Returns whether somebody
  // has turned to the part.
  bool add_part(ImGuiID part, std::string_view id, const Rect& rect, bool focused);
  // The node of that item, or null.
  MirrorNode* find(ImGuiID item);
  void add_text(const Rect& rect, std::string_view text);
  void add_heading(const Rect& rect, std::string_view text);

  // What is to be done in the next frame, which takes the place of what was to be done before.
  void act(MirrorAct act, ImGuiID item, std::string_view text);
  // Whether something is.
  bool acting() const { return acted_ != 0; }
  // The text of what is to be done to the item drawn last, or to `item`, if it is that; null if
  // nothing is. It is done then.
  const std::string* take(MirrorAct act, ImGuiID item = 0);

  // Notes the item drawn last, or `item`, as a slider at `position`, 0 to 1, and moves that where
  // it is asked to. Returns how many steps it is asked to go, which may be below 0.
  int slide(double& position, ImGuiID item = 0);

  const std::vector<MirrorNode>& nodes() const { return nodes_; }
  // The frame as text: a line for what has the focus, and one for each node. Lines end in 0x1E,
  // their fields in 0x1F, the items of a choice in 0x1D; these signs occur nowhere else.
  //   focus: ImGui's id of the item that shows the keyboard's ring, or 0; how many popups are open
  //   node: role, item, states, x, y, width, height, layer, id, name, value, help, position,
  //         options
  std::string text() const;

  bool news = false;  // texts noted meanwhile are MirrorRole::kNews

 private:
  std::vector<MirrorNode> nodes_;
  MirrorNode& add_node(ImGuiID item, std::string_view id, const Rect& rect);

  ImGuiID focus_ = 0;
  ImGuiID whole_ = 0, part_ = 0;  // an item, and the part of it that has the keyboard with it
  int popups_ = 0;
  MirrorAct act_ = MirrorAct::kFocus;
  ImGuiID acted_ = 0;
  std::string acted_text_;
};

// Says more of the item drawn last; what is empty stays as it is. Costs nothing in frames that are
// not noted.
struct Mirrored {
  MirrorRole role = MirrorRole::kButton;
  std::string_view name = {};
  std::string_view value = {};
  bool on = false;
};
void mirror_item(const Kit& kit, const Mirrored& said);
// Its help, and its name where it has none yet.
void mirror_help(const Kit& kit, std::string_view title, std::string_view help);

// Words that are drawn while this lives are said when they appear.
class MirrorNews {
 public:
  explicit MirrorNews(const Kit& kit);
  ~MirrorNews();
  MirrorNews(const MirrorNews&) = delete;
  MirrorNews& operator=(const MirrorNews&) = delete;

 private:
  Mirror* mirror_;
};

}  // namespace hourglass::ui
