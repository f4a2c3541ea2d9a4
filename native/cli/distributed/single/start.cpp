// Jobs of a program that is built without MPI: one process.
#include "native/cli/distributed/process_group.h"

namespace hourglass {

std::unique_ptr<ProcessGroup> start_process_group() {
  throw_unless_alone(
      "and this hourglass is built without MPI",
      "Build it with './dev build --mpi' (-DHOURGLASS_MPI=ON), or start it without mpirun.");
  return std::make_unique<ProcessGroup>();
}

}  // namespace hourglass
