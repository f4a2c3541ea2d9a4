// The job "pca": exact principal component analysis of the training data.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Argument: "components", a whole number from 1; by default the code size of the network there is,
// or as much of it as ExactPca takes. All is in the model's units.
//
// After the covariance it gives
//   mean            features: the mean of the training samples
// and at the end, besides,
//   components      components x features: orthonormal, of largest variance first
//   variances       components: along each, over training samples less one
//   test_mse        components + 1: of the held-out samples with 0, 1, ... components
//   image_indices   n: of the held-out images that were on display when the job started
//   reconstructed   n x features: bytes as in Snapshot, what the components make of these
//   image_errors    n: mean squared error of each
// and the fields
//   components, total_variance (over all features), train_samples, test_samples,
//   mean_image_mse, test_mse (with all components), both of the held-out samples.
std::unique_ptr<Job> make_pca_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
