// `hourglass text lsa`: documents found by their words, and by codes of few numbers.
#include "native/cli/console/text.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/lsa.h"
#include "core/base/error.h"
#include "core/math/thread_pool.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/text_collection.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

TermFrequency frequency_of(const std::optional<std::string>& flag) {
  if (!flag || *flag == "log") return TermFrequency::kLog;
  if (*flag == "count") return TermFrequency::kCount;
  throw Error("--term-frequency cannot be '" + *flag + "'; it is log or count.");
}

struct TextFlags {
  std::optional<std::string> term_frequency;
  bool all_words = false, entities = false;
};

int run_lsa(const ApplicationFlags& flags, const TextFlags& more) {
  const std::string& name = needed(flags.data, "text lsa", "--data FILE");
  const Index words = whole_number(flags.words, "--words", kDefaultVocabulary, 1, Lsa::kMaxWords);
  const Index size = whole_number(flags.size, "--size", 2, 1, Lsa::kMaxSize);
  const RetrievalDistance distance = distance_of_flag(flags.distance);
  const TermFrequency frequency = frequency_of(more.term_frequency);
  const std::uint64_t seed = flags.seed_or(0);
  const int threads = flags.thread_count();
  const auto began = std::chrono::steady_clock::now();
  const Collection all =
      read_collection(name, words, seed, {.stop_words = !more.all_words}, more.entities);
  OutFolder out(flags.out);
  ThreadPool pool(threads);
  warn_of_fewer_threads(pool, threads);

  const TfIdf tfidf(all.searched.counts, frequency);
  const WordWeights searched = tfidf.weights(all.searched.counts);
  const WordWeights asking = tfidf.weights(all.asking.counts);
  Lsa lsa(searched, size, pool);
  warn_of_collection(all, words);
  StageLine stage;
  while (lsa.advance()) stage.show("LSA", lsa.share());
  stage.clear();
  const Matrix searched_codes = lsa.codes(searched), asking_codes = lsa.codes(asking);
  const RetrievalTask task = retrieval_task(all);
  const std::vector<RetrievalCurve> curves = {
      {"tfidf", "TF-IDF", retrieval_quality(searched, asking, task, pool)},
      {"lsa", "LSA, " + std::to_string(size) + " numbers",
       retrieval_quality(columns(searched_codes, 0, searched_codes.cols()),
                         columns(asking_codes, 0, asking_codes.cols()), task, distance, pool)}};
  const RetrievalQuality &by_words = curves[0].quality, &by_codes = curves[1].quality;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;

  if (size == 2) write_document_map(out, all, searched_codes, asking_codes, "LSA");
  out.write("curve.csv", curve_table(curves));
  out.write("curve.png", curve_chart("documents found by their words, and by LSA", curves));
  const Index count = searched_codes.cols() + asking_codes.cols();
  if (flags.json) {
    const Json json{{"documents", count},
                    {"queries", asking_codes.cols()},
                    {"without_words", all.lines_without_words.size()},
                    {"words", all.vocabulary->size()},
                    {"different_words", all.vocabulary->different_words()},
                    {"size", size},
                    {"tfidf_precision_at_10", by_words.precision_at_k},
                    {"lsa_precision_at_10", by_codes.precision_at_k},
                    {"topics", json_by_topic(all, curves)},
                    {"tfidf", json_curve(by_words)},
                    {"lsa", json_curve(by_codes)},
                    {"seconds", seconds.count()}};
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  std::printf("%s documents of %s topics, %s words, in %.2f s; one in five asks for the others\n",
              with_commas(count).c_str(), with_commas(std::ssize(all.topics.names)).c_str(),
              with_commas(all.vocabulary->size()).c_str(), seconds.count());
  std::printf("  precision at 10, TF-IDF  %.4f\n  precision at 10, LSA %-3d %.4f\n",
              by_words.precision_at_k, static_cast<int>(size), by_codes.precision_at_k);
  if (out) std::printf("%s\n", out.sentence().c_str());
  return kDone;
}

}  // namespace

void add_text_commands(CommandLine& line) {
  line.add_group("text", "Documents: what their words and codes of few numbers find");
  const auto [command, flags] = add_application(
      line, "text lsa", "Latent semantic analysis of documents, beside their TF-IDF", nullptr);
  const auto more = std::make_shared<TextFlags>();
  command.runs([flags = flags, more] { return run_lsa(*flags, *more); });
  command.option("--data", flags->data,
                 "A document a line, with its topic and a tab before it; .tsv, .txt or .csv, also "
                 "with .gz; or reuters-21578",
                 "FILE");
  command.option("--words", flags->words, "Most frequent words that count (2000)", "N");
  command.option("--size", flags->size, "Numbers of a code (2)", "N");
  command.option("--distance", flags->distance, "Between codes: euclidean (the default), cosine",
                 "NAME");
  command.option("--term-frequency", more->term_frequency,
                 "What a word counts that comes n times: log (1 + ln n, the default), count (n)",
                 "NAME");
  command.flag("--all-words", more->all_words, "Without the stop list: 'the' is a word too");
  command.flag("--entities", more->entities, "&lt; &gt; and &amp; in the file are < > and &");
  add_seed_flag(command, *flags, "Which documents ask: one in five (0)");
  add_out_flag(command, *flags, "Folder for curve.csv, curve.png and, of two numbers, the map");
}

}  // namespace hourglass
