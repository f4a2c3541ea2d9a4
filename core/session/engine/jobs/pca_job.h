// The job "pca": exact principal component analysis of the training data.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Argument: "components", a whole number from 1; by default the code size of the network there is
// and 32 at least, or as much of it as ExactPca takes: the first k of them are those of any smaller
// code. All is in the model's units.
//
// After the covariance it gives
//   mean            features: the mean of the training samples
// and at the end, besides,
//   components      components x features: orthonormal, of largest variance first
//   variances       components: along each, over training samples less one
//   test_mse        components + 1: of the held-out samples with 0, 1, ... components
// and the fields
//   components, total_variance (over all features), train_samples, test_samples,
//   mean_image_mse, test_mse (with all components), both of the held-out samples;
//   entropy_floor, mean_image_bce   where these lie in [0, 1]: the least that the loss bce can be,
//                                   and what it is of the mean image
//
// and stays to be asked, all of it optional:
//   components               how many of them; all
//   images                   held-out images by their index, at most kMaxPcaImages of them; those
//                            that were on display when the job started
//   noise ("gaussian"), level (0), seed (0)   as view.noise.kind, view.noise.level and
//                            view.image_set: what is done to the images first
//   angles (false)           whether to hold the network as it is now, a linear one, against as
//                            many components as its code has units
// The answer has the arrays
//   image_indices   n
//   reconstructed   n x features: bytes as in Snapshot, what the components make of the images
//   image_errors    n: mean squared error of each against the image without noise
// or with `angles` alone the fields
//   angle_degrees, mean_angle_degrees   the largest and the mean principal angle between the
//                                       decoder's subspace and that of the components
//   dimensions                          of the decoder's subspace
inline constexpr std::size_t kMaxPcaImages = 256;
std::unique_ptr<Job> make_pca_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
