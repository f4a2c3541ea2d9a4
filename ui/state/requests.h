// Pictures that panels ask the engine for: what a place of the map decodes to, held-out images by
// their index. One question of each purpose is under way at a time, and of those that come
// meanwhile only the newest is kept, so a moving pointer never fills a queue.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/session/protocol/messages.h"
#include "ui/state/send.h"

namespace hourglass::ui {

enum class Query : std::uint8_t {
  kHover,           // the place of the map under the pointer
  kNearest,         // the held-out image nearest to it
  kInterpolation,   // the way between two places of the map
  kManifold,        // the grid behind the map
  kThumbnails,      // held-out images drawn on the map
  kSelection,       // held-out images of the selected points
  kCode,            // the code that was moved by hand
  kSample,          // the held-out image whose code it was
  kTsneHover,       // the held-out image of the point of the t-SNE map under the pointer
  kTsneThumbnails,  // held-out images drawn on that map
  kCount,
};

struct Answer {
  std::uint64_t tag = 0;  // of the question; 0: there was no answer yet
  std::uint64_t revision =
      0;                   // counts the answers, so that textures can tell whether they are stale
  session::Floats images;  // count x features, image by image
};

class Requests {
 public:
  // Asks, unless `tag` is what was asked last for this purpose. The tag stands for all that the
  // picture depends on (not 0): a place, and a revision of the store.
  void ask(const Send& send, Query what, std::uint64_t tag, session::Decode body);
  void ask(const Send& send, Query what, std::uint64_t tag, session::DecodeMap body);
  void ask(const Send& send, Query what, std::uint64_t tag, session::GetImages body);

  // The newest answer. It stays while the next one is under way.
  const Answer& answer(Query what) const { return slots_[static_cast<std::size_t>(what)].answer; }
  // Whether an answer is still to come.
  bool waiting(Query what) const { return slots_[static_cast<std::size_t>(what)].flying != 0; }
  // Drops answer and question, also one that is under way: the picture would be of something else.
  void forget(Query what);
  void forget_all();

  // Takes the answer if it is one to these questions. A question that failed leaves the picture
  // that was there: the run's own failures are told elsewhere.
  bool receive(const Send& send, session::Event& event);

 private:
  struct Question {
    std::uint64_t tag = 0;
    session::Command command;
  };
  struct Slot {
    std::uint64_t last = 0;    // tag asked last
    std::uint64_t flying = 0;  // id of the command under way, or 0
    std::uint64_t flying_tag = 0;
    bool dropped = false;  // its answer is no longer wanted
    std::optional<Question> next;
    Answer answer;
  };
  void put(const Send& send, Query what, Question question);
  void fly(const Send& send, Slot& slot, Question question);

  std::array<Slot, static_cast<std::size_t>(Query::kCount)> slots_;
  std::uint64_t last_id_ = 0;
};

}  // namespace hourglass::ui
