// Jobs of a program that is built with MPI: all processes that mpirun started, or one without it.
// Which cores a process may run on is asked as Linux has it.
#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/math/thread_pool.h"
#include "native/cli/console/exit_code.h"
#include "native/cli/console/signals.h"
#include "native/cli/distributed/process_group.h"

namespace hourglass {
namespace {

using Clock = std::chrono::steady_clock;

// How long the first process, when it has been asked to stop, waits for others before it saves
// without them. mpirun asks all processes to end when one has died, and kills them a second later.
constexpr std::chrono::milliseconds kPatience{300};

// How often a process that waits looks before it lets others go first, and before it naps between
// looks.
constexpr int kLooks = 100, kLooksBeforeNaps = 20000;
constexpr std::chrono::microseconds kNap{50};

MPI_Datatype type_of(float) { return MPI_FLOAT; }
MPI_Datatype type_of(double) { return MPI_DOUBLE; }

class MpiExchange : public Communicator {
 public:
  MpiExchange() {
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks_);
  }

  int rank() const override { return rank_; }
  int ranks() const override { return ranks_; }

  void all_reduce(std::span<float> values) override { sum_all(values, Others::kAreThere); }

  // These are the losses, which come once in every mini-batch: whether a process has been asked to
  // stop travels with them.
  void all_reduce(std::span<double> values) override {
    with_flag_.assign(values.begin(), values.end());
    with_flag_.push_back(StopRequests::came() ? 1 : 0);
    sum_all(std::span<double>(with_flag_), Others::kMayBeLate);
    stop_agreed_ = with_flag_.back() > 0;
    std::copy_n(with_flag_.begin(), values.size(), values.begin());
  }

  void broadcast(std::span<Scalar> values) override {
    MPI_Request request;
    check(MPI_Ibcast(values.data(), static_cast<int>(values.size()), type_of(Scalar()), 0,
                     MPI_COMM_WORLD, &request));
    wait(request, Others::kAreThere);
  }

  // What all of them give, by rank.
  template <typename Thing>
  std::vector<Thing> gather(const Thing& own) {
    std::vector<Thing> all(static_cast<std::size_t>(ranks_));
    MPI_Request request;
    check(MPI_Iallgather(&own, sizeof own, MPI_BYTE, all.data(), sizeof own, MPI_BYTE,
                         MPI_COMM_WORLD, &request));
    wait(request, Others::kMayBeLate);
    return all;
  }

  // Sums over the processes of this machine.
  void sum_here(std::span<int> values) {
    MPI_Comm machine;
    check(MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine));
    check(MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_INT,
                        MPI_SUM, machine));
    check(MPI_Comm_free(&machine));
  }

  bool stop_agreed() const { return stop_agreed_; }
  bool others_lost() const { return others_lost_; }

 private:
  // Where they have just agreed on something, numbers flow from look to look, and naps would hold
  // them up.
  enum class Others { kMayBeLate, kAreThere };

  // Open MPI adds in an order that is the same for all processes, so they all get the same bits.
  template <typename Number>
  void sum_all(std::span<Number> values, Others others) {
    MPI_Request request;
    check(MPI_Iallreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()),
                         type_of(Number()), MPI_SUM, MPI_COMM_WORLD, &request));
    wait(request, others);
  }

  // A call that blocks would never come back when another process has died.
  void wait(MPI_Request& request, Others others) {
    Clock::time_point asked;
    int done = 0;
    for (int looks = 0;;) {
      check(MPI_Test(&request, &done, MPI_STATUS_IGNORE));
      if (done) return;
      // Where there are more processes than free cores, the one that is waited for may need this
      // one.
      if (looks < kLooksBeforeNaps) ++looks;
      if (looks == kLooksBeforeNaps && others == Others::kMayBeLate) {
        std::this_thread::sleep_for(kNap);
      } else if (looks > kLooks) {
        std::this_thread::yield();
      }
      if (rank_ != 0 || !StopRequests::came()) continue;
      if (asked == Clock::time_point()) asked = Clock::now();
      if (Clock::now() - asked > kPatience) lose_others();
    }
  }

  void check(int result) {
    if (result != MPI_SUCCESS) lose_others();
  }

  [[noreturn]] void lose_others() {
    others_lost_ = true;
    throw PeerLost();
  }

  int rank_ = 0, ranks_ = 1;
  bool stop_agreed_ = false, others_lost_ = false;
  std::vector<double> with_flag_;
};

// This process's part of the cores that it shares with others of this machine, whatever cores
// mpirun has bound each of them to: every core is cut evenly between those that may run on it.
int own_cores(MpiExchange& communicator) {
  cpu_set_t allowed;
  // Whoever cannot tell takes part all the same: the others wait for it.
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) CPU_ZERO(&allowed);
  std::vector<int> users(CPU_SETSIZE);
  for (int core = 0; core < CPU_SETSIZE; ++core) users[core] = CPU_ISSET(core, &allowed) ? 1 : 0;
  communicator.sum_here(users);
  double cores = 0;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &allowed)) cores += 1.0 / users[core];
  }
  return std::max(1, static_cast<int>(cores + 1e-6));
}

class MpiJob : public ProcessGroup {
 public:
  MpiJob() : threads_(own_cores(communicator_)) {
    // One process speaks for all; errors have a way of their own.
    if (communicator_.rank() > 0 && !std::freopen("/dev/null", "w", stdout)) std::fclose(stdout);
  }

  Communicator* communicator() override {
    return communicator_.ranks() > 1 ? &communicator_ : nullptr;
  }
  int threads() const override { return threads_; }
  bool asked_to_stop() const override {
    return communicator_.ranks() > 1 ? communicator_.stop_agreed() : StopRequests::came();
  }

  void begin(std::uint64_t fingerprint) override {
    stage_ = Stage::kEnding;
    const std::vector<State> states = communicator_.gather(State{kDone, true, fingerprint});
    for (const State& state : states) {
      if (state.code != kDone) throw ReportedElsewhere{static_cast<int>(state.code)};
    }
    // The first that trains: another may have been asked for its version.
    const auto first =
        std::find_if(states.begin(), states.end(), [](const State& state) { return state.trains; });
    const auto other = std::find_if(states.begin(), states.end(), [&](const State& state) {
      return !state.trains || state.fingerprint != first->fingerprint;
    });
    if (other != states.end()) {
      if (first - states.begin() != communicator_.rank()) throw ReportedElsewhere{kBadInput};
      if (!other->trains) {
        throw Error("Process " + std::to_string(other - states.begin()) +
                    " was not asked to train; all must be started with the same options.");
      }
      throw Error("Process " + std::to_string(other - states.begin()) +
                  " has other data, settings or another file to resume than process " +
                  std::to_string(communicator_.rank()) +
                  "; they must be the same on all machines.");
    }
    stage_ = Stage::kTraining;
  }

  bool fail(int& code) override {
    if (stage_ == Stage::kPlanning) {
      stage_ = Stage::kEnding;
      try {
        const std::vector<State> states = communicator_.gather(State{code, false, 0});
        const auto first = std::find_if(states.begin(), states.end(),
                                        [](const State& state) { return state.code != kDone; });
        code = static_cast<int>(first->code);
        return first - states.begin() == communicator_.rank();
      } catch (const PeerLost&) {
        return true;
      }
    }
    abandon_ = stage_ == Stage::kTraining;
    return true;
  }

  int end(int code) override {
    std::fflush(nullptr);
    if (stage_ == Stage::kPlanning) {
      // Done without training, as with --version. Others may train, and must not wait for this one.
      try {
        communicator_.gather(State{code, false, 0});
      } catch (const PeerLost&) {
      }
    }
    if (communicator_.others_lost() || abandon_) {
      // The first process still saves what there is.
      if (communicator_.others_lost() && communicator_.rank() > 0) {
        std::this_thread::sleep_for(std::chrono::seconds(5));
      }
      // The others wait for this one. With 0 the job would seem to be done.
      MPI_Abort(MPI_COMM_WORLD, code == kDone ? kFailed : code);
    }
    MPI_Finalize();
    return code;
  }

 private:
  struct State {
    std::int64_t code;
    std::int64_t trains;  // whether this process has come to begin()
    std::uint64_t fingerprint;
  };
  enum class Stage { kPlanning, kTraining, kEnding };

  MpiExchange communicator_;
  int threads_;
  Stage stage_ = Stage::kPlanning;
  bool abandon_ = false;
};

// Whether mpirun or its like started this process. Otherwise MPI is left alone, which takes its
// time to start and brings along what a single process does not need.
bool started_by_mpi() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_RANK", "PMIX_RANK"}) {
    if (std::getenv(name)) return true;
  }
  return false;
}

}  // namespace

std::unique_ptr<ProcessGroup> start_process_group() {
  if (!started_by_mpi()) {
    throw_unless_alone("but not by MPI", "Start it with mpirun, or with 'srun --mpi=pmix'.");
    return std::make_unique<ProcessGroup>();
  }
  int provided = 0;  // other threads of this process never call MPI, which every MPI bears
  if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) {
    throw Error(
        "MPI could not be started; start hourglass with the mpirun of the MPI that it was built "
        "with.");
  }
  return std::make_unique<MpiJob>();
}

}  // namespace hourglass
