// Jobs of a program that is built without MPI: one process.
#include <cstdlib>
#include <string>

#include "core/base/error.h"
#include "native/cli_commands.h"
#include "native/cli_job.h"

namespace hourglass {

std::unique_ptr<Job> start_job() {
  // What Open MPI, and MPICH and its kin, tell the processes that they start.
  for (const auto& [size, rank] : {std::pair{"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                   std::pair{"PMI_SIZE", "PMI_RANK"}}) {
    const char* const processes = std::getenv(size);
    if (!processes || std::atoi(processes) <= 1) continue;
    const char* const own = std::getenv(rank);
    if (own && std::atoi(own) != 0) throw ToldElsewhere{kBadInput};
    throw Error(std::string(processes) +
                " processes were started together, and this hourglass is built without MPI: each would "
                "do all of the work and overwrite the others' files. Build it with './dev build --mpi' "
                "(-DHOURGLASS_MPI=ON), or start it without mpirun.");
  }
  return std::make_unique<Job>();
}

}  // namespace hourglass
