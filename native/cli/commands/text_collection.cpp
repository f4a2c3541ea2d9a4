#include "native/cli/commands/text_collection.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/math/random.h"
#include "native/cli/console/text.h"
#include "native/platform/data_files.h"
#include "native/plots/axes.h"
#include "native/plots/scatter.h"

namespace hourglass {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTopics = 10;
// Four fifths are searched; the others ask.
constexpr Index kAskOneIn = 5;
// So many documents leave ten to search when one has asked.
constexpr Index kMinDocuments = 13;

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
void count_words(Collection& all, DocumentPart& part) {
  part.counts = all.vocabulary->count(texts_of(all.documents, part.documents));
  DocumentPart kept;
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

}  // namespace

Documents documents_of(const std::string& name, bool entities) {
  std::error_code error;
  const bool is_there = fs::exists(name, error);
  if (!is_there && is_document_set(name)) return document_set(name);
  if (!is_there) throw Error("There is no file '" + name + "'.");
  return documents_at(name, entities);
}

Collection read_collection(const std::string& name, Index words, std::uint64_t seed,
                           const TokenizerOptions& options, bool entities) {
  Collection all;
  all.documents = documents_of(name, entities);
  all.topics = single_topics(all.documents, kTopics);
  check_topics(all.documents, all.topics, name);

  const Index count = std::ssize(all.topics.documents), asking = count / kAskOneIn;
  std::vector<std::uint32_t> order(all.topics.documents.size());
  shuffle_indices(seed, RandomStream::kSplit, 0, order);
  for (Index i = 0; i < count; ++i) {
    DocumentPart& part = i < count - asking ? all.searched : all.asking;
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

void warn_of_collection(const Collection& all, Index words) {
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

RetrievalTask retrieval_task(const Collection& all) {
  return {all.searched.labels, all.asking.labels, std::ssize(all.topics.names), kNearestDocuments};
}

RetrievalDistance distance_of_flag(const std::optional<std::string>& flag) {
  if (!flag || *flag == "euclidean") return RetrievalDistance::kEuclidean;
  if (*flag == "cosine") return RetrievalDistance::kCosine;
  throw Error("--distance cannot be '" + *flag + "'; it is euclidean or cosine.");
}

std::string curve_table(const std::vector<RetrievalCurve>& curves) {
  std::string csv = "retrieved";
  for (const RetrievalCurve& curve : curves) {
    csv += "," + curve.key + "_precision," + curve.key + "_recall";
  }
  csv += "\n";
  const std::vector<Index>& retrieved = curves.front().quality.retrieved;
  for (std::size_t i = 0; i < retrieved.size(); ++i) {
    csv += std::to_string(retrieved[i]);
    for (const RetrievalCurve& curve : curves) {
      csv += "," + number_text(curve.quality.precision[i]) + "," +
             number_text(curve.quality.recall[i]);
    }
    csv += "\n";
  }
  return csv;
}

Image curve_chart(const std::string& title, const std::vector<RetrievalCurve>& curves) {
  Chart chart;
  chart.title = title;
  chart.subtitle = "1, 3, 7, ... nearest documents, at last all of them";
  chart.across = "recall";
  chart.up = "precision";
  chart.low_x = chart.low_y = 0;
  chart.high_x = chart.high_y = 1;
  for (std::size_t i = 0; i < curves.size(); ++i) {
    chart.series.push_back(
        curve_series(curves[i].name, curves[i].quality, class_color(static_cast<int>(i))));
  }
  return draw_chart(chart);
}

OrderedJson json_curve(const RetrievalQuality& quality) {
  return {{"retrieved", quality.retrieved},
          {"precision", quality.precision},
          {"recall", quality.recall}};
}

OrderedJson json_by_topic(const Collection& all, const std::vector<RetrievalCurve>& curves) {
  OrderedJson rows = OrderedJson::array();
  for (std::size_t i = 0; i < all.topics.names.size(); ++i) {
    OrderedJson row{{"topic", all.topics.names[i]}};
    for (const RetrievalCurve& curve : curves) {
      row[curve.key + "_precision_at_10"] = json_number(curve.quality.precision_by_label[i]);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void write_document_map(OutFolder& out, const Collection& all, const Matrix& searched,
                        const Matrix& asking, const std::string& what) {
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
                          .title = "documents by " + what,
                          .subtitle = with_commas(points.cols()) + " documents of " +
                                      std::to_string(all.topics.names.size()) + " topics, " +
                                      with_commas(all.vocabulary->size()) + " words",
                          .across = "first number",
                          .up = "second number"}));
}

}  // namespace hourglass
