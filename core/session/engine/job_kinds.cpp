#include "core/session/engine/job_kinds.h"

#include <string>

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/session/engine/jobs/anomaly_job.h"
#include "core/session/engine/jobs/codes_job.h"
#include "core/session/engine/jobs/compare_job.h"
#include "core/session/engine/jobs/compress_job.h"
#include "core/session/engine/jobs/documents_job.h"
#include "core/session/engine/jobs/generate_job.h"
#include "core/session/engine/jobs/pca_job.h"
#include "core/session/engine/jobs/pretrain_job.h"
#include "core/session/engine/jobs/probe_job.h"
#include "core/session/engine/jobs/search_job.h"
#include "core/session/engine/jobs/sweep_job.h"
#include "core/session/engine/jobs/tsne_job.h"

namespace hourglass::session {
namespace {

constexpr JobKind kKinds[] = {
    {"pca", needs::kData, make_pca_job},
    {"tsne", needs::kData | needs::kModel, make_tsne_job},
    {"search", needs::kData | needs::kModel, make_search_job},
    {"documents", needs::kData | needs::kModel, make_documents_job},
    {"generate", needs::kData | needs::kModel, make_generate_job},
    {"anomaly", needs::kData, make_anomaly_job},
    {"compress", needs::kData | needs::kModel, make_compress_job},
    {"sweep", needs::kData, make_sweep_job},
    {"pretrain", needs::kData, make_pretrain_job},
    {"compare", needs::kData | needs::kModel, make_compare_job},
    {"compare_with", needs::kData, make_compare_job},
    {"codes", needs::kData | needs::kModel, make_codes_job},
    {"probe", needs::kData | needs::kModel, make_probe_job},
};

}  // namespace

std::span<const JobKind> job_kinds() { return kKinds; }

const JobKind& find_job_kind(std::span<const JobKind> kinds, std::string_view kind) {
  std::string all;
  for (const JobKind& row : kinds) {
    if (row.kind == kind) return row;
    all += (all.empty() ? "" : ", ") + std::string(row.kind);
  }
  throw Error("There is no job '" + printable(kind.substr(0, 60)) + "'; there are: " + all + ".");
}

std::unique_ptr<Job> make_job(const JobKind& kind, const std::string& arguments,
                              const JobContext& context) {
  JobArguments read(kind.kind, arguments);
  std::unique_ptr<Job> job = kind.make(read, context);
  read.refuse_others();
  return job;
}

}  // namespace hourglass::session
