// The jobs "compare" and "compare_with": what one of two that are shown side by side makes of the
// same images. Both do the same; there are two so that one can be of the present run, which
// changes, and the other of what it is held against, which stays.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Arguments: "run", the number of a kept run, or "components", of how many components a principal
// component analysis is wanted; with neither it is of the present run as it is by now. "points"
// (2000, up to 20,000): how many held-out samples the map has.
//
// It finds the fields
//   of          "run" (also a kept one) or "pca"
//   code_size   or how many components
//   source      from what codes samples are drawn: "prior" of a Gaussian code, N(0, 1); "gaussian",
//               one that is fitted to the codes of training samples; "pca", with the variance of
//               the training samples along each component
//   test_mse    the mean squared error of all held-out samples, in the model's scale
// and the array
//   map         n x 2: of the first held-out samples the coordinates along the two directions in
//               which their codes are widest; of a PCA those along the first two components, the
//               second 0 where there is one alone
//
// and stays to be asked, all of it optional:
//   images      held-out images by their index, 64 at most; those on display when it started
//   seed (1), count (36, up to 100)   of the samples
// The answer has the arrays, images as bytes in the way of Snapshot,
//   originals, reconstructed   images x features
//   errors                     images: mean squared error of each
//   samples                    count x features
//
// Throws Error where the run was trained on other data than those in use, or images of another
// shape.
std::unique_ptr<Job> make_compare_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
