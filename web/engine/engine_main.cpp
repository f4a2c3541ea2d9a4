// The engine as a WebAssembly module: commands and events as bytes
// (core/session/protocol/wire.h), and time
// to train in.
//
// Whoever loads it calls engine_create() once, engine_command() for each command, and
// engine_advance() as long as, and when, it says that there is more to do; after each of these it
// takes the events out with engine_next_event(). All of it from one thread. engine_driver.js beside
// this file does that; web/client/engine_client.js is the way in for everybody else.
#include <emscripten.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <iterator>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <variant>

#include "core/math/simd/kernels.h"
#include "core/session/engine/session.h"
#include "core/session/protocol/messages.h"
#include "core/session/protocol/wire.h"

namespace {

using hourglass::session::Bytes;
using hourglass::session::Event;
using hourglass::session::Failure;
using hourglass::session::Session;
using hourglass::session::SessionOptions;

struct Engine {
  std::unique_ptr<Session> session;
  hourglass::session::ProvideData data;  // files of a data set that are still being written
  std::deque<Event> events;
  Bytes current;  // the event last handed out
};

Engine engine;

void collect_events() {
  for (Event& event : engine.session->take_events()) engine.events.push_back(std::move(event));
}

}  // namespace

extern "C" {

// Starts the session with that many threads (1 in the module without threads).
EMSCRIPTEN_KEEPALIVE void engine_create(int threads) {
  SessionOptions options;
  options.threads = threads;
  // web/loading/capabilities.js speaks of the same two.
  options.engine_name = hourglass::kernels().key;
  // A phone grants 256 MB for everything.
  options.kept_bytes = std::size_t{32} << 20;
  options.timeline_bytes = std::size_t{32} << 20;
  engine.session = std::make_unique<Session>(options);
  collect_events();
}

// Ends the session and its threads.
EMSCRIPTEN_KEEPALIVE void engine_destroy() {
  engine.session.reset();
  engine.events.clear();
  engine.data = {};
  engine.current = Bytes();
}

// Carries out one command. Bytes that are no command are answered by a Failure event with their id,
// or 0 if they do not tell.
EMSCRIPTEN_KEEPALIVE void engine_command(const std::uint8_t* bytes, std::size_t length) {
  try {
    engine.session->handle(hourglass::session::decode_command(std::span(bytes, length)));
  } catch (const hourglass::session::CommandError& error) {
    engine.events.push_back(Failure{.id = error.id(), .message = error.what()});
  }
  collect_events();
}

// Room for one of the files of a data set, in ProvideData's order, to be written uncompressed
// before engine_provide_data(); 0 bytes give it back. A message with the files in it would be there
// several times over while it is read, and WebAssembly memory never shrinks. Returns null if there
// is no such room.
EMSCRIPTEN_KEEPALIVE std::uint8_t* engine_file(int part, std::size_t bytes) {
  auto& data = engine.data;
  Bytes* const files[] = {&data.train_images, &data.train_labels, &data.test_images,
                          &data.test_labels,  &data.documents,    &data.samples};
  if (part < 0 || part >= static_cast<int>(std::size(files))) return nullptr;
  *files[part] = Bytes();
  try {
    *files[part] = Bytes(bytes);
  } catch (const std::exception&) {  // bad_alloc, or length_error where no such array can be
    return nullptr;
  }
  return files[part]->data();
}

// The files of the data set `name` (UTF-8) are written.
EMSCRIPTEN_KEEPALIVE void engine_provide_data(const char* name) {
  engine.data.name = name;
  engine.session->handle({.id = 0, .body = std::exchange(engine.data, {})});
  collect_events();
}

// Trains or brings the display up to date for about `microseconds`. Returns after how many
// microseconds there is more to do if no command comes: 0 if at once, -1 if never.
EMSCRIPTEN_KEEPALIVE int engine_advance(int microseconds) {
  const bool more = engine.session->advance(std::chrono::microseconds(microseconds));
  collect_events();
  return more ? static_cast<int>(engine.session->idle_for().count()) : -1;
}

// The oldest event that was not yet taken, or null. The bytes, engine_event_length() of them, are
// valid until the next call.
EMSCRIPTEN_KEEPALIVE const std::uint8_t* engine_next_event() {
  // Given back rather than kept for the next one: a checkpoint's bytes are many.
  engine.current = Bytes();
  if (engine.events.empty()) return nullptr;
  const Event event = std::move(engine.events.front());
  engine.events.pop_front();
  try {
    engine.current = hourglass::session::encode(event);
  } catch (const std::exception&) {
    // No room for the bytes. Whoever waits for an answer gets that one.
    const auto* const reply = std::get_if<hourglass::session::Reply>(&event);
    engine.current = hourglass::session::encode(
        Event(Failure{.id = reply ? reply->id : 0,
                      .message = "There is not enough memory for what was to be told."}));
  }
  return engine.current.data();
}

EMSCRIPTEN_KEEPALIVE std::size_t engine_event_length() { return engine.current.size(); }

// Where the bytes of the module's secondary part lie, and how many there are; 0 and 0 until they
// do. For threads, each of which makes an instance of it (web/split/secondary_part.js).
EMSCRIPTEN_KEEPALIVE std::uint32_t* engine_secondary_part() {
  static std::uint32_t place_and_size[2];
  return place_and_size;
}

}  // extern "C"
