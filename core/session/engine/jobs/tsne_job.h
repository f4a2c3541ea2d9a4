// The job "tsne": a map of the codes that keeps neighbours together.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// The map of the codes that the network makes of the first held-out samples when the job starts;
// point i is that of held-out sample i. Perplexity, iterations, learning rate and exaggeration are
// those of the settings tsne.*. Arguments:
//   points  how many samples, a whole number from 4; 5000 by default, at most as many as there are
//           and as have codes of 2^24 numbers all together
//   start   "pca" (by default) or "random": where points begin
//   seed    a whole number; what is random is drawn with it
//
// While it works it shows the map as it is, and when it is done it gives
//   points       n x 2; not a number for a code that is none
//   divergences  m x 2: iteration and KL(P || Q) of the map, every 50 iterations
//   kept         n, at the end alone: which share of each point's nearest codes are among the
//                nearest on the map, from 0 to 1; not a number for one that has no point
// and the fields
//   points, code_size, iteration (that were done), iterations (in all), kl_divergence (null before
//   the first), perplexity, random_start, seed, and at the end
//   trustworthiness, nearest_kept (see Trustworthiness), neighbors (how many of each were compared)
std::unique_ptr<Job> make_tsne_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
