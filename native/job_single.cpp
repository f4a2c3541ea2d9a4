// Jobs of a program that is built without MPI: one process.
#include <cstdlib>
#include <initializer_list>
#include <string>

#include "core/base/error.h"
#include "native/cli_commands.h"
#include "native/cli_job.h"

namespace hourglass {
namespace {

// The number in the first of these environment variables that is there; -1 if none is.
int number_in(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const char* const value = std::getenv(name)) return std::atoi(value);
  }
  return -1;
}

}  // namespace

std::unique_ptr<Job> start_job() {
  // What Open MPI, MPICH and its kin, and Slurm tell the processes that they start. Some tell a
  // process which one it is and not how many there are; then the second one knows that it is not
  // alone.
  const int rank = number_in({"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID"});
  const int ranks = number_in({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"});
  if (rank <= 0 && ranks <= 1) return std::make_unique<Job>();
  const int speaker = ranks > 1 ? 0 : 1;
  if (rank > speaker) throw ToldElsewhere{kBadInput};
  throw Error(
      (ranks > 1 ? std::to_string(ranks) : std::string("Several")) +
      " processes were started together, and this hourglass is built without MPI: each would do all of "
      "the work and overwrite the others' files. Build it with './dev build --mpi' (-DHOURGLASS_MPI=ON), "
      "or start it without mpirun.");
}

}  // namespace hourglass
