// The rows of the table.
#include <algorithm>
#include <array>
#include <utility>

#include "core/data/scaling.h"
#include "core/model/initializer.h"
#include "core/model/loss.h"
#include "core/session/settings/run_specs.h"
#include "core/session/settings/setting_row.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {
namespace {

constexpr const char* kInitialEncoder = R"([{"type":"dense","units":32,"activation":"relu"}])";
constexpr const char* kInitialDecoder =
    R"([{"type":"dense","units":"input","activation":"sigmoid"}])";

double real_of(const Value& value) { return std::get<double>(value); }
std::int64_t whole_of(const Value& value) { return std::get<std::int64_t>(value); }
const std::string& text_of(const Value& value) { return std::get<std::string>(value); }

template <typename... Names>
bool is_one_of(std::string_view name, Names... names) {
  return ((name == names) || ...);
}

const LayerInfo* code_layer(const NetworkInfo& network) {
  const auto index = static_cast<std::size_t>(network.code_layer);
  return network.code_layer >= 0 && index < network.layers.size() ? &network.layers[index]
                                                                  : nullptr;
}

bool has_code_means(const Circumstances& c) {
  const LayerInfo* const code = code_layer(c.network);
  return c.is_on("penalty.sparsity") || (code && code->activation == "sigmoid");
}

bool has_code_jacobian(const Circumstances& c) {
  const LayerInfo* const code = code_layer(c.network);
  return c.is_on("penalty.contractive") ||
         (code && c.network.code_layer == 0 && code->kind == "dense" &&
          is_one_of(code->activation, "sigmoid", "tanh"));
}

bool has_gaussian_code(const Circumstances& c) {
  return std::ranges::any_of(c.network.layers,
                             [](const LayerInfo& layer) { return layer.kind == "gaussian"; });
}

bool uses_strokes(const Circumstances& c) { return c.text("data.set") == "strokes"; }
bool uses_beta(const Circumstances& c) { return c.text("train.optimizer") == "adam"; }

// All rows of one scope, with what they wake up beside what they say themselves.
void add(std::vector<Setting>& table, Scope scope, unsigned wakes, std::vector<Row> rows) {
  for (Row& row : rows) {
    row.setting.scope = scope;
    row.setting.wakes |= wakes;
    table.push_back(std::move(row.setting));
  }
}

std::vector<Row> data_rows() {
  using enum Scale;
  return {
      choice("data.set", "strokes", {"mnist", "fashion-mnist", "strokes"}).on_reset().source(),
      choice("data.scaling", "unit", list(scaling_names())).on_reset().in(Group::kLoss, 2),
      flag("data.clip", false).on_reset().source().off_screen(),
      integer("data.image_side", 28, 4, 64, kLinear, "pixels").on_reset().source().off_screen(),
      flag("data.colour", false).on_reset().source().off_screen().also({"data.color"}),
      text("data.label", "auto").on_reset().source().off_screen(),
      integer("data.strokes_train", 10000, 100, 200000, kLogarithmic, "images")
          .on_reset()
          .source()
          .in(Group::kData, 1)
          .when(uses_strokes),
      integer("data.strokes_test", 2000, 100, 20000, kLogarithmic, "images")
          .on_reset()
          .source()
          .in(Group::kData, 2)
          .when(uses_strokes),
  };
}

std::vector<Row> model_rows() {
  return {
      text("model.encoder", kInitialEncoder).on_reset(),
      text("model.decoder", kInitialDecoder).on_reset(),
      choice("model.initializer", "glorot-uniform", list(initializer_names()))
          .on_reset()
          .in(Group::kLoss, 3),
      choice("model.loss", "bce", list(loss_names())).on_reset().in(Group::kLoss, 1),
  };
}

std::vector<Row> noise_rows() {
  return {
      choice("noise.kind", "none", list(corruption_names())).bound([](const Value& v, RunSpecs& s) {
        s.train.corruption.kind = corruption_from_name(text_of(v));
      }),
      real("noise.level", 0.3, 0, 1, Scale::kLinear)
          .when([](const Circumstances& c) { return c.text("noise.kind") != "none"; })
          .bound([](const Value& v, RunSpecs& s) {
            s.train.corruption.level = static_cast<Scalar>(real_of(v));
          }),
  };
}

std::vector<Row> penalty_rows() {
  using enum Scale;
  return {
      off_or_real("penalty.activity_l1", 0, 1e-6, 1)
          .in(Group::kPenalties, 1)
          .bound([](const Value& v, RunSpecs& s) { s.train.penalties.activity_l1 = real_of(v); }),
      off_or_real("penalty.sparsity", 0, 1e-4, 100)
          .in(Group::kPenalties, 3)
          .when(has_code_means)
          .bound([](const Value& v, RunSpecs& s) { s.train.penalties.sparsity = real_of(v); }),
      real("penalty.sparsity_target", 0.05, 0.001, 0.5, kLogarithmic)
          .in(Group::kPenalties, 4)
          .when(has_code_means)
          .bound(
              [](const Value& v, RunSpecs& s) { s.train.penalties.sparsity_target = real_of(v); }),
      off_or_real("penalty.weight_l2", 0, 1e-8, 1)
          .in(Group::kPenalties, 2)
          .bound([](const Value& v, RunSpecs& s) { s.train.penalties.weight_l2 = real_of(v); }),
      off_or_real("penalty.contractive", 0, 1e-6, 100)
          .in(Group::kPenalties, 5)
          .when(has_code_jacobian)
          .bound([](const Value& v, RunSpecs& s) { s.train.penalties.contractive = real_of(v); }),
      off_or_real("penalty.kl", 1, 1e-5, 100)
          .in(Group::kPenalties, 6)
          .when(has_gaussian_code)
          .bound([](const Value& v, RunSpecs& s) { s.train.penalties.kl = real_of(v); }),
      off_or_integer("penalty.kl_warmup", 1000, "epochs")
          .in(Group::kPenalties, 7)
          .when(has_gaussian_code)
          .bound([](const Value& v, RunSpecs& s) { s.train.penalties.kl_warmup = whole_of(v); }),
  };
}

std::vector<Row> optimizer_rows() {
  using enum Scale;
  return {
      choice("train.optimizer", "adam", list(optimizer_names()))
          .on_reset()
          .in(Group::kOptimizer, 1)
          .bound([](const Value& v, RunSpecs& s) {
            s.train.optimizer.kind = optimizer_from_name(text_of(v));
          }),
      real("train.learning_rate", 0.001, 1e-6, 10, kLogarithmic)
          .in(Group::kOptimizer, 2)
          .bound([](const Value& v, RunSpecs& s) { s.train.optimizer.learning_rate = real_of(v); }),
      real("train.momentum", 0, 0, 0.999, kLinear)
          .in(Group::kOptimizer, 4)
          .when([](const Circumstances& c) {
            return is_one_of(c.text("train.optimizer"), "sgd", "rmsprop");
          })
          .bound([](const Value& v, RunSpecs& s) { s.train.optimizer.momentum = real_of(v); }),
      real("train.rho", 0.95, 0, 0.9999, kLinear)
          .in(Group::kOptimizer, 5)
          .when([](const Circumstances& c) {
            return is_one_of(c.text("train.optimizer"), "rmsprop", "adadelta");
          })
          .bound([](const Value& v, RunSpecs& s) { s.train.optimizer.rho = real_of(v); }),
      real("train.beta1", 0.9, 0, 0.9999, kLinear)
          .in(Group::kOptimizer, 6)
          .when(uses_beta)
          .bound([](const Value& v, RunSpecs& s) { s.train.optimizer.beta1 = real_of(v); }),
      real("train.beta2", 0.999, 0, 0.99999, kLinear)
          .in(Group::kOptimizer, 7)
          .when(uses_beta)
          .bound([](const Value& v, RunSpecs& s) { s.train.optimizer.beta2 = real_of(v); }),
      real("train.epsilon", 1e-7, 1e-12, 1, kLogarithmic)
          .in(Group::kOptimizer, 8)
          .when([](const Circumstances& c) { return c.text("train.optimizer") != "sgd"; })
          .bound([](const Value& v, RunSpecs& s) { s.train.optimizer.epsilon = real_of(v); }),
      off_or_real("train.weight_decay", 0, 1e-6, 1)
          .in(Group::kOptimizer, 9)
          .bound([](const Value& v, RunSpecs& s) { s.train.optimizer.weight_decay = real_of(v); }),
      off_or_real("train.clip_norm", 0, 1e-3, 1000)
          .in(Group::kOptimizer, 10)
          .bound([](const Value& v, RunSpecs& s) { s.train.clip_norm = real_of(v); }),
  };
}

std::vector<Row> schedule_rows() {
  return {
      choice("train.schedule", "constant", list(schedule_names()))
          .in(Group::kSchedule, 1)
          .bound([](const Value& v, RunSpecs& s) {
            s.train.schedule.kind = schedule_from_name(text_of(v));
          }),
      real("train.decay", 0.9, 0.01, 1, Scale::kLinear)
          .in(Group::kSchedule, 2)
          .when([](const Circumstances& c) {
            return is_one_of(c.text("train.schedule"), "stepped", "exponential");
          })
          .bound([](const Value& v, RunSpecs& s) { s.train.schedule.decay = real_of(v); }),
      off_or_integer("train.decay_steps", 1e7, "steps")  // 0: by the length of the run
          .in(Group::kSchedule, 3)
          .when([](const Circumstances& c) { return c.text("train.schedule") != "constant"; })
          .bound([](const Value& v, RunSpecs& s) { s.train.schedule.decay_steps = whole_of(v); }),
      off_or_integer("train.warmup_steps", 1e6, "steps")
          .in(Group::kSchedule, 4)
          .bound([](const Value& v, RunSpecs& s) { s.train.schedule.warmup_steps = whole_of(v); }),
  };
}

std::vector<Row> run_rows() {
  using enum Scale;
  std::vector<Row> rows = {
      integer("train.batch_size", 256, 1, 4096, kLogarithmic, "images")
          .on_reset()
          .in(Group::kOptimizer, 3)
          .bound([](const Value& v, RunSpecs& s) {
            s.train.batch_size = static_cast<Index>(whole_of(v));
          }),
      integer("train.epochs", 50, 1, 100000, kLogarithmic, "epochs")
          .limit()
          .in(Group::kStop, 1)
          .bound([](const Value& v, RunSpecs& s) { s.stopping.epochs = whole_of(v); }),
      off_or_integer("train.steps", 1e9, "steps")
          .limit()
          .in(Group::kStop, 2)
          .bound([](const Value& v, RunSpecs& s) { s.stopping.steps = whole_of(v); }),
      off_or_real("train.stop_loss", 0, 1e-4, 1e6)
          .limit()
          .in(Group::kStop, 3)
          .bound([](const Value& v, RunSpecs& s) { s.stopping.loss = real_of(v); }),
      off_or_integer("train.patience", 1000, "epochs")
          .limit()
          .in(Group::kStop, 4)
          .bound([](const Value& v, RunSpecs& s) { s.stopping.patience = whole_of(v); }),
      integer("train.seed", 1, 0, 9007199254740991.0, kLinear, "")
          .on_reset()
          .bound([](const Value& v, RunSpecs& s) {
            s.train.seed = static_cast<std::uint64_t>(whole_of(v));
          }),
  };
  rows.back().setting.stays_with_preset = true;
  return rows;
}

std::vector<Row> view_rows() {
  using enum Scale;
  const auto wakes = [](Row row, unsigned what, bool on_command_line = false) {
    row.setting.wakes = what;
    row.setting.on_command_line = on_command_line;
    return row;
  };
  const auto view_noise = [](void (*bind)(const Value&, RunSpecs&), Row row) {
    row.setting.bind = bind;
    return row;
  };
  return {
      wakes(view_noise([](const Value& v,
                          RunSpecs& s) { s.view_noise.kind = corruption_from_name(text_of(v)); },
                       choice("view.noise.kind", "gaussian", list(corruption_names()))),
            wakes::kNoise),
      wakes(view_noise([](const Value& v,
                          RunSpecs& s) { s.view_noise.level = static_cast<Scalar>(real_of(v)); },
                       real("view.noise.level", 0, 0, 1, kLinear)),
            wakes::kNoise),
      wakes(integer("view.images", 20, 1, 100, kLinear, "images"), wakes::kImages, true),
      wakes(integer("view.image_set", 0, 0, 2147483647, kLinear, ""), wakes::kImages, true),
      wakes(choice("view.image_order", "set", {"set", "worst"}), wakes::kImages | wakes::kRound),
      wakes(integer("view.map_points", 10000, 100, 20000, kLogarithmic, "images"), wakes::kMap,
            true),
      wakes(choice("view.map_plane", "pca", {"pca", "units"}), wakes::kPlane | wakes::kRound),
      wakes(integer("view.map_unit_x", 0, 0, 65535, kLinear, ""), wakes::kPlane),
      wakes(integer("view.map_unit_y", 1, 0, 65535, kLinear, ""), wakes::kPlane),
      wakes(integer("view.sample", 0, 0, 2147483647, kLinear, ""), wakes::kSample),
      wakes(choice("view.tiles", "none", {"none", "inputs", "outputs"}),
            wakes::kTiles | wakes::kRound),
      wakes(off_or_integer("view.steps_per_second", 1000, "steps"), wakes::kPace),
  };
}

// Of a map of the codes, which is made when somebody asks for it.
std::vector<Row> tsne_rows() {
  using enum Scale;
  return {
      real("tsne.perplexity", 30, 2, 1000, kLogarithmic),
      integer("tsne.iterations", 1000, 50, 20000, kLogarithmic, "iterations"),
      off_or_real("tsne.learning_rate", 0, 1, 1e5),  // 0: by the number of codes
      real("tsne.exaggeration", 12, 1, 100, kLogarithmic),
  };
}

std::vector<Setting> make_table() {
  std::vector<Setting> table;
  add(table, Scope::kRun, wakes::kData, data_rows());
  add(table, Scope::kRun, wakes::kRun, model_rows());
  add(table, Scope::kRun, wakes::kRun, noise_rows());
  add(table, Scope::kRun, wakes::kRun, penalty_rows());
  add(table, Scope::kRun, wakes::kRun, optimizer_rows());
  add(table, Scope::kRun, wakes::kRun, schedule_rows());
  add(table, Scope::kRun, wakes::kRun, run_rows());
  std::vector<Row> machine;
  machine.push_back(integer("train.threads", 0, 0, 64, Scale::kLinear, "threads")
                        .on_reset()
                        .in(Group::kMachine, 1));
  machine.push_back(
      integer("train.save_seconds", 60, 0, 86400, Scale::kLinear, "seconds").off_screen());
  add(table, Scope::kMachine, wakes::kRun, std::move(machine));
  add(table, Scope::kView, 0, view_rows());
  add(table, Scope::kView, 0, tsne_rows());
  return table;
}

}  // namespace

std::span<const std::string_view> group_names() {
  static constexpr std::array<std::string_view, 8> kNames = {
      "", "loss", "optimizer", "schedule", "penalties", "stop", "data", "machine"};
  return kNames;
}

std::span<const Setting> settings_table() {
  static const std::vector<Setting> table = make_table();
  return table;
}

RunSpecs run_specs(const Settings& settings) {
  RunSpecs specs;
  for (const Setting& setting : settings_table()) {
    if (setting.bind) setting.bind(settings.get(setting.key), specs);
  }
  return specs;
}

}  // namespace hourglass::session
