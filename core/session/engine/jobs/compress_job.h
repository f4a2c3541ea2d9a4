// The job "compress": bytes an image at a given error.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Codes of a few bits a unit, as many principal components, PNG and JPEG: see CompressionCurve. By
// the parameters as they are when it starts; no arguments.
//
// Whenever a point is done it finds the fields
//   points         a list of objects: method, setting, bytes, ideal_bytes (or null), mse
//   code_size, samples (held-out ones, that are measured)
//   raw_bytes      of an image as it is
//   decoder_bytes  which whoever reads codes needs once
//
// and stays to be asked for the images on display when it started, as they come back: "method" and
// "setting" of a point. The answer has the arrays
//   image_indices  n: held-out images
//   originals, restored   n x features: bytes as in Snapshot
//   image_errors   n: mean squared error, in the data's own units
std::unique_ptr<Job> make_compress_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
