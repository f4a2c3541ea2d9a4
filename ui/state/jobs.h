// The background jobs that panels have started: how far each is, and what it has found. There is
// one of each kind at most, as in the engine.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/session/protocol/messages.h"
#include "ui/state/send.h"

namespace hourglass::ui {

// What a job has found, or its answer to a question.
struct JobFindings {
  // Counts up with each result of any job, so that what is made of it can tell whether it is stale;
  // 0: there is none.
  std::uint64_t revision = 0;
  Json fields = Json::object();
  std::vector<session::JobArray> arrays;

  bool empty() const { return revision == 0; }
  // The array of that name, or null where there is none of that type.
  template <typename Values>
  const Values* array(std::string_view name) const {
    const session::JobArray* const found = find(name);
    return found ? std::get_if<Values>(&found->values) : nullptr;
  }
  const session::Floats* floats(std::string_view name) const {
    return array<session::Floats>(name);
  }
  const session::Bytes* bytes(std::string_view name) const { return array<session::Bytes>(name); }
  const std::vector<std::uint32_t>* indices(std::string_view name) const {
    return array<std::vector<std::uint32_t>>(name);
  }
  // The size of an array along an axis, or 0 where there is none.
  std::int64_t size(std::string_view name, std::size_t axis) const;
  // A field, or `otherwise` where there is no number of that name.
  double number(std::string_view name, double otherwise = 0) const;

 private:
  const session::JobArray* find(std::string_view name) const;
};

struct JobView {
  enum class State : std::uint8_t {
    kNone,     // none was started
    kWorking,  // also while the command to start it is on its way
    kPaused,
    kReady,  // it has found all, and stays to be asked
    kDone,
    kCancelled,
    kFailed,  // `message` says why, or what has changed under it
  };
  State state = State::kNone;
  std::uint64_t number = 0;  // by which the engine tells of it
  double share = 0;          // of the work that is done, from 0 to 1
  std::string stage;         // as in JobProgress
  std::string message;       // "" or one sentence
  // The newest of what this one has found or, until it has found something, of what the one before
  // it had: a picture stays until there is a better one.
  JobFindings result;
  bool whole = false;       // the result is all that it finds
  JobFindings answer;       // to the newest question that was answered
  std::uint64_t asked = 0;  // the tag of `answer`

  bool is_under_way() const { return state == State::kWorking || state == State::kPaused; }
};

class Jobs {
 public:
  // What is known of the job of that kind.
  const JobView& view(std::string_view kind) const;

  // Starts one, in place of one of that kind that is there. `arguments` is JSON text of an object.
  void start(const Send& send, std::string_view kind, const std::string& arguments);
  void pause(const Send& send, std::string_view kind);
  void resume(const Send& send, std::string_view kind);
  void cancel(const Send& send, std::string_view kind);
  // Forgets what it has found, and ends it.
  void forget(const Send& send, std::string_view kind);

  // Asks a job that is ready, unless `tag` is what was asked last: the tag stands for all that the
  // answer depends on, and is not 0. One question is under way at a time, and of those that come
  // meanwhile only the newest is kept.
  void ask(const Send& send, std::string_view kind, std::uint64_t tag,
           const std::string& arguments);

  // Forgets what all of them have found: the data are others.
  void drop_findings();

  // Takes an event about one of these jobs. What the engine refuses becomes the job's message.
  bool receive(const Send& send, session::Event& event);

 private:
  struct Question {
    std::uint64_t tag = 0;
    std::string arguments;
  };
  struct Entry {
    JobView view;
    std::uint64_t starting = 0;  // id of the command under way, or 0
    std::uint64_t last_tag = 0, flying = 0, flying_tag = 0;
    std::optional<Question> next;
  };
  Entry* find(std::uint64_t job);
  void fly(const Send& send, Entry& entry, const Question& question);
  void take(Entry& entry, session::JobResult&& event);
  bool take_refusal(const Send& send, const session::Failure& event);
  void settle(const Send& send, Entry& entry);

  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t last_number_ = 0, revision_ = 0;
};

}  // namespace hourglass::ui
