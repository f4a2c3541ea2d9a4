// The rows of the table.
#include <algorithm>
#include <array>
#include <string_view>

#include "core/data/scaling.h"
#include "core/model/initializer.h"
#include "core/model/loss.h"
#include "core/session/settings/run_specs.h"
#include "core/session/settings/setting_row.h"
#include "core/session/settings/settings.h"

namespace hourglass::session {
namespace {

using enum Scale;

constexpr const char* kInitialEncoder = R"([{"type":"dense","units":32,"activation":"relu"}])";
constexpr const char* kInitialDecoder =
    R"([{"type":"dense","units":"input","activation":"sigmoid"}])";

constexpr std::string_view kDataSets[] = {"mnist", "fashion-mnist", "strokes",
                                          "texts", "reuters-21578", "own"};
// WordWeighting's, which the front end does without.
constexpr std::string_view kWordWeights[] = {"tf-idf", "probabilities"};
// Those of core/data/import/import_options.h, which the front end does without.
constexpr std::string_view kGuesses[] = {"auto", "yes", "no"};
constexpr std::string_view kFits[] = {"fit", "crop", "stretch"};
constexpr std::string_view kGrounds[] = {"auto", "black", "white"};
constexpr std::string_view kMissingWays[] = {"refuse", "rows", "columns", "median"};
constexpr std::string_view kColourNames[] = {"data.color"};
constexpr std::string_view kImageOrders[] = {"set", "worst"};
constexpr std::string_view kMapPlanes[] = {"pca", "units"};
constexpr std::string_view kTileKinds[] = {"none", "inputs", "outputs"};

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
bool uses_documents(const Circumstances& c) {
  return is_one_of(c.text("data.set"), "texts", "reuters-21578");
}
bool uses_beta(const Circumstances& c) { return c.text("train.optimizer") == "adam"; }

constexpr Row kDataRows[] = {
    choice("data.set", "strokes", words<kDataSets>).on_reset().source(),
    choice("data.scaling", "unit", scaling_names).on_reset().in(Group::kLoss, 2),
    flag("data.clip", false).on_reset().source().off_screen(),
    integer("data.image_side", 28, 4, 64, kLinear, "pixels").on_reset().source().off_screen(),
    flag("data.colour", false).on_reset().source().off_screen().also(kColourNames),
    text("data.label", "auto").on_reset().source().off_screen(),
    text("data.shape", "auto").on_reset().source().off_screen(),
    text("data.range", "auto").on_reset().source().off_screen(),
    text("data.array", "auto").on_reset().source().off_screen(),
    text("data.leave_out", "").on_reset().source().off_screen(),
    text("data.tiles", "").on_reset().source().off_screen(),
    choice("data.header", "auto", words<kGuesses>).on_reset().source().off_screen(),
    choice("data.missing", "refuse", words<kMissingWays>).on_reset().source().off_screen(),
    choice("data.transpose", "auto", words<kGuesses>).on_reset().source().off_screen(),
    flag("data.invert", false).on_reset().source().off_screen(),
    choice("data.fit", "fit", words<kFits>).on_reset().source().off_screen(),
    choice("data.ground", "auto", words<kGrounds>).on_reset().source().off_screen(),
    off_or_real("data.test_share", 0, 0.01, 0.9).on_reset().source().off_screen(),
    integer("data.split_seed", 0, 0, 1'000'000, kLinear, "").on_reset().source().off_screen(),
    off_or_integer("data.most_samples", 10'000'000, "samples").on_reset().source().off_screen(),
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
    integer("data.vocabulary", 2000, 10, 5000, kLogarithmic, "words")
        .on_reset()
        .source()
        .in(Group::kData, 3)
        .when(uses_documents),
    choice("data.word_weights", "tf-idf", words<kWordWeights>)
        .on_reset()
        .source()
        .in(Group::kData, 4)
        .when(uses_documents),
};

constexpr Row kModelRows[] = {
    text("model.encoder", kInitialEncoder).on_reset(),
    text("model.decoder", kInitialDecoder).on_reset(),
    choice("model.initializer", "glorot-uniform", initializer_names).on_reset().in(Group::kLoss, 3),
    choice("model.loss", "bce", loss_names).on_reset().in(Group::kLoss, 1),
};

constexpr Row kNoiseRows[] = {
    choice("noise.kind", "none", corruption_names).bound([](const Value& v, RunSpecs& s) {
      s.train.corruption.kind = corruption_from_name(text_of(v));
    }),
    real("noise.level", 0.3, 0, 1, kLinear)
        .when([](const Circumstances& c) { return c.text("noise.kind") != "none"; })
        .bound([](const Value& v, RunSpecs& s) {
          s.train.corruption.level = static_cast<Scalar>(real_of(v));
        }),
};

constexpr Row kPenaltyRows[] = {
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
        .bound([](const Value& v, RunSpecs& s) { s.train.penalties.sparsity_target = real_of(v); }),
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

constexpr Row kOptimizerRows[] = {
    choice("train.optimizer", "adam", optimizer_names)
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

constexpr Row kScheduleRows[] = {
    choice("train.schedule", "constant", schedule_names)
        .in(Group::kSchedule, 1)
        .bound([](const Value& v, RunSpecs& s) {
          s.train.schedule.kind = schedule_from_name(text_of(v));
        }),
    real("train.decay", 0.9, 0.01, 1, kLinear)
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

constexpr Row kRunRows[] = {
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
        })
        .stays_with_preset(),
};

// Of the display, changed on the screen and by pages.
constexpr Row shown(Row row, unsigned what) { return row.wakes_up(what).off_command_line(); }

constexpr Row kViewRows[] = {
    shown(choice("view.noise.kind", "gaussian", corruption_names), wakes::kNoise)
        .bound([](const Value& v, RunSpecs& s) {
          s.view_noise.kind = corruption_from_name(text_of(v));
        }),
    shown(real("view.noise.level", 0, 0, 1, kLinear), wakes::kNoise)
        .bound([](const Value& v, RunSpecs& s) {
          s.view_noise.level = static_cast<Scalar>(real_of(v));
        }),
    integer("view.images", 20, 1, 100, kLinear, "images").wakes_up(wakes::kImages),
    integer("view.image_set", 0, 0, 2147483647, kLinear, "").wakes_up(wakes::kImages),
    shown(choice("view.image_order", "set", words<kImageOrders>), wakes::kImages | wakes::kRound),
    integer("view.map_points", 10000, 100, 20000, kLogarithmic, "images").wakes_up(wakes::kMap),
    shown(choice("view.map_plane", "pca", words<kMapPlanes>), wakes::kPlane | wakes::kRound),
    shown(integer("view.map_unit_x", 0, 0, 65535, kLinear, ""), wakes::kPlane),
    shown(integer("view.map_unit_y", 1, 0, 65535, kLinear, ""), wakes::kPlane),
    shown(integer("view.sample", 0, 0, 2147483647, kLinear, ""), wakes::kSample),
    shown(choice("view.tiles", "none", words<kTileKinds>), wakes::kTiles | wakes::kRound),
    shown(off_or_integer("view.steps_per_second", 1000, "steps"), wakes::kPace),
};

// Of a map of the codes, which is made when somebody asks for it.
constexpr Row kTsneRows[] = {
    real("tsne.perplexity", 30, 2, 1000, kLogarithmic),
    integer("tsne.iterations", 1000, 50, 20000, kLogarithmic, "iterations"),
    off_or_real("tsne.learning_rate", 0, 1, 1e5),  // 0: by the number of codes
    real("tsne.exaggeration", 12, 1, 100, kLogarithmic),
};

constexpr Row kMachineRows[] = {
    integer("train.threads", 0, 0, 64, kLinear, "threads").on_reset().in(Group::kMachine, 1),
    integer("train.save_seconds", 60, 0, 86400, kLinear, "seconds").off_screen(),
};

// Rows of one scope, with what they wake up beside what they say themselves.
template <std::size_t kCount>
constexpr std::array<Setting, kCount> of(Scope scope, unsigned wakes, const Row (&rows)[kCount]) {
  std::array<Setting, kCount> settings;
  for (std::size_t i = 0; i < kCount; ++i) {
    settings[i] = rows[i].setting;
    settings[i].scope = scope;
    settings[i].wakes |= wakes;
  }
  return settings;
}

template <std::size_t... kCounts>
constexpr auto joined(const std::array<Setting, kCounts>&... parts) {
  std::array<Setting, (kCounts + ...)> all;
  std::size_t next = 0;
  const auto add = [&](const auto& part) {
    for (const Setting& setting : part) all[next++] = setting;
  };
  (add(parts), ...);
  return all;
}

constexpr auto kTable = joined(
    of(Scope::kRun, wakes::kData, kDataRows), of(Scope::kRun, wakes::kRun, kModelRows),
    of(Scope::kRun, wakes::kRun, kNoiseRows), of(Scope::kRun, wakes::kRun, kPenaltyRows),
    of(Scope::kRun, wakes::kRun, kOptimizerRows), of(Scope::kRun, wakes::kRun, kScheduleRows),
    of(Scope::kRun, wakes::kRun, kRunRows), of(Scope::kMachine, wakes::kRun, kMachineRows),
    of(Scope::kView, 0, kViewRows), of(Scope::kView, 0, kTsneRows));

}  // namespace

std::span<const std::string_view> group_names() {
  static constexpr std::array<std::string_view, 8> kNames = {
      "", "loss", "optimizer", "schedule", "penalties", "stop", "data", "machine"};
  return kNames;
}

std::span<const Setting> settings_table() { return kTable; }

RunSpecs run_specs(const Settings& settings) {
  RunSpecs specs;
  for (const Setting& setting : settings_table()) {
    if (setting.bind) setting.bind(settings.get(setting.key), specs);
  }
  return specs;
}

}  // namespace hourglass::session
