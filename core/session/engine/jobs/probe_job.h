// The job "probe": what a code knows, and a classifier on it.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// A linear probe of the network as it is: see LinearProbe. Then, if asked to, the encoder is
// trained with the classifier on it, as a copy beside the run: see ClassifierTraining.
//
// Arguments: "labels" (0: all), how many training samples keep theirs, chosen by "seed" (1);
// "fine_tune" (false); "epochs" (10) of that.
//
// After the probe, and again after fine-tuning, it finds the fields
//   labels, samples, code_size     that it has learned from, that are held out
//   linear_probe                   share of the held-out samples that are taken for what they are
//   fine_tuned                     the same of the fine-tuned network, null before and without
//   accuracy                       of which of the two the rest is
// and the arrays
//   confusion       classes x classes: how many of a class (row) were taken for which
//   cells           n: row * classes + column, up to 4 times for each cell that is not empty, in
//                   order; of images with at most 20 classes
//   cell_images     n x features: bytes as in Snapshot, held-out samples of these cells
//   r_squared       where factors are known: of the linear probe, see LinearProbe::r_squared()
//
// Then it stays to be asked for the samples of a cell: "class" (0) and "taken_for" (0), "count"
// (40, up to 200). The answer has the field "samples", how many are in the cell, and the arrays
//   indices, images (n x features) of the first of them
std::unique_ptr<Job> make_probe_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
