// What mends what is wrong with a run: for each kind of diagnosis, new values of settings. The
// window offers them on a button, the command line prints them as flags.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

struct Remedy {
  // Of the window's text, "remedy.NAME", which has a place for the first of the new values.
  std::string name;
  std::vector<std::pair<std::string, Value>> changes;  // at least one; all differ from `settings`
  bool restart = false;                                // a Reset must follow for them to act

  bool operator==(const Remedy&) const = default;
};

// What a remedy hangs on.
struct RemedyCase {
  const Settings& settings;
  std::string_view kind = {};             // of the diagnosis; see core/analysis/diagnosis.h
  std::span<const double> evidence = {};  // of the diagnosis
  std::int64_t features = 0;              // of a sample
  bool is_past_end = false;               // the run has trained for as many epochs as it was to
  double epochs = 0;                      // that it has trained
  bool can_rescale = true;                // the data are to be had in another scale
};

// Nothing where no setting is known to help, and for kinds that are not known.
std::optional<Remedy> remedy_for(const RemedyCase& of);

}  // namespace hourglass::session
