// What a lesson has locked or hidden, among the widgets of settings.
#pragma once

#include "core/session/settings/settings.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

// While it lives, widgets that are drawn into `area` take nothing where the setting is locked; they
// are faded, and with `sign` there is a small lock on them. Where it is `hidden` they are not to be
// drawn.
class SettingGuard {
 public:
  SettingGuard(PanelContext& context, const Rect& area, const session::Setting& setting,
               bool sign = true);
  ~SettingGuard();
  SettingGuard(const SettingGuard&) = delete;
  SettingGuard& operator=(const SettingGuard&) = delete;

  const bool hidden;

 private:
  PanelContext& context_;
  Rect area_;
  bool locked_, sign_;
};

// A small lock behind the label of a locked setting, in the label's line.
void mark_locked(PanelContext& context, Rect line, const session::Setting& setting);

}  // namespace hourglass::ui
