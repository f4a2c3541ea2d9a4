#include "native/cli/commands/measure.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/parse_number.h"
#include "core/nn/layers/convolution.h"
#include "core/session/engine/build.h"
#include "core/session/settings/presets.h"
#include "core/strokes/strokes.h"

namespace hourglass {
namespace {

constexpr Index kBenchImages = 10240;  // at least
constexpr int kMaxWidths = 32, kMaxWidth = 8192;

Matrix random_matrix(Index rows, Index columns, std::uint32_t which) {
  Matrix matrix(rows, columns);
  Random random(1, RandomStream::kViewNoise, 0, which);
  for (Scalar& value : matrix.reshaped()) value = Scalar(random.uniform() - 0.5f);
  return matrix;
}

void use_adam(session::Settings& settings) {
  settings.set("train.optimizer", std::string("adam"));
  settings.set("train.learning_rate", 0.001);
  settings.set("train.batch_size", std::int64_t{256});
}

std::string dense_layers(std::span<const int> widths, bool sigmoid_at_end) {
  auto layers = nlohmann::json::array();
  for (const int units : widths) {
    layers.push_back({{"type", "dense"}, {"units", units}, {"activation", "relu"}});
  }
  if (sigmoid_at_end) {
    layers.back()["units"] = "input";  // the images' shape, where a number would be a flat row
    layers.back()["activation"] = "sigmoid";
  }
  return json_text(layers);
}

}  // namespace

TrainingPlan preset_plan(const std::string& name) {
  TrainingPlan plan{name, {}};
  session::apply_preset(session::find_preset(name), plan.settings);
  if (name == "deep") use_adam(plan.settings);
  return plan;
}

TrainingPlan layers_plan(const std::string& widths) {
  const Error wrong("--layers cannot be '" + widths + "'; it must be 3 to " +
                    std::to_string(kMaxWidths) + " whole numbers from 1 to " +
                    std::to_string(kMaxWidth) + " with commas between them, of which the first " +
                    "and the last are the " + std::to_string(kStrokesPixels) +
                    " pixels of Strokes, such as 784,32,784.");
  std::vector<int> units;
  std::string name;
  for (std::size_t begin = 0; begin <= widths.size();) {
    const std::size_t end = std::min(widths.find(',', begin), widths.size());
    int width = 0;
    if (!parse_number(widths.substr(begin, end - begin), width) || width < 1 || width > kMaxWidth ||
        units.size() == kMaxWidths) {
      throw wrong;
    }
    units.push_back(width);
    name += (name.empty() ? "" : "-") + std::to_string(width);
    begin = end + 1;
  }
  if (units.size() < 3 || units.front() != kStrokesPixels || units.back() != kStrokesPixels) {
    throw wrong;
  }
  TrainingPlan plan = preset_plan("deep");
  plan.name = name;
  const std::span<const int> hidden(units.begin() + 1, units.end() - 1);
  const auto code = std::min_element(hidden.begin(), hidden.end()) - hidden.begin() + 1;
  const std::span<const int> layers(units.begin() + 1, units.end());
  plan.settings.set("model.encoder", dense_layers(layers.first(code), false));
  plan.settings.set("model.decoder", dense_layers(layers.subspan(code), true));
  return plan;
}

const char* ProductShape::pass_name() const {
  switch (pass) {
    case Pass::kForward:
      return "forward";
    case Pass::kBackward:
      return "backward";
    case Pass::kGradient:
      return "gradient";
  }
  return "";
}

double ProductShape::gflop() const {
  return 2e-9 * static_cast<double>(inputs) * static_cast<double>(outputs) *
         static_cast<double>(batch);
}

Product::Product(const ProductShape& shape) : shape_(shape) {
  const Matrix weights = random_matrix(shape.inputs, shape.outputs, 1);
  const Matrix x = random_matrix(shape.inputs, shape.batch, 2);
  const Matrix delta = random_matrix(shape.outputs, shape.batch, 3);
  switch (shape.pass) {
    case ProductShape::Pass::kForward:
      a_ = weights, b_ = x, transpose_a_ = Transpose::kYes;
      packed_.setZero(packed_size(shape.outputs, shape.inputs));
      pack_rows(columns(std::as_const(a_), 0, a_.cols()), transpose_a_, 0, shape.outputs,
                packed_.data());
      c_.setZero(shape.outputs, shape.batch);
      break;
    case ProductShape::Pass::kBackward:
      a_ = weights, b_ = delta;
      c_.setZero(shape.inputs, shape.batch);
      break;
    case ProductShape::Pass::kGradient:
      a_ = x, b_ = delta, transpose_b_ = Transpose::kYes;
      c_.setZero(shape.inputs, shape.outputs);
      break;
  }
}

void Product::run() {
  const ConstMatrixView b = columns(std::as_const(b_), 0, b_.cols());
  const MatrixView c = columns(c_, 0, c_.cols());
  if (shape_.pass == ProductShape::Pass::kForward) {
    const PackedMatrix weights{packed_.data(), shape_.outputs, shape_.inputs};
    gemm(weights, b, transpose_b_, nullptr, c);
  } else {
    const ConstMatrixView a = columns(std::as_const(a_), 0, a_.cols());
    gemm(a, transpose_a_, b, transpose_b_, nullptr, c);
  }
}

double Product::measure(double seconds) {
  return calls_per_second(seconds, [this] { run(); }) * shape_.gflop();
}

double Product::error_against_plain_loops() {
  run();
  const bool ta = transpose_a_ == Transpose::kYes, tb = transpose_b_ == Transpose::kYes;
  const Index depth = ta ? a_.rows() : a_.cols();
  double largest = 0;
  for (Index j = 0; j < c_.cols(); ++j) {
    for (Index i = 0; i < c_.rows(); ++i) {
      double sum = 0;
      for (Index k = 0; k < depth; ++k) {
        sum += static_cast<double>(ta ? a_(k, i) : a_(i, k)) * (tb ? b_(j, k) : b_(k, j));
      }
      // Written so that a NaN counts as wrong.
      const double error = std::abs(sum - static_cast<double>(c_(i, j)));
      if (!(error <= largest)) largest = error;
    }
  }
  return largest / std::sqrt(static_cast<double>(depth));
}

Training::Training(const TrainingPlan& plan, int threads, DatasetPointer data)
    : pool_(threads),
      trainer_(std::make_shared<const Model>(session::model_spec(plan.settings), data->shape),
               session::train_spec(plan.settings, data->train.count()), data, pool_) {}

void Training::steps(int count) {
  for (int i = 0; i < count; ++i) trainer_.step();
}

double Training::measure(double seconds) {
  const auto batch = static_cast<double>(trainer_.spec().batch_size);
  return calls_per_second(seconds, [this] { trainer_.step(); }) * batch;
}

double Training::flop_per_image() const {
  const Model& model = trainer_.model();
  double all = 0;
  for (int i = 0; i < model.layer_count(); ++i) {
    all += static_cast<double>(model.multiply_adds_done(i));
  }
  // Forward, by the inputs, by the weights; nobody needs the gradient by the network's input.
  const auto first = static_cast<double>(model.planned(0).multiply_adds);
  return 2 * (3 * all - first);
}

DatasetPointer bench_data(Index batch) {
  const Index images = (kBenchImages + batch - 1) / batch * batch;
  return std::make_shared<const Dataset>(make_strokes(kStrokesSeed, images, 1));
}

}  // namespace hourglass
