#include "native/cli/distributed/process_group.h"

#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <span>

#include "core/base/error.h"
#include "core/math/thread_pool.h"
#include "native/cli/console/exit_code.h"
#include "native/cli/console/signals.h"

namespace hourglass {
namespace {

// Eight bytes at a time, since data sets have many; the mixing is MurmurHash's (Appleby 2011). It
// is to tell different plans apart, not to withstand anybody.
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

// The number in the first of these environment variables that is there; -1 if none is.
int number_in(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* const value = std::getenv(name)) return std::atoi(value);
  }
  return -1;
}

}  // namespace

void throw_unless_alone(const std::string& how, const std::string& remedy) {
  // What Open MPI, MPICH and its kin, and Slurm tell the processes that they start. Some tell a
  // process which one it is and not how many there are; then the second one knows that it is not
  // alone.
  const int rank = number_in({"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID"});
  const int ranks = number_in({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"});
  if (rank <= 0 && ranks <= 1) return;
  const int speaker = ranks > 1 ? 0 : 1;
  if (rank > speaker) throw ReportedElsewhere{kBadInput};
  throw Error((ranks > 1 ? std::to_string(ranks) : std::string("Several")) +
              " processes were started together, " + how +
              ": each would do all of the work and overwrite the others' files. " + remedy);
}

int ProcessGroup::threads() const { return ThreadPool::cores(); }

bool ProcessGroup::asked_to_stop() const { return StopRequests::came(); }

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
