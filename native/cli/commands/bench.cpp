// `hourglass bench`: how fast this build is on this machine.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/parse_number.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/fma_peak.h"
#include "native/cli/commands/measure.h"
#include "native/cli/console/text.h"
#include "native/cli/plan/plan.h"
#include "native/platform/session_thread.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

constexpr int kRounds = 7;
constexpr double kDefaultSeconds = 12, kMinSeconds = 1, kMaxSeconds = 3600;
constexpr int kMaxThreads = 64;
constexpr std::size_t kMaxCounts = 16;
// Of a round's time, for each kind of measurement.
constexpr double kPeakShare = 0.06, kProductsShare = 0.3;
// What comes before anything is timed, so that caches, pages and clocks are warm.
constexpr int kWarmUpSteps = 50;
constexpr double kWarmUpSeconds = 0.5;
// Single precision, sums of a few hundred products of numbers below 1/2.
constexpr double kMaxError = 1e-5;

struct BenchFlags {
  std::optional<std::string> threads, seconds, preset, layers, batch, load;
  bool json = false;
};

// One thing that is measured, and what came of it in each round.
struct Series {
  Measurement measure;
  double weight = 1;  // of the round's time
  std::vector<double> values;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// What was measured side by side is compared side by side: the machine's speed may drift.
double median_ratio(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.size(); ++i) ratios.push_back(a[i] / b[i]);
  return median(ratios);
}

std::vector<Product> make_products() {
  using Pass = ProductShape::Pass;
  std::vector<Product> products;
  for (const auto& [inputs, outputs] : {std::pair<Index, Index>{784, 128}, {128, 64}, {64, 32}}) {
    for (const Pass pass : {Pass::kForward, Pass::kBackward, Pass::kGradient}) {
      products.emplace_back(ProductShape{inputs, outputs, 256, pass});
    }
  }
  return products;
}

// "1,2,4", or one and all if --threads was left out.
std::vector<int> thread_counts(const BenchFlags& flags) {
  std::vector<int> counts;
  if (!flags.threads) {
    const int all = std::min(ThreadPool::cores(), kMaxThreads);
    return all == 1 ? std::vector<int>{1} : std::vector<int>{1, all};
  }
  const std::string& text = *flags.threads;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    int count = 0;
    if (!parse_number(text.substr(begin, end - begin), count) || count < 1 || count > kMaxThreads ||
        counts.size() == kMaxCounts) {
      throw Error("--threads cannot be '" + text + "'; it must be a whole number from 1 to " +
                  std::to_string(kMaxThreads) + ", or up to " + std::to_string(kMaxCounts) +
                  " of them with commas between them.");
    }
    counts.push_back(count);
    begin = end + 1;
  }
  return counts;
}

TrainingPlan training_plan(const BenchFlags& flags) {
  if (flags.preset && flags.layers) {
    throw Error("--preset and --layers contradict each other: each names a network; give one.");
  }
  TrainingPlan plan =
      flags.layers ? layers_plan(*flags.layers) : preset_plan(flags.preset.value_or("deep"));
  if (flags.batch) {
    const session::Setting& row = session::find_setting("train.batch_size");
    std::int64_t batch = 0;
    if (!parse_number(*flags.batch, batch) || batch < row.low || batch > row.high) {
      throw Error("--batch cannot be '" + *flags.batch + "'; it must be a whole number from " +
                  fixed(row.low, 0) + " to " + fixed(row.high, 0) + ".");
    }
    plan.settings.set(row.key, batch);
  }
  return plan;
}

double total_seconds(const BenchFlags& flags) {
  double seconds = kDefaultSeconds;
  if (flags.seconds && (!parse_number(*flags.seconds, seconds) || !(seconds >= kMinSeconds) ||
                        !(seconds <= kMaxSeconds))) {
    throw Error("--seconds cannot be '" + *flags.seconds + "'; it must be a number from " +
                fixed(kMinSeconds, 0) + " to " + fixed(kMaxSeconds, 0) + ".");
  }
  return seconds;
}

// Nothing is worth timing that computes something else. Returns the largest error of a product.
double check_correctness(std::vector<Product>& products,
                         std::vector<std::unique_ptr<Training>>& trainings) {
  double largest = 0;
  for (Product& product : products) {
    largest = std::max(largest, product.error_against_plain_loops());
    if (!(largest <= kMaxError)) {
      throw std::runtime_error("the products of matrices are wrong, by " + std::to_string(largest));
    }
  }
  const auto began = std::chrono::steady_clock::now();
  int steps = 0;
  while (steps < kWarmUpSteps &&
         std::chrono::steady_clock::now() - began < std::chrono::duration<double>(kWarmUpSeconds)) {
    trainings[0]->steps(1);
    ++steps;
  }
  for (std::size_t i = 1; i < trainings.size(); ++i) {
    trainings[i]->steps(steps);
    if (trainings[i]->trainer().state().parameters != trainings[0]->trainer().state().parameters) {
      throw std::runtime_error("training depends on the number of threads");
    }
  }
  return largest;
}

void print_table(const Json& result) {
  std::printf("%s, %s, %d cores; medians of %d rounds\n\n",
              result["program"].get<std::string>().c_str(),
              result["simd"].get<std::string>().c_str(), result["cores"].get<int>(), kRounds);
  std::printf("fused multiply-adds, one core   %8.1f GFLOP/s   with %s\n\n",
              result["fma_peak_gflops"].get<double>(),
              result["fma_peak_vectors"].get<std::string>().c_str());
  for (const Json& product : result["gemm"]) {
    const std::string name = "product " + std::to_string(product["inputs"].get<int>()) + " x " +
                             std::to_string(product["outputs"].get<int>()) + ", " +
                             product["pass"].get<std::string>();
    std::printf("%-32s%8.1f GFLOP/s   %3.0f%% of the peak\n", name.c_str(),
                product["gflops"].get<double>(), 100 * product["share_of_peak"].get<double>());
  }
  if (!result["gemm"].empty()) std::printf("\n");
  for (const Json& training : result["training"]) {
    const int threads = training["threads"].get<int>();
    const std::string name = "training " + training["preset"].get<std::string>() + ", " +
                             std::to_string(threads) + (threads == 1 ? " thread" : " threads");
    std::printf("%-32s%8s images/s  %6.1f GFLOP/s\n", name.c_str(),
                with_commas(std::llround(training["images_per_second"].get<double>())).c_str(),
                training["gflops"].get<double>());
  }
}

// From files to data that can be trained on, again and again.
int bench_loading(const BenchFlags& flags) {
  if (flags.threads || flags.preset || flags.layers || flags.batch) {
    throw Error(
        "--load measures reading alone; leave --threads, --preset, --layers and --batch out.");
  }
  const double seconds = total_seconds(flags);
  const session::Settings settings;
  std::vector<double> values;
  Json result{{"program", "hourglass " HOURGLASS_VERSION}, {"data", *flags.load}};
  const auto began = std::chrono::steady_clock::now();
  std::chrono::duration<double> passed{0};
  // Round 0 warms up: the files are then in the system's memory.
  for (int round = 0; round <= kRounds || passed.count() < seconds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    std::string path;
    const DatasetPointer data = load_named_data(*flags.load, settings, path);
    const auto end = std::chrono::steady_clock::now();
    if (round > 0) values.push_back(std::chrono::duration<double>(end - start).count());
    result["training_samples"] = data->train.count();
    result["test_samples"] = data->test.count();
    passed = end - began;
  }
  result["seconds"] = median(values);
  result["rounds"] = values;
  if (flags.json) {
    std::printf("%s\n", json_text(result).c_str());
  } else {
    std::printf("%s: %s samples for training and %s for testing, read in %s s (median of %zu)\n",
                one_line(*flags.load).c_str(), with_commas(result["training_samples"]).c_str(),
                with_commas(result["test_samples"]).c_str(), fixed(median(values), 3).c_str(),
                values.size());
  }
  return kDone;
}

int bench(const BenchFlags& flags) {
  if (flags.load) return bench_loading(flags);
  const std::vector<int> counts = thread_counts(flags);
  const double seconds = total_seconds(flags);
  const TrainingPlan plan = training_plan(flags);
  // The products are those of `deep`: whoever names another network wants to know about that one.
  const bool own = flags.preset || flags.layers || flags.batch;
  std::vector<Product> products = own ? std::vector<Product>{} : make_products();
  std::vector<std::unique_ptr<Training>> trainings;
  const DatasetPointer data = bench_data(plan.settings.integer("train.batch_size"));
  for (const int count : counts) {
    trainings.push_back(std::make_unique<Training>(plan, count, data));
  }
  const double error = check_correctness(products, trainings);

  const double products_share = products.empty() ? 0 : kProductsShare;
  std::vector<Series> all;
  all.push_back({measure_fma_peak, kPeakShare, {}});
  for (Product& product : products) {
    all.push_back({[&product](double time) { return product.measure(time); },
                   products_share / static_cast<double>(products.size()),
                   {}});
  }
  for (const auto& training : trainings) {
    all.push_back({[&training](double time) { return training->measure(time); },
                   (1 - kPeakShare - products_share) / static_cast<double>(trainings.size()),
                   {}});
  }
  // Round 0 warms up.
  const double round_seconds = seconds / (kRounds + 1);
  for (int round = 0; round <= kRounds; ++round) {
    for (Series& series : all) {
      const double value = series.measure(round_seconds * series.weight);
      if (round > 0) series.values.push_back(value);
    }
  }

  const std::vector<double>& peak = all[0].values;
  Json result{{"program", "hourglass " HOURGLASS_VERSION},
              {"simd", engine_name()},
              {"cores", ThreadPool::cores()},
              {"rounds", kRounds},
              {"seconds", seconds},
              {"largest_error", error},
              {"fma_peak_gflops", median(peak)},
              {"fma_peak_vectors", fma_peak_vectors()},
              {"gemm", Json::array()},
              {"training", Json::array()}};
  for (std::size_t i = 0; i < products.size(); ++i) {
    const ProductShape& shape = products[i].shape();
    const std::vector<double>& values = all[1 + i].values;
    result["gemm"].push_back({{"inputs", shape.inputs},
                              {"outputs", shape.outputs},
                              {"batch", shape.batch},
                              {"pass", shape.pass_name()},
                              {"gflops", median(values)},
                              {"share_of_peak", median_ratio(values, peak)}});
  }
  for (std::size_t i = 0; i < trainings.size(); ++i) {
    const std::vector<double>& values = all[1 + products.size() + i].values;
    const double gflop = trainings[i]->flop_per_image() / 1e9;
    result["training"].push_back({{"preset", plan.name},
                                  {"optimizer", plan.settings.text("train.optimizer")},
                                  {"batch", trainings[i]->trainer().spec().batch_size},
                                  {"threads", trainings[i]->threads()},
                                  {"images_per_second", median(values)},
                                  {"gflops", median(values) * gflop},
                                  {"share_of_peak", median_ratio(values, peak) * gflop},
                                  {"rounds", values}});
  }
  if (flags.json) {
    std::printf("%s\n", json_text(result).c_str());
  } else {
    print_table(result);
  }
  return kDone;
}

}  // namespace

void add_bench_command(CommandLine& line) {
  const auto flags = std::make_shared<BenchFlags>();
  Command& command = line.add("bench", "Measure how fast this machine trains");
  command.option("--preset", flags->preset,
                 "Train this preset; deep, with Adam, if this and --layers are left out", "NAME");
  command.option("--layers", flags->layers,
                 "Train a dense network of these widths, such as 784,32,784, with Adam", "N,N,...");
  command.option("--batch", flags->batch, "Images in a mini-batch", "N");
  command.option("--threads", flags->threads,
                 "Train with so many, one after another; one, and all cores, if left out",
                 "N,N,...");
  command.option("--load", flags->load,
                 "Instead, how long data take to be ready: mnist, or a folder or file", "DATA");
  command.option("--seconds", flags->seconds, "About how long to measure; 12 if left out", "S");
  command.flag("--json", flags->json, "Print one JSON object");
  command.runs([flags] { return bench(*flags); });
}

}  // namespace hourglass
