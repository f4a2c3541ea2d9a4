#include "native/cli_job.h"

#include <cstring>
#include <span>

#include "core/math/thread_pool.h"
#include "native/cli_signals.h"

namespace hourglass {
namespace {

// Eight bytes at a time, since data sets have many; the mixing is MurmurHash's (Appleby 2011). It is to
// tell different plans apart, not to withstand anybody.
class Hash {
 public:
  void add(const void* data, std::size_t bytes) {
    const char* at = static_cast<const char*>(data);
    mix(bytes);
    for (; bytes >= 8; at += 8, bytes -= 8) {
      std::uint64_t word;
      std::memcpy(&word, at, 8);
      mix(word);
    }
    std::uint64_t word = 0;
    std::memcpy(&word, at, bytes);
    mix(word);
  }
  template <typename Number>
  void add(std::span<const Number> values) {
    add(values.data(), values.size_bytes());
  }
  void add(std::string_view text) { add(text.data(), text.size()); }

  std::uint64_t value() const { return value_; }

 private:
  void mix(std::uint64_t word) {
    value_ = (value_ ^ word) * 0xff51afd7ed558ccdull;
    value_ ^= value_ >> 33;
  }

  std::uint64_t value_ = 0;
};

}  // namespace

int Job::threads() const { return ThreadPool::cores(); }

bool Job::asked_to_stop() const { return StopRequests::came(); }

std::uint64_t fingerprint(const RunPlan& plan) {
  Hash hash;
  for (const auto& [key, value] : plan.settings.all()) {
    if (key == "train.threads") continue;  // machines differ, and results do not depend on it
    hash.add(key);
    hash.add(session::value_text(value));
  }
  hash.add(plan.data->name);
  for (const Samples* samples : {&plan.data->train, &plan.data->test}) {
    hash.add(samples->bytes());
    hash.add(samples->values());
  }
  hash.add(std::span<const std::uint8_t>(plan.checkpoint_bytes));
  return hash.value();
}

}  // namespace hourglass
