// The job "pretrain": what are layers worth that were trained without labels?
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Pretrains the network that there is layer by layer, from the start and beside the run, and trains
// classifiers from few labels on it and on random weights: see FewLabels. Arguments: "labels"
// (1000), the numbers being 10, 30, 100, 300, 1000 up to it; "epochs" (3) of each layer; "steps"
// (300) of each classifier; "seeds" (5), which count from "seed" (1).
//
// At the start, whenever an epoch of a layer is over and whenever a classifier is done it finds the
// fields
//   layers           names of the encoder's dense layers: "encoder.0", ...
//   inputs, units    features of a sample, and how many units each of these layers has
//   losses           a list for each, of the mean training loss of each epoch that is over
//   stage            which of them is being pretrained, or -1
//   lit              the network's layers that it trains, by index, in the encoder and the decoder
//   network_layers   how many layers the network has that these indices are of
//   seed             the one under way; absent at the end
//   most_labels      the largest number of labels
//   notes            sentences about layers that can copy what comes in
//   starts, labels, seeds, accuracies              lists, one entry a classifier: "pretrained",
//                                                  "scaled", "small", "linear"; null: it diverged
//   curve_starts, curve_labels, means, lows, highs, deviations, counts
//                                                  the same over the seeds that are done
std::unique_ptr<Job> make_pretrain_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
