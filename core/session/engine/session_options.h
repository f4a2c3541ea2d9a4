// What a session is told when it is made.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

struct SessionOptions {
  // The most threads that train.threads can get, and what its 0 stands for; 0: one per core.
  int threads = 0;
  // How the engine was built, for NetworkInfo ("AVX-512", "wasm simd").
  std::string engine_name;
  // By what the session shares out its time; tests give it one that they turn by hand, so that what
  // comes first is the same on every machine. Must not go back.
  std::function<std::chrono::steady_clock::time_point()> clock = std::chrono::steady_clock::now;
  // The background jobs that can be started; tests give it others.
  std::span<const JobKind> jobs = job_kinds();
  // Memory for the parameters of runs that are over.
  std::size_t kept_bytes = std::size_t{64} << 20;
  // And for earlier moments of the present one.
  std::size_t timeline_bytes = std::size_t{128} << 20;
};

}  // namespace hourglass::session
