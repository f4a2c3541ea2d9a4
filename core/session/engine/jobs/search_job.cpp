#include "core/session/engine/jobs/search_job.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/neighbors.h"
#include "core/analysis/sample_codes.h"
#include "core/analysis/search_quality.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/data/corruption.h"
#include "core/session/engine/image_bytes.h"
#include "core/session/engine/jobs/job_arrays.h"

namespace hourglass::session {
namespace {

constexpr Index kNearest = 10;
// Samples that tell what noise does on average; with the query a block of NeighborSearch.
constexpr Index kProbes = 31;
// Of all samples' features together: 32 MB, and the search takes them twice.
constexpr Index kMaxNumbers = 1 << 23;
constexpr Index kGatherNumbers = 1 << 18;  // in a slice
constexpr std::int64_t kMaxNoiseSeed = std::int64_t{1} << 53;
// Rough shares of the work, up to the end of each stage.
constexpr double kSearchCodesShare = 0.1, kByCodeShare = 0.25, kPixelsShare = 0.3;

// The share of samples of `before` that are among those of `after`, kNearest each.
double share_kept(const std::int32_t* before, const std::int32_t* after) {
  Index same = 0;
  for (Index i = 0; i < kNearest; ++i) {
    same += before[i] >= 0 && std::find(after, after + kNearest, before[i]) != after + kNearest;
  }
  return static_cast<double>(same) / kNearest;
}

class SearchJob final : public Job {
 public:
  SearchJob(const JobContext& context, Index count)
      : data_(context.data),
        pool_(context.pool),
        count_(count),
        codes_(context.model, context.parameters, data_->test, count, pool_),
        pixels_(data_->test.features(), count) {}

  Progress progress() const override {
    if (!by_code_)
      return {kSearchCodesShare * codes_.share(), "codes", "Encoding held-out samples"};
    if (by_code_->progress() < 1) {
      return {kSearchCodesShare + (kByCodeShare - kSearchCodesShare) * by_code_->progress(), "code",
              "Finding the nearest codes of each"};
    }
    const double gathered = static_cast<double>(next_) / static_cast<double>(count_);
    const double found = by_pixels_ ? by_pixels_->progress() : 0;
    return {kByCodeShare + (kPixelsShare - kByCodeShare) * gathered + (1 - kPixelsShare) * found,
            "pixels", "Finding the nearest images of each"};
  }

  bool advance_slice() override {
    if (!by_code_) {
      if (!codes_.advance()) {
        by_code_.emplace(columns(codes_.codes(), 0, count_), kNearest, pool_);
      }
      return true;
    }
    if (by_code_->progress() < 1) {
      by_code_->advance();
      return true;
    }
    if (!by_pixels_) {
      gather_pixels();
      return true;
    }
    if (by_pixels_->advance()) return true;
    publish({.fields = json_text(figures()), .arrays = {}});
    return false;
  }

  bool stays() const override { return true; }

  JobOutput answer(JobArguments& question, const JobContext&) override {
    const Query query = read(question);
    // The query and the probes, as they are and with noise.
    const Index all = 1 + (query.noise.is_none() ? 0 : kProbes);
    Matrix images(pixels_.rows(), all);
    images.col(0) = query.image;
    for (Index j = 1; j < all; ++j) images.col(j) = pixels_.col(probe(j));
    const Matrix clean = images.col(0);
    corrupt_all(query, images);

    JobOutput output;
    const std::int32_t own = label_of(query.sample);
    OrderedJson fields = {{"label", own >= 0 ? OrderedJson(own) : OrderedJson()}};
    output.arrays.push_back({"query", {images.rows()}, image_bytes(images.col(0), data_->range)});
    Matrix codes(codes_.codes().rows(), all), clean_code(codes.rows(), 1);
    codes_.encode(columns(std::as_const(images), 0, all), columns(codes, 0, all));
    codes_.encode(columns(clean, 0, 1), columns(clean_code, 0, 1));
    answer_by("code", *by_code_, query, clean_code, codes, output, fields);
    answer_by("pixels", *by_pixels_, query, clean, images, output, fields);
    fields["probes"] = kProbes;
    output.fields = json_text(fields);
    return output;
  }

 private:
  struct Query {
    Index sample = -1;  // -1: an image that is none of the held-out ones
    Matrix image;
    Corruption noise;
    std::uint64_t seed = 0;
  };

  void gather_pixels() {
    const Index most = std::max<Index>(1, kGatherNumbers / pixels_.rows());
    const Index some = std::min(most, count_ - next_);
    gather(next_, columns(pixels_, next_, some));
    next_ += some;
    if (next_ == count_) {
      by_pixels_.emplace(columns(std::as_const(pixels_), 0, count_), kNearest, pool_);
    }
  }

  void gather(Index first, MatrixView images) const {
    std::vector<std::uint32_t> indices(static_cast<std::size_t>(images.cols()));
    std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
    data_->test.gather(indices, images);
  }

  std::span<const std::int32_t> labels() const {
    const auto& all = data_->test.labels;
    return std::span(all).first(all.empty() ? 0 : static_cast<std::size_t>(count_));
  }

  // -1 without one.
  std::int32_t label_of(Index sample) const {
    const auto& all = data_->test.labels;
    return sample < 0 || all.empty() ? -1 : std::max(-1, all[static_cast<std::size_t>(sample)]);
  }

  // How often two different samples drawn at random have the same label.
  double chance() const {
    std::vector<double> counts(data_->class_names.size());
    for (const std::int32_t label : labels()) {
      if (label >= 0) ++counts[static_cast<std::size_t>(label)];
    }
    double same = 0;
    for (const double count : counts) same += count * (count - 1);
    return same / (static_cast<double>(count_) * static_cast<double>(count_ - 1));
  }

  OrderedJson figures() const {
    OrderedJson fields = {
        {"samples", count_}, {"code_size", codes_.codes().rows()}, {"nearest", kNearest}};
    const bool has_labels = !labels().empty();
    const auto precision = [&](const NeighborGraph& graph) {
      return has_labels ? OrderedJson(precision_at(graph.neighbors(), kNearest, labels(), labels()))
                        : OrderedJson();
    };
    fields["precision_code"] = precision(*by_code_);
    fields["precision_pixels"] = precision(*by_pixels_);
    fields["chance"] = has_labels ? OrderedJson(chance()) : OrderedJson();
    return fields;
  }

  Query read(JobArguments& question) const {
    Query query;
    const Index features = data_->test.features();
    query.image.resize(features, 1);
    query.sample = static_cast<Index>(question.integer("sample", 0, data_->test.count() - 1, -1));
    const std::vector<float> pixels =
        question.numbers("pixels", static_cast<std::size_t>(features), 0, 1);
    query.noise.kind = corruption_from_name(question.choice("noise", names_of_noise(), "gaussian"));
    query.noise.level = static_cast<Scalar>(question.real("level", 0, 1, 0));
    query.seed = static_cast<std::uint64_t>(question.integer("seed", 0, kMaxNoiseSeed, 0));
    question.refuse_others();
    if ((query.sample < 0) == pixels.empty()) {
      throw Error("A question of the job 'search' has a sample or pixels: one of the two.");
    }
    if (query.sample >= 0) {
      gather(query.sample, columns(query.image, 0, 1));
    } else {
      const ValueRange& range = data_->range;
      for (Index i = 0; i < features; ++i) {
        query.image(i, 0) =
            range.low + range.width() * static_cast<Scalar>(pixels[static_cast<std::size_t>(i)]);
      }
    }
    return query;
  }

  static std::vector<std::string_view> names_of_noise() {
    return {corruption_names().begin(), corruption_names().end()};
  }

  // The sample that is probe 1 to kProbes: evenly spread.
  Index probe(Index number) const { return (number - 1) * count_ / kProbes; }

  void corrupt_all(const Query& query, Matrix& images) const {
    if (query.noise.is_none()) return;
    for (Index j = 0; j < images.cols(); ++j) {
      const auto sample =
          static_cast<std::uint32_t>(j == 0 ? std::max<Index>(0, query.sample) : probe(j));
      const std::span<Scalar> image(images.col(j).data(), static_cast<std::size_t>(images.rows()));
      corrupt(query.noise, Random(query.seed, RandomStream::kViewNoise, 0, sample), image, image,
              data_->range);
    }
  }

  // Numbers and distances of the kNearest of one query, without sample `own`.
  struct Found {
    std::vector<std::int32_t> indices;
    Floats distances;
  };
  static Found without(const Neighbors& neighbors, Index query, Index own) {
    Found found;
    for (Index i = 0; i < neighbors.k && std::ssize(found.indices) < kNearest; ++i) {
      const std::int32_t sample = neighbors.of(query)[i];
      if (sample >= 0 && sample == own) continue;
      found.indices.push_back(sample);
      found.distances.push_back(static_cast<float>(neighbors.distances(i, query)));
    }
    return found;
  }

  // In one of the spaces: `clean` is the query without noise, `queries` the query with it and the
  // probes.
  void answer_by(const std::string& name, const NeighborGraph& graph, const Query& query,
                 const Matrix& clean, const Matrix& queries, JobOutput& output,
                 OrderedJson& fields) const {
    const NeighborSearch& search = graph.search();
    const Neighbors found = search.find(columns(queries, 0, queries.cols()), kNearest + 1);
    const Found nearest = without(found, 0, query.sample);
    const Found before = without(search.find(columns(clean, 0, 1), kNearest + 1), 0, query.sample);
    fields[name + "_kept"] = share_kept(before.indices.data(), nearest.indices.data());
    double kept = queries.cols() > 1 ? 0 : kProbes;
    for (Index j = 1; j < queries.cols(); ++j) {
      kept +=
          share_kept(graph.neighbors().of(probe(j)), without(found, j, probe(j)).indices.data());
    }
    fields[name + "_kept_mean"] = kept / kProbes;

    std::vector<std::uint32_t> indices;
    std::vector<std::uint32_t> found_labels;
    Floats distances;
    for (std::size_t i = 0; i < nearest.indices.size(); ++i) {
      if (nearest.indices[i] < 0) continue;  // a code that is no number has none
      indices.push_back(static_cast<std::uint32_t>(nearest.indices[i]));
      distances.push_back(nearest.distances[i]);
      found_labels.push_back(static_cast<std::uint32_t>(label_of(nearest.indices[i])));
    }
    const std::int64_t count = std::ssize(indices);
    Matrix images(pixels_.rows(), count);
    data_->test.gather(indices, columns(images, 0, count));
    output.arrays.push_back(
        {name + "_images", {count, images.rows()}, image_bytes(images, data_->range)});
    output.arrays.push_back({name + "_distances", {count}, std::move(distances)});
    output.arrays.push_back({name + "_labels", {count}, std::move(found_labels)});
    output.arrays.push_back({name + "_indices", {count}, std::move(indices)});
  }

  DatasetPointer data_;
  ThreadPool& pool_;
  Index count_;
  SampleCodes codes_;
  Matrix pixels_;  // features x count
  Index next_ = 0;
  std::optional<NeighborGraph> by_code_, by_pixels_;
};

}  // namespace

std::unique_ptr<Job> make_search_job(JobArguments& arguments, const JobContext& context) {
  const Samples& samples = context.data->test;
  const Index widest = std::max(samples.features(), context.model->code_size());
  const Index most = std::min<Index>(samples.count(), kMaxNumbers / widest);
  if (most <= kNearest) {
    throw Error("The data set '" + context.data->name + "' holds " +
                std::to_string(samples.count()) + " samples back, and the " +
                std::to_string(kNearest) + " nearest of each are searched; it takes at least " +
                std::to_string(kNearest + 1) + ".");
  }
  const auto count = static_cast<Index>(arguments.integer("samples", kNearest + 1, most, most));
  return std::make_unique<SearchJob>(context, count);
}

}  // namespace hourglass::session
