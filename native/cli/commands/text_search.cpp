// `hourglass text search`: the documents that a text in one's own words is nearest to.
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/neighbors.h"
#include "core/base/error.h"
#include "core/base/text.h"
#include "native/cli/commands/commands.h"
#include "native/cli/commands/text_collection.h"
#include "native/cli/commands/text_model.h"
#include "native/cli/console/text.h"

namespace hourglass {
namespace {

using Json = OrderedJson;

constexpr std::size_t kShownBytes = 160;

std::string topics_of(const Documents& documents, Index document) {
  std::string all;
  for (const std::uint32_t label : documents.labels(document)) {
    all += (all.empty() ? "" : ", ") + documents.label_names()[label];
  }
  return all;
}

// Documents of which a word is known, and their codes.
struct SearchedDocuments {
  Documents documents;
  std::vector<Index> known;
  Matrix codes;
};

SearchedDocuments encode_documents(const TextModel& model, const std::string& name,
                                   ThreadPool& pool) {
  SearchedDocuments searched{documents_of(name, false), {}, {}};
  const WordWeights weights = model.input.weights(searched.documents.texts());
  for (Index i = 0; i < weights.rows(); ++i) {
    if (weights.size(i) > 0) searched.known.push_back(i);
  }
  if (searched.known.empty()) {
    throw Error("No document in '" + name +
                "' has a word that the model knows; search those that " +
                "it was trained on, or others like them.");
  }
  searched.codes = document_codes(*model.loaded.model, model.loaded.parameters.data(),
                                  chosen_rows(weights, searched.known), pool);
  return searched;
}

int run_text_search(const ApplicationFlags& flags) {
  const std::string& file = needed(flags.model, "text search", "--model FILE");
  const std::string query = to_utf8(needed(flags.query, "text search", "--query TEXT"));
  const Index wanted = whole_number(flags.count, "--count", 10, 1, 1000);
  ThreadPool pool(flags.thread_count());
  const TextModel model = load_text_model(file);
  const std::string name = flags.data.value_or(model.loaded.info.data);
  const SearchedDocuments searched = encode_documents(model, name, pool);
  const NeighborSearch search(columns(searched.codes, 0, searched.codes.cols()));

  // On the caller's thread, as somebody who types would wait for it.
  ThreadPool alone(1);
  const auto began = std::chrono::steady_clock::now();
  const std::string_view text = query;
  const WordWeights asked = model.input.weights({&text, 1});
  if (asked.size(0) == 0) {
    throw Error("The query has no word of the " + with_commas(model.input.vocabulary.size()) +
                " that the model knows; use words of the documents.");
  }
  const Matrix code =
      document_codes(*model.loaded.model, model.loaded.parameters.data(), asked, alone);
  const Neighbors found = search.find(columns(code, 0, 1), std::min<Index>(wanted, search.size()));
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;

  Json rows = Json::array();
  for (Index i = 0; i < found.k; ++i) {
    if (found.of(0)[i] < 0) continue;
    const Index document = searched.known[static_cast<std::size_t>(found.of(0)[i])];
    const auto distance = static_cast<double>(found.distances(i, 0));
    const std::string topics = topics_of(searched.documents, document);
    const std::string shown = beginning_of(searched.documents.text(document), kShownBytes);
    if (flags.json) {
      rows.push_back({{"line", searched.documents.line(document)},
                      {"distance", json_number(distance)},
                      {"topics", topics},
                      {"text", shown}});
      continue;
    }
    std::printf("%s  line %zu%s\n    %s\n", number_text(distance).c_str(),
                searched.documents.line(document), topics.empty() ? "" : ("  " + topics).c_str(),
                shown.c_str());
  }
  if (flags.json) {
    Json words = Json::array();
    for (const std::uint32_t word : asked.indices_of(0)) {
      words.push_back(model.input.vocabulary.word(static_cast<Index>(word)));
    }
    const Json json{{"documents", searched.codes.cols()},
                    {"words", words},
                    {"found", rows},
                    {"milliseconds", took.count()}};
    std::printf("%s\n", json_text(json).c_str());
    return kDone;
  }
  std::printf("%s documents searched in %.2f ms\n", with_commas(searched.codes.cols()).c_str(),
              took.count());
  return kDone;
}

}  // namespace

void add_text_search_command(CommandLine& line) {
  const auto [command, flags] =
      add_application(line, "text search", "The documents nearest to a query, by a network's codes",
                      run_text_search);
  add_model_flag(command, *flags, "The model that 'text eval --out' wrote");
  command.option("--query", flags->query, "Words to search by, in any of the documents' languages",
                 "TEXT");
  command.option("--data", flags->data, "The documents to search (those of the model)", "FILE");
  command.option("--count", flags->count, "How many to find (10)", "N");
}

}  // namespace hourglass
