// Which data set a session trains on, which one its settings want, and what waits for it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/data/dataset.h"
#include "core/math/thread_pool.h"
#include "core/session/engine/display.h"
#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"
#include "core/text/documents.h"

namespace hourglass::session {

class DataSupply {
 public:
  // The data in use; null before the first.
  const DatasetPointer& current() const { return current_; }
  // Whether they are those that the settings name.
  bool is_current(const Settings& settings) const;

  // Whether the settings may name others, which was not looked into yet.
  bool is_stale() const { return stale_; }
  void mark_stale() { stale_ = true; }
  void mark_looked_into() { stale_ = false; }

  // The name of the data set that was asked for and has not come; "" for none.
  const std::string& asked() const { return asked_; }
  bool is_asked() const { return !asked_.empty(); }
  void ask(const std::string& name) { asked_ = name; }
  // An answer that is still under way comes too late.
  void stop_asking() { asked_.clear(); }

  // A checkpoint that is to be resumed, and a run that is to begin, once the data are there. With
  // `needs_others` those in use are a person's own, and others than it was trained on.
  void keep_checkpoint(std::vector<std::uint8_t> bytes, bool needs_others) {
    checkpoint_ = std::move(bytes);
    needs_others_ = needs_others;
  }
  std::vector<std::uint8_t> take_checkpoint() { return std::exchange(checkpoint_, {}); }
  void run_when_ready(bool run) { run_when_ready_ = run; }
  bool take_run() { return std::exchange(run_when_ready_, false); }
  bool wants_run() const { return run_when_ready_; }

  // What is in use, and whether it is a person's own, which the setting data.set calls "own"
  // whatever its name is.
  struct InUse {
    DatasetPointer data;
    bool is_own = false;
  };
  // Takes `next` into use; gives back those before.
  InUse replace(InUse next);
  // Undoes that: nobody has seen them.
  void put_back(InUse before);
  bool is_own() const { return own_; }

  // The event that tells of the data in use, with the samples of the map.
  DataReady describe(const Display& display);
  // Whether describe() has told of these data, but with another number of points on the map.
  bool has_other_map(const Display& display) const {
    return current_.get() == announced_ && display.map_size() != map_points_announced_;
  }

 private:
  DatasetPointer current_;
  bool own_ = false;
  bool stale_ = true;
  std::string asked_;
  std::vector<std::uint8_t> checkpoint_;
  bool needs_others_ = false;
  bool run_when_ready_ = false;
  const Dataset* announced_ = nullptr;
  Index map_points_announced_ = 0;
};

// The value of data.set that stands for a person's own data.
inline constexpr const char* kOwnData = "own";

// The data set that `settings` name, scaled as they say, of the samples that it has unscaled.
DatasetPointer prepared_data(Dataset unscaled, const Settings& settings);
// Documents as the settings want them, unscaled. Throws Error as dataset_from_documents().
Dataset documents_for(const Documents& documents, const std::string& name,
                      const Settings& settings);
// The one that needs no files: settings must name "strokes".
Dataset drawn_strokes(const Settings& settings, ThreadPool& pool);

}  // namespace hourglass::session
