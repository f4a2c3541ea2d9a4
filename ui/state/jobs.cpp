#include "ui/state/jobs.h"

#include <algorithm>
#include <utility>

namespace hourglass::ui {
namespace {

// Above the numbers of Requests, and below those of other clients of the session.
constexpr std::uint64_t kFirstId = std::uint64_t{1} << 32;

using State = JobView::State;

JobFindings findings_of(session::JobResult&& event, std::uint64_t revision) {
  JobFindings found{revision, parse_json(event.fields), std::move(event.arrays)};
  if (!found.fields.is_object()) found.fields = Json::object();
  return found;
}

}  // namespace

const session::JobArray* JobFindings::find(std::string_view name) const {
  const auto found = std::find_if(arrays.begin(), arrays.end(),
                                  [&](const auto& array) { return array.name == name; });
  return found == arrays.end() ? nullptr : &*found;
}

std::int64_t JobFindings::size(std::string_view name, std::size_t axis) const {
  const session::JobArray* const found = find(name);
  return found && axis < found->shape.size() ? found->shape[axis] : 0;
}

double JobFindings::number(std::string_view name, double otherwise) const {
  const auto found = fields.find(name);
  return found != fields.end() && found->is_number() ? found->get<double>() : otherwise;
}

const JobView& Jobs::view(std::string_view kind) const {
  static const JobView none;
  const auto found = entries_.find(kind);
  return found == entries_.end() ? none : found->second.view;
}

void Jobs::start(const Send& send, std::string_view kind, const std::string& arguments) {
  cancel(send, kind);
  Entry& entry = entries_[std::string(kind)];
  JobView& view = entry.view;
  view.number = ++last_number_;
  view.state = State::kWorking;
  view.share = 0;
  view.stage.clear();
  view.message.clear();
  entry.starting = kFirstId + view.number;
  send({entry.starting, session::StartJob{std::string(kind), arguments, view.number}});
}

void Jobs::pause(const Send& send, std::string_view kind) {
  const auto found = entries_.find(kind);
  if (found == entries_.end() || found->second.view.state != State::kWorking) return;
  found->second.view.state = State::kPaused;
  send({0, session::PauseJob{found->second.view.number}});
}

void Jobs::resume(const Send& send, std::string_view kind) {
  const auto found = entries_.find(kind);
  if (found == entries_.end() || found->second.view.state != State::kPaused) return;
  found->second.view.state = State::kWorking;
  send({0, session::ResumeJob{found->second.view.number}});
}

void Jobs::cancel(const Send& send, std::string_view kind) {
  const auto found = entries_.find(kind);
  if (found == entries_.end()) return;
  Entry& entry = found->second;
  if (!entry.view.is_under_way() && entry.view.state != State::kReady) return;
  // Whatever comes of it is that number's, which is nobody's from here on. It may have ended by
  // itself: that it is not there is no news, so the refusal goes to this entry's question.
  entry.flying = kFirstId + ++last_number_;
  entry.flying_tag = 0;
  send({entry.flying, session::CancelJob{entry.view.number}});
  entry.view.number = 0;
  entry.view.state = State::kCancelled;
  entry.starting = 0;
  entry.last_tag = 0;
  entry.next.reset();
}

void Jobs::forget(const Send& send, std::string_view kind) {
  cancel(send, kind);
  const auto found = entries_.find(kind);
  if (found == entries_.end()) return;
  found->second.view = {};
  found->second.last_tag = 0;
}

void Jobs::ask(const Send& send, std::string_view kind, std::uint64_t tag,
               const std::string& arguments) {
  const auto found = entries_.find(kind);
  if (found == entries_.end() || found->second.view.state != State::kReady) return;
  Entry& entry = found->second;
  if (entry.last_tag == tag) return;
  entry.last_tag = tag;
  if (entry.flying != 0) {
    entry.next = Question{tag, arguments};
  } else {
    fly(send, entry, {tag, arguments});
  }
}

void Jobs::fly(const Send& send, Entry& entry, const Question& question) {
  entry.flying = kFirstId + ++last_number_;
  entry.flying_tag = question.tag;
  send({entry.flying, session::AskJob{entry.view.number, entry.flying, question.arguments}});
}

void Jobs::drop_findings() {
  for (auto& [kind, entry] : entries_) {
    entry.view.result = entry.view.answer = {};
    entry.view.whole = false;
    entry.view.asked = entry.last_tag = 0;
  }
}

Jobs::Entry* Jobs::find(std::uint64_t job) {
  for (auto& [kind, entry] : entries_) {
    if (job != 0 && entry.view.number == job) return &entry;
  }
  return nullptr;
}

void Jobs::take(Entry& entry, session::JobResult&& event) {
  const bool is_answer = event.question != 0, done = event.done;
  if (is_answer && event.question != entry.flying) return;
  JobFindings found = findings_of(std::move(event), ++revision_);
  if (is_answer) {
    entry.view.answer = std::move(found);
    entry.view.asked = entry.flying_tag;
    return;
  }
  entry.view.result = std::move(found);
  entry.view.whole = done;
  // One that does not stay ends at once.
  if (done) entry.view.state = State::kReady;
}

// Whatever was asked is answered: on to what was asked meanwhile.
void Jobs::settle(const Send& send, Entry& entry) {
  entry.flying = 0;
  if (!entry.next || entry.view.state != State::kReady) return;
  const Question next = *std::exchange(entry.next, std::nullopt);
  fly(send, entry, next);
}

bool Jobs::take_refusal(const Send& send, const session::Failure& event) {
  for (auto& [kind, entry] : entries_) {
    if (entry.starting == event.id) {
      entry.starting = 0;
      entry.view.number = 0;
      entry.view.state = State::kFailed;
      entry.view.message = event.message;
    } else if (entry.flying == event.id) {
      // A question of nothing was a job's end.
      if (entry.flying_tag != 0) entry.view.message = event.message;
      settle(send, entry);
    } else {
      continue;
    }
    return true;
  }
  return event.id >= kFirstId && event.id <= kFirstId + last_number_;
}

bool Jobs::receive(const Send& send, session::Event& event) {
  if (const auto* failure = std::get_if<session::Failure>(&event)) {
    return take_refusal(send, *failure);
  }
  if (const auto* reply = std::get_if<session::Reply>(&event)) {
    for (auto& [kind, entry] : entries_) {
      if (entry.starting == reply->id) entry.starting = 0;
      if (reply->id != 0 && entry.flying == reply->id) settle(send, entry);
    }
    return reply->id >= kFirstId && reply->id <= kFirstId + last_number_;
  }
  if (auto* result = std::get_if<session::JobResult>(&event)) {
    Entry* const entry = find(result->job);
    if (entry) take(*entry, std::move(*result));
    return entry != nullptr;
  }
  if (const auto* progress = std::get_if<session::JobProgress>(&event)) {
    Entry* const entry = find(progress->job);
    if (!entry) return false;
    entry->view.share = progress->share;
    entry->view.stage = progress->stage;
    return true;
  }
  if (const auto* ended = std::get_if<session::JobEnded>(&event)) {
    Entry* const entry = find(ended->job);
    if (!entry) return false;
    using session::JobEnd;
    entry->view.number = 0;
    entry->view.state = ended->reason == JobEnd::kDone        ? State::kDone
                        : ended->reason == JobEnd::kCancelled ? State::kCancelled
                                                              : State::kFailed;
    entry->view.message = ended->message;
    entry->starting = entry->last_tag = 0;
    entry->next.reset();
    return true;
  }
  return false;
}

}  // namespace hourglass::ui
