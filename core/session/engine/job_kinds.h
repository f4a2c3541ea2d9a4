// The table of jobs: a new one is a class in jobs/ and a row here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "core/data/dataset.h"
#include "core/math/thread_pool.h"
#include "core/nn/model.h"
#include "core/session/engine/job.h"
#include "core/session/engine/job_arguments.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {

class KeptRuns;

// What a job is made from, all of it as it is when the job starts.
struct JobContext {
  DatasetPointer data;
  // Both null for kinds that do not need a model, where there is none.
  std::shared_ptr<const Model> model;
  const Scalar* parameters = nullptr;  // a job that wants them later copies them
  const Settings& settings;            // likewise
  std::vector<std::uint32_t> images;   // the held-out ones on display, by index
  ThreadPool& pool;                    // outlives the job
  const KeptRuns* kept = nullptr;      // while it is made; null where there are none
};

// Of what a job holds a part; bits of JobKind::needs. With another one its result would be of
// something that is no longer there, so the job ends.
namespace needs {
inline constexpr unsigned kData = 1;   // the data set, scaled as it is
inline constexpr unsigned kModel = 2;  // the network that is being trained
}  // namespace needs

struct JobKind {
  std::string_view kind;
  unsigned needs = 0;
  // Throws Error where the arguments, the data or the model will not do.
  std::unique_ptr<Job> (*make)(JobArguments& arguments, const JobContext& context);
};

std::span<const JobKind> job_kinds();

// A job of the row of `kinds` that has this name. Throws Error for an unknown kind, for arguments
// that it does not take, and as its factory does.
const JobKind& find_job_kind(std::span<const JobKind> kinds, std::string_view kind);
std::unique_ptr<Job> make_job(const JobKind& kind, const std::string& arguments,
                              const JobContext& context);

}  // namespace hourglass::session
