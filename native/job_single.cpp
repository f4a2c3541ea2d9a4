// Jobs of a program that is built without MPI: one process.
#include "native/cli_job.h"

namespace hourglass {

std::unique_ptr<Job> start_job() {
  refuse_unless_alone(
      "and this hourglass is built without MPI",
      "Build it with './dev build --mpi' (-DHOURGLASS_MPI=ON), or start it without mpirun.");
  return std::make_unique<Job>();
}

}  // namespace hourglass
