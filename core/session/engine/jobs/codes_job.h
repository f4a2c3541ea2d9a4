// The job "codes": what the network makes of every sample, to be taken away.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// A label of a sample that has none.
inline constexpr std::uint32_t kNoClass = 0xFFFFFFFF;

// The codes of all training samples and then of all held-out ones, by the network as it is when the
// job starts. Takes no arguments. Finds the fields "train" and "test" (how many of each) and
// "code_size", and the arrays
//   codes   (train + test) x code_size
//   labels  one a sample where samples have classes; kNoClass for one without
//   rows    where each sample was in its file, from 0, where somebody knows
// Throws Error where the codes have more than 2^24 numbers together.
std::unique_ptr<Job> make_codes_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
