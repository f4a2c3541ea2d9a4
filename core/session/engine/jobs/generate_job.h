// The job "generate": new images, and what the code means.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Arguments: "source", from what codes are drawn: "prior" (of a Gaussian code, N(0, 1), and the
// default there), "gaussian" (one that is fitted to the codes of training samples, the default
// elsewhere) or "mixture" (of "components" of them, 10 by default); "seed" (1), by which the fit
// begins. All by the parameters as they are when it starts.
//
// It finds the fields
//   source, code_size
//   codes, components, log_likelihood   with a fit: to how many codes, of how many Gaussians, and
//                                       the mean over held-out codes in nats
//   active_units                        of a Gaussian code: see PosteriorFigures
// and the arrays
//   kl         units: of a Gaussian code the mean divergence from the prior, nats
//   r_squared  factors: where the data know factors, the share of each one's variance over held-out
//              samples that least squares read off the code; NaN where it never changes
//
// and stays to be asked, all of it optional:
//   seed (1), count (64, up to 400)     of the codes that are drawn
//   from (0), to (1), steps (10)        the numbers of two draws, and how many codes to make on the
//                                       straight way from one to the other
//   image                               a held-out image by its index; the first one on display
//   factors                             what its factors are to be, one number each, held to their
//                                       ranges; as they are where it is left out
//   row (0)                             which of them the row goes through
//   draw (1)                            the seed of the draw of its code
// The answer has the arrays, images as bytes in the way of Snapshot,
//   samples   count x features          walk      steps x features
//   original  1 x features
// with factors known
//   factors   2 x factors: as they are, and as they are to be
//   moved     1 x features: of its code, moved along the factors' directions
//   row       9 x features: the same with one factor from its low end to its high end
// of a Gaussian code
//   mean, deviation, noise, code   units each: code = mean + deviation * noise
//   of_mean, of_code               1 x features: of the mean, and of the code that was drawn
std::unique_ptr<Job> make_generate_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
