// Commands and events as bytes, for where they cross between modules (the web's postMessage).
//
// A message has the layout of a safetensors file: the length of a JSON header (8 bytes, little-endian),
// the header, then raw arrays. The header's "__metadata__" holds the message's name under "message" and
// its other fields as JSON text under "fields". JavaScript can read and write it without this code.
#pragma once

#include <span>

#include "core/session/messages.h"

namespace hourglass::session {

Bytes encode(const Command& command);
Bytes encode(const Event& event);

// Throw Error if the bytes are no such message.
Command decode_command(std::span<const std::uint8_t> bytes);
Event decode_event(std::span<const std::uint8_t> bytes);

}  // namespace hourglass::session
