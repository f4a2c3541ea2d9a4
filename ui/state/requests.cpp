#include "ui/state/requests.h"

#include <utility>

namespace hourglass::ui {

void Requests::ask(const Send& send, Query what, std::uint64_t tag, session::Decode body) {
  put(send, what, {tag, {0, std::move(body)}});
}
void Requests::ask(const Send& send, Query what, std::uint64_t tag, session::DecodeMap body) {
  put(send, what, {tag, {0, std::move(body)}});
}
void Requests::ask(const Send& send, Query what, std::uint64_t tag, session::GetImages body) {
  put(send, what, {tag, {0, std::move(body)}});
}

void Requests::forget(Query what) {
  Slot& slot = slots_[static_cast<std::size_t>(what)];
  slot.last = 0;
  slot.dropped = slot.flying != 0;
  slot.next.reset();
  slot.answer.tag = 0;
  slot.answer.images.clear();
  ++slot.answer.revision;
}

void Requests::forget_all() {
  for (std::size_t i = 0; i < slots_.size(); ++i) forget(static_cast<Query>(i));
}

void Requests::put(const Send& send, Query what, Question question) {
  Slot& slot = slots_[static_cast<std::size_t>(what)];
  if (question.tag == slot.last) return;
  slot.last = question.tag;
  if (slot.flying != 0) {
    slot.next = std::move(question);
  } else {
    fly(send, slot, std::move(question));
  }
}

void Requests::fly(const Send& send, Slot& slot, Question question) {
  slot.flying = question.command.id = ++last_id_;
  slot.flying_tag = question.tag;
  slot.dropped = false;
  send(std::move(question.command));
}

bool Requests::receive(const Send& send, session::Event& event) {
  auto* const reply = std::get_if<session::Reply>(&event);
  const auto* const failure = std::get_if<session::Failure>(&event);
  const std::uint64_t id = reply ? reply->id : failure ? failure->id : 0;
  if (id == 0) return false;
  for (Slot& slot : slots_) {
    if (slot.flying != id) continue;
    slot.flying = 0;
    if (reply && !slot.dropped) {
      slot.answer.tag = slot.flying_tag;
      slot.answer.images = std::move(reply->images);
      ++slot.answer.revision;
    }
    if (slot.next) {
      Question next = std::move(*slot.next);
      slot.next.reset();
      fly(send, slot, std::move(next));
    }
    return true;
  }
  return false;
}

}  // namespace hourglass::ui
