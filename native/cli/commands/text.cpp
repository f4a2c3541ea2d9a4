// `hourglass text lsa`: documents found by their words, and by codes of few numbers.
#include "core/base/text.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/lsa.h"
#include "core/analysis/retrieval.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/math/random.h"
#include "core/math/thread_pool.h"
#include "core/text/documents.h"
#include "core/text/vocabulary.h"
#include "native/cli/commands/application.h"
#include "native/cli/commands/commands.h"
#include "native/cli/console/text.h"
#include "native/cli/plots/axes.h"
#include "native/cli/plots/chart.h"
#include "native/cli/plots/scatter.h"
#include "native/platform/data_files.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;
using Json = OrderedJson;

constexpr std::size_t kTopics = 10;
constexpr Index kNearest = 10;
// Four fifths are searched; the others ask.
constexpr Index kAskOneIn = 5;
constexpr const char* kReuters = "reuters-21578";
// So many documents leave ten to search when one has asked.
constexpr Index kMinDocuments = 13;

// The file that --data names: a path, or the corpus that data_folder() may hold.
fs::path document_file(const std::string& name) {
  std::error_code error;
  if (name == kReuters && !fs::exists(name, error)) {
    const fs::path path = data_folder() / kReuters / "documents.tsv.gz";
    if (fs::exists(path, error)) return path;
    throw Error("'" + path.string() + "' is not there, which 'reuters-21578' stands for; name a " +
                "file of documents with --data FILE.");
  }
  if (fs::is_directory(name, error)) {
    throw Error("'" + name + "' is a folder; documents are a .tsv, .csv or .txt file, one a line.");
  }
  if (!fs::exists(name, error)) throw Error("There is no file '" + name + "'.");
  return name;
}

// Documents, those that are searched and those that ask.
struct Part {
  std::vector<Index> documents;
  std::vector<std::int32_t> labels;
  WordCounts counts;
};

struct Collection {
  Documents documents;
  SingleTopics topics;
  std::optional<Vocabulary> vocabulary;  // of what is searched
  Part searched, asking;
  std::vector<std::size_t> lines_without_words;
};

void check_topics(const Documents& documents, const SingleTopics& topics, const std::string& name) {
  if (documents.label_names().empty()) {
    throw Error("The documents in '" + name + "' have no labels, and precision is measured by " +
                "them; write a topic and a tab before each text.");
  }
  const Index count = std::ssize(topics.documents);
  if (topics.names.size() == 1 && count >= kMinDocuments) {
    throw Error("All documents in '" + name + "' have the topic '" + topics.names.front() +
                "'; precision needs two topics at least.");
  }
  if (count < kMinDocuments) {
    throw Error("'" + name + "' holds " + std::to_string(count) +
                (count == 1 ? " document" : " documents") + " with one topic of the ten most " +
                "frequent; it takes at least " + std::to_string(kMinDocuments) + ".");
  }
}

std::vector<std::string_view> texts_of(const Documents& documents, std::span<const Index> chosen) {
  std::vector<std::string_view> texts;
  for (const Index document : chosen) texts.push_back(documents.text(document));
  return texts;
}

// Counts the words of `part`, and leaves out documents without any.
void count_words(Collection& all, Part& part) {
  part.counts = all.vocabulary->count(texts_of(all.documents, part.documents));
  Part kept;
  std::vector<Index> rows;
  for (Index i = 0; i < part.counts.rows(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (part.counts.size(i) == 0) {
      all.lines_without_words.push_back(all.documents.line(part.documents[at]));
      continue;
    }
    rows.push_back(i);
    kept.documents.push_back(part.documents[at]);
    kept.labels.push_back(part.labels[at]);
  }
  kept.counts = chosen_rows(part.counts, rows);
  part = std::move(kept);
}

Collection read_collection(const std::string& name, Index words, std::uint64_t seed,
                           const TokenizerOptions& options, bool entities) {
  const fs::path path = document_file(name);
  DocumentFormat format = document_format(path.string());
  format.entities = entities;
  Collection all;
  all.documents = read_documents(read_file(path, kMaxDocumentBytes), path.string(), format);
  all.topics = single_topics(all.documents, kTopics);
  check_topics(all.documents, all.topics, path.string());

  const Index count = std::ssize(all.topics.documents), asking = count / kAskOneIn;
  std::vector<std::uint32_t> order(all.topics.documents.size());
  shuffle_indices(seed, RandomStream::kSplit, 0, order);
  for (Index i = 0; i < count; ++i) {
    Part& part = i < count - asking ? all.searched : all.asking;
    const std::uint32_t at = order[static_cast<std::size_t>(i)];
    part.documents.push_back(all.topics.documents[at]);
    part.labels.push_back(all.topics.labels[at]);
  }
  all.vocabulary.emplace(texts_of(all.documents, all.searched.documents), words, options);
  count_words(all, all.searched);
  count_words(all, all.asking);
  std::sort(all.lines_without_words.begin(), all.lines_without_words.end());
  return all;
}

// What there is to say about the documents that no figure says.
void warn_of(const Collection& all, Index words) {
  const auto say = [](const std::string& sentence) {
    std::fprintf(stderr, "hourglass: %s\n", one_line(sentence).c_str());
  };
  const auto say_left_out = [&](const std::vector<std::size_t>& lines, const std::string& of,
                                const std::string& lack) {
    if (lines.empty()) return;
    const bool is_one = lines.size() == 1;
    say(with_commas(std::ssize(lines)) + " of the " + of + (is_one ? " has " : " have ") + lack +
        ", and " + (is_one ? "is" : "are") + " left out: " + lines_text(lines) + ".");
  };
  say_left_out(all.documents.lines_without_text(), "lines", "a label and no text");
  say_left_out(all.lines_without_words, "documents", "no word of the vocabulary");
  if (all.vocabulary->size() < words) {
    say("The documents have " + with_commas(all.vocabulary->size()) + " different words, and the " +
        "vocabulary has these instead of " + with_commas(words) + ".");
  }
}

Json json_curve(const RetrievalQuality& quality) {
  return {{"retrieved", quality.retrieved},
          {"precision", quality.precision},
          {"recall", quality.recall}};
}

Json json_by_topic(const SingleTopics& topics, const RetrievalQuality& tfidf,
                   const RetrievalQuality& lsa) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < topics.names.size(); ++i) {
    rows.push_back({{"topic", topics.names[i]},
                    {"tfidf_precision_at_10", json_number(tfidf.precision_by_label[i])},
                    {"lsa_precision_at_10", json_number(lsa.precision_by_label[i])}});
  }
  return rows;
}

std::string curve_table(const RetrievalQuality& tfidf, const RetrievalQuality& lsa) {
  std::string csv = "retrieved,tfidf_precision,tfidf_recall,lsa_precision,lsa_recall\n";
  for (std::size_t i = 0; i < tfidf.retrieved.size(); ++i) {
    csv += std::to_string(tfidf.retrieved[i]);
    for (const double value :
         {tfidf.precision[i], tfidf.recall[i], lsa.precision[i], lsa.recall[i]}) {
      csv += "," + number_text(value);
    }
    csv += "\n";
  }
  return csv;
}

ChartSeries curve_series(const std::string& name, const RetrievalQuality& quality,
                         Canvas::Rgb color) {
  ChartSeries series;
  series.name = name;
  series.color = color;
  series.style = ChartSeries::Style::kLineAndDots;
  series.x = quality.recall;
  series.y = quality.precision;
  return series;
}

Image curve_chart(const RetrievalQuality& tfidf, const RetrievalQuality& lsa, Index size) {
  Chart chart;
  chart.title = "documents found by their words, and by LSA";
  chart.subtitle = "1, 3, 7, ... nearest documents, at last all of them";
  chart.across = "recall";
  chart.up = "precision";
  chart.low_x = chart.low_y = 0;
  chart.high_x = chart.high_y = 1;
  chart.series = {curve_series("TF-IDF", tfidf, class_color(0)),
                  curve_series("LSA, " + std::to_string(size) + " numbers", lsa, class_color(1))};
  return draw_chart(chart);
}

// Where the documents lie, those that are searched first.
void write_map(OutFolder& out, const Collection& all, const Matrix& searched,
               const Matrix& asking) {
  Matrix points(2, searched.cols() + asking.cols());
  points << searched, asking;
  std::vector<std::int32_t> labels = all.searched.labels;
  labels.insert(labels.end(), all.asking.labels.begin(), all.asking.labels.end());
  std::string csv = "x,y,topic\n";
  for (Index i = 0; i < points.cols(); ++i) {
    const auto label = static_cast<std::size_t>(labels[static_cast<std::size_t>(i)]);
    csv += number_text(static_cast<double>(points(0, i))) + "," +
           number_text(static_cast<double>(points(1, i))) + "," +
           csv_field(all.topics.names[label]) + "\n";
  }
  out.write("map.csv", csv);
  out.write("map.png",
            scatter_plot({.points = points,
                          .labels = labels,
                          .class_names = all.topics.names,
                          .title = "documents by LSA",
                          .subtitle = with_commas(points.cols()) + " documents of " +
                                      std::to_string(all.topics.names.size()) + " topics, " +
                                      with_commas(all.vocabulary->size()) + " words",
                          .across = "first number",
                          .up = "second number"}));
}

RetrievalDistance distance_of(const std::optional<std::string>& flag) {
  if (!flag || *flag == "euclidean") return RetrievalDistance::kEuclidean;
  if (*flag == "cosine") return RetrievalDistance::kCosine;
  throw Error("--distance cannot be '" + *flag + "'; it is euclidean or cosine.");
}

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
  const RetrievalDistance distance = distance_of(flags.distance);
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
  warn_of(all, words);
  StageLine stage;
  while (lsa.advance()) stage.show("LSA", lsa.share());
  stage.clear();
  const Matrix searched_codes = lsa.codes(searched), asking_codes = lsa.codes(asking);
  const RetrievalTask task{all.searched.labels, all.asking.labels, std::ssize(all.topics.names),
                           kNearest};
  const RetrievalQuality by_words = retrieval_quality(searched, asking, task, pool);
  const RetrievalQuality by_codes =
      retrieval_quality(columns(searched_codes, 0, searched_codes.cols()),
                        columns(asking_codes, 0, asking_codes.cols()), task, distance, pool);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;

  if (size == 2) write_map(out, all, searched_codes, asking_codes);
  out.write("curve.csv", curve_table(by_words, by_codes));
  out.write("curve.png", curve_chart(by_words, by_codes, size));
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
                    {"topics", json_by_topic(all.topics, by_words, by_codes)},
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
