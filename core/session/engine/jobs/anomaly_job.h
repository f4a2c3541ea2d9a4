// The job "anomaly": can a network tell a class that it has never seen?
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Trains the network that there is once more, from the start and beside the run, on the data
// without one class, and scores all held-out samples by how badly they are restored: see
// ReconstructionErrors. The data keep their scale, in which the class had its part.
//
// Arguments: "class", its number (0); "epochs" (5) of training; "wide" (0: none), the size of the
// code of a second network, which shows whether a stronger one restores what it should not.
//
// After each epoch it finds the fields
//   class, epochs (that are done), code_size, samples, anomalies,
//   auc, average_precision         of the ROC curve
//   threshold                      which 95 % of up to 5,000 training samples do not exceed
//   normal_mse, anomaly_mse        mean scores
// and at the end besides, or null,
//   pca_auc                        of as many principal components
//   wide_size, wide_auc            of the second network
// and the arrays
//   order       samples: held-out samples by their index, of lowest score first
//   scores      samples: theirs, in that order
//   anomalous   samples: bytes, 1 for the class that was left out, in that order
//   roc         n x 2, up to 200: false and true positive rate, from (0, 0) to (1, 1)
//   pca_roc, wide_roc              likewise, at the end
//   best_indices, best_errors      up to 8: of that class the ones that are restored best
//   best_originals, best_restored  n x features: bytes as in Snapshot
//   wide_restored, wide_errors     the same ones by the second network, at the end
//
// Then it stays to be asked for the samples next to a threshold: "threshold" (the one above), and
// "count" (8, up to 64) on each side. The answer has the arrays, nearest first,
//   below_indices, below_errors, below_anomalous, below_originals, below_restored, and above_...
std::unique_ptr<Job> make_anomaly_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
