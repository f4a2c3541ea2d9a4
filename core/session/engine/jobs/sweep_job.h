// The job "sweep": how large should a code be?
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Trains the network that there is once more with codes of several sizes, from the start and beside
// the run: see CodeSweep. Arguments: "largest" (128), the sizes being 1, 2, 4, ... up to it;
// "epochs" (20) at most for each, which stops earlier when it does not get better; "patience" (the
// run's, or 3).
//
// Whenever a size is done it finds the fields
//   sizes, test_mse, pca_mse, dead_units, epochs   lists, one entry a size that is done; a number
//                                                  that there is none of is null
//   size             what is trained now; 0 at the end
//   elbow            the size where the errors bend, or null
//   present          the code size of the network that there was at the start, or 0
//   mean_image_mse   of the held-out samples, or null
//   encoders, decoder                              what the settings model.encoder, model.decoder
//                                                  would be, of each size
// and the arrays
//   image_indices    n: held-out images, of those on display when the job started
//   originals        n x features: bytes as in Snapshot
//   restored         sizes x n x features: what each size makes of them
//   image_errors     sizes x n: mean squared error of each
std::unique_ptr<Job> make_sweep_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
