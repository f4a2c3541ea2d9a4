// What the commands about documents share: the documents of a file, those that are searched and
// those that ask, counted by the words of the former.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/retrieval.h"
#include "core/text/bag_of_words.h"
#include "core/text/documents.h"
#include "core/text/vocabulary.h"
#include "native/cli/commands/application.h"
#include "native/plots/chart.h"

namespace hourglass {

inline constexpr Index kNearestDocuments = 10;

// The documents that --data names: a file, a folder of text files, or what document_set() knows.
// Throws Error if they are not there, and as read_documents().
Documents documents_of(const std::string& name, bool entities);

struct DocumentPart {
  std::vector<Index> documents;
  std::vector<std::int32_t> labels;
  WordCounts counts;
};

// Documents with one of the ten most frequent topics: four fifths, by `seed`, are searched; the
// others ask. Those without a known word are left out.
struct Collection {
  Documents documents;
  SingleTopics topics;
  std::optional<Vocabulary> vocabulary;  // of what is searched
  DocumentPart searched, asking;
  std::vector<std::size_t> lines_without_words;
};

// Throws Error if the documents have no labels, one label alone, too few texts, or no words.
Collection read_collection(const std::string& name, Index words, std::uint64_t seed,
                           const TokenizerOptions& options, bool entities);

// Says on stderr what no figure says: what was left out, and a vocabulary smaller than `words`.
void warn_of_collection(const Collection& all, Index words);

RetrievalTask retrieval_task(const Collection& all);
// euclidean where the flag was not given. Throws Error if it is no distance.
RetrievalDistance distance_of_flag(const std::optional<std::string>& flag);

// One way to find documents, and how well it does.
struct RetrievalCurve {
  std::string key;   // "tfidf", in titles of columns and in JSON
  std::string name;  // "TF-IDF", for people
  RetrievalQuality quality;
};
// curve.csv and curve.png: precision and recall over the number retrieved.
std::string curve_table(const std::vector<RetrievalCurve>& curves);
Image curve_chart(const std::string& title, const std::vector<RetrievalCurve>& curves);
OrderedJson json_curve(const RetrievalQuality& quality);
// A row for each topic, with KEY_precision_at_10 of each curve.
OrderedJson json_by_topic(const Collection& all, const std::vector<RetrievalCurve>& curves);

// map.csv and map.png: codes of two numbers by topic, those that are searched first. `what` made
// them: "LSA".
void write_document_map(OutFolder& out, const Collection& all, const Matrix& searched,
                        const Matrix& asking, const std::string& what);

}  // namespace hourglass
