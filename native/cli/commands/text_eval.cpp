// `hourglass text eval`: documents found by the codes of a network, beside LSA and TF-IDF.
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/lsa.h"
#include "core/base/error.h"
#include "core/data/sources/document_dataset.h"
#include "core/formats/safetensors.h"
#include "core/math/thread_pool.h"
#include "core/session/engine/pretraining_run.h"
#include "core/session/engine/training_run.h"
#include "core/session/settings/presets.h"
#include "core/text/word_input.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/text_collection.h"
#include "native/cli/commands/text_model.h"
#include "native/cli/commands/train_quietly.h"
#include "native/cli/console/signals.h"
#include "native/cli/console/text.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

// Both parts as the network sees them.
DatasetPointer dataset_of(const Collection& all, const WordWeights& searched,
                          const WordWeights& asking, const std::string& name) {
  auto data = std::make_shared<Dataset>(document_dataset(searched, asking));
  data->name = name;
  data->class_names = all.topics.names;
  data->train.labels = all.searched.labels;
  data->test.labels = all.asking.labels;
  data->labels_from = "the topics";
  data->split_by = "one in five, chosen at random";
  return data;
}

RetrievalCurve lsa_curve(const Lsa& lsa, const Collection& all, const WordWeights& searched,
                         const WordWeights& asking, RetrievalDistance distance, ThreadPool& pool) {
  const Matrix codes = lsa.codes(searched), queries = lsa.codes(asking);
  return {"lsa", "LSA, " + std::to_string(codes.rows()) + " numbers",
          retrieval_quality(columns(codes, 0, codes.cols()), columns(queries, 0, queries.cols()),
                            retrieval_task(all), distance, pool)};
}

// The run's checkpoint, which knows its words.
std::vector<std::uint8_t> model_file(session::TrainingRun& run, const session::Settings& settings,
                                     const Vocabulary& vocabulary, const TfIdf& tfidf) {
  Safetensors file = run.checkpoint(settings);
  file.metadata[session::kVocabularyKey] = word_input_json(vocabulary, tfidf);
  return write_safetensors(file);
}

// The layers' own training, before the run; null where there is none.
std::unique_ptr<LayerwisePretraining> pretraining_of(const session::Preset& preset,
                                                     const ApplicationFlags& flags,
                                                     const session::Settings& settings,
                                                     session::TrainingRun& run, ThreadPool& pool) {
  session::Settings own = session::pretraining_settings(
      settings, preset.pretraining, "the pretraining of preset '" + preset.name + "'");
  const std::int64_t initial = preset.pretraining.empty() ? 0 : own.integer("train.epochs");
  const std::int64_t epochs =
      whole_number(flags.pretrain_epochs, "--pretrain-epochs", initial, 0, 100000);
  if (epochs == 0) return nullptr;
  own.set("train.epochs", epochs);
  return session::make_pretraining(own, run.shared_model(), run.data(), pool);
}

// Returns whether it came to its end, and the run begins with what it found.
bool pretrain(LayerwisePretraining& pretraining, session::TrainingRun& run, StageLine& stage) {
  do {
    if (StopRequests::came()) return false;
    stage.show("Pretraining", pretraining.share());
  } while (pretraining.advance());
  run.trainer().set_parameters(pretraining.parameters());
  return true;
}

int run_eval(const ApplicationFlags& flags) {
  const session::Preset& preset =
      session::find_document_preset(needed(flags.preset, "text eval", "--preset NAME (text-2d)"));
  const std::string& name = needed(flags.data, "text eval", "--data FILE");
  const Index words = whole_number(flags.words, "--words", kDefaultVocabulary, 1, Lsa::kMaxWords);
  const RetrievalDistance distance = distance_of_flag(flags.distance);
  const std::uint64_t seed = flags.seed_or(0);
  const int threads = flags.thread_count();
  session::Settings settings = settings_of(preset, flags);
  settings.set("train.seed", static_cast<std::int64_t>(seed));
  const Collection all = read_collection(name, words, seed, {}, /*entities=*/false);
  OutFolder out(flags.out);
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);

  const TfIdf tfidf(all.searched.counts, TermFrequency::kLog);
  const WordWeights searched = tfidf.weights(all.searched.counts);
  const WordWeights asking = tfidf.weights(all.asking.counts);
  session::TrainingRun run(settings, dataset_of(all, searched, asking, name), pool);
  const Model& model = run.model();
  const Index size = model.code_size();
  Lsa lsa(searched, size, pool);
  const auto pretraining = pretraining_of(preset, flags, settings, run, pool);
  // All that could be refused has been.
  warn_of_collection(all, words);
  const StopRequests requests;
  StageLine stage;
  while (lsa.advance()) stage.show("LSA", lsa.share());
  if ((pretraining && !pretrain(*pretraining, run, stage)) ||
      !train_quietly(run, stage, "Training")) {
    stage.clear();
    warn("Stopped; nothing was measured.");
    return kInterrupted;
  }
  const Matrix codes = document_codes(model, run.parameters(), searched, pool);
  const Matrix queries = document_codes(model, run.parameters(), asking, pool);
  const RetrievalTask task = retrieval_task(all);
  const std::vector<RetrievalCurve> curves = {
      {"tfidf", "TF-IDF", retrieval_quality(searched, asking, task, pool)},
      lsa_curve(lsa, all, searched, asking, distance, pool),
      {"code", preset.name,
       retrieval_quality(columns(codes, 0, codes.cols()), columns(queries, 0, queries.cols()), task,
                         distance, pool)}};
  stage.clear();

  out.write("curve.csv", curve_table(curves));
  out.write("curve.png", curve_chart("documents found by words, LSA and " + preset.name, curves));
  if (size == 2) write_document_map(out, all, codes, queries, preset.name);
  if (out) out.write("model.safetensors", model_file(run, settings, *all.vocabulary, tfidf));
  const EpochMetrics& last = run.history().back();
  const Index count = codes.cols() + queries.cols();
  if (flags.json) {
    const Json json{{"documents", count},
                    {"queries", queries.cols()},
                    {"without_words", all.lines_without_words.size()},
                    {"words", all.vocabulary->size()},
                    {"code_size", size},
                    {"precision_at_10", curves[2].quality.precision_at_k},
                    {"lsa_precision_at_10", curves[1].quality.precision_at_k},
                    {"tfidf_precision_at_10", curves[0].quality.precision_at_k},
                    {"topics", json_by_topic(all, curves)},
                    {"code", json_curve(curves[2].quality)},
                    {"lsa", json_curve(curves[1].quality)},
                    {"tfidf", json_curve(curves[0].quality)},
                    {"pretrained_layers", pretraining ? std::ssize(pretraining->stages()) : 0},
                    {"epochs", last.epoch},
                    {"train_loss", json_number(last.train_loss)},
                    {"test_loss", json_number(last.test_loss)},
                    {"documents_per_second", json_number(last.images_per_second)},
                    {"seconds", last.seconds}};
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  std::printf(
      "%s documents of %s topics, %s words; one in five asks for the others\n"
      "%g epochs in %.1f s, held-out loss %.4f\n",
      with_commas(count).c_str(), with_commas(std::ssize(all.topics.names)).c_str(),
      with_commas(all.vocabulary->size()).c_str(), last.epoch, last.seconds, last.test_loss);
  for (const RetrievalCurve& curve : curves) {
    std::printf("  precision at 10, %-14s %.4f\n", curve.name.c_str(),
                curve.quality.precision_at_k);
  }
  if (out) std::printf("%s\n", out.sentence().c_str());
  return kDone;
}

}  // namespace

void add_text_eval_command(CommandLine& line) {
  const auto [command, flags] = add_application(
      line, "text eval", "Train a network on documents, and find them by its codes", run_eval);
  command.option("--preset", flags->preset, "text-2d or text-10d", "NAME");
  command.option("--data", flags->data,
                 "A document a line, with its topic and a tab before it; .tsv, .txt or .csv, also "
                 "with .gz; or reuters-21578",
                 "FILE");
  command.option("--words", flags->words, "Most frequent words that count (2000)", "N");
  command.option("--epochs", flags->epochs, "Instead of the preset's", "N");
  command.option("--pretrain-epochs", flags->pretrain_epochs,
                 "Of each layer on its own before, instead of the preset's; 0 for none", "N");
  command.options("--set", flags->set, "Settings of the run, such as train.learning_rate=0.002",
                  "KEY=VALUE");
  command.option("--distance", flags->distance, "Between codes: euclidean (the default), cosine",
                 "NAME");
  add_seed_flag(command, *flags, "Which documents ask, and the first weights (0)");
  add_out_flag(command, *flags,
               "Folder for the model, curve.csv, curve.png and, of two numbers, the map");
}

}  // namespace hourglass
