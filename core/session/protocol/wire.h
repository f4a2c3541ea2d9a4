// Commands and events as bytes, for where they cross between modules (the web's postMessage).
//
// A message has the layout of a safetensors file: the length of a JSON header (8 bytes,
// little-endian), the header, then raw arrays. The header's "__metadata__" holds the message's name
// under "message" and its other fields as JSON text under "fields". JavaScript can read and write
// it without this code.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/base/error.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

Bytes encode(const Command& command);
Bytes encode(const Event& event);

// Bytes that are no command. `id` is the command's, so that whoever waits for its answer gets one;
// 0 if the bytes do not tell.
class CommandError : public Error {
 public:
  CommandError(const std::string& message, std::uint64_t id) : Error(message), id_(id) {}
  std::uint64_t id() const { return id_; }

 private:
  std::uint64_t id_;
};

// Every number is held against the range of its field's type, and every field against its kind;
// half of a surrogate pair in a text, which JavaScript allows and JSON does not, is read as U+FFFD.
// Throws CommandError if the bytes are no command, whatever is in them.
Command decode_command(std::span<const std::uint8_t> bytes);
// Throws Error if the bytes are no event.
Event decode_event(std::span<const std::uint8_t> bytes);

}  // namespace hourglass::session
