// The presets for documents, on the corpus: the same run on any number of threads.
#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include "core/base/file.h"
#include "core/data/sources/document_dataset.h"
#include "core/session/engine/pretraining_run.h"
#include "core/session/engine/training_run.h"
#include "core/session/settings/presets.h"
#include "core/text/documents.h"
#include "core/text/vocabulary.h"
#include "tests/data/expect_error.h"
#include "tests/support/source_path.h"

using namespace hourglass;
using namespace hourglass::session;

namespace {

// Its texts of which a word is known, as training and as held-out documents.
DatasetPointer corpus() {
  const std::string path = source_path("/assets/corpus/documents.tsv");
  const Documents documents = read_documents(read_file(path), path);
  const auto texts = documents.texts();
  const Vocabulary vocabulary(texts, 300);
  const WordCounts counts = vocabulary.count(texts);
  std::vector<Index> known;
  for (Index i = 0; i < counts.rows(); ++i) {
    if (counts.size(i) > 0) known.push_back(i);
  }
  const WordWeights weights = TfIdf(counts).weights(chosen_rows(counts, known));
  Dataset data = document_dataset(weights, weights);
  data.name = "corpus";
  return std::make_shared<const Dataset>(std::move(data));
}

}  // namespace

TEST_CASE("presets for documents have sources, words in both languages, and a model that runs") {
  CHECK(document_presets().size() == 2);
  CHECK(document_presets().front().name == "text-2d");
  CHECK(contains(error_of([] { find_document_preset("quick"); }), "there are text-2d, text-10d"));
  const DatasetPointer data = corpus();
  for (const Preset& preset : document_presets()) {
    CAPTURE(preset.name);
    CHECK(&find_document_preset(preset.name) == &preset);
    CHECK(preset.source.size() > 10);
    CHECK(preset.teaches_en.size() > 80);
    CHECK(preset.teaches_zh.size() > 80);
    for (const Preset& other : presets()) CHECK(other.name != preset.name);
    Settings settings;
    apply_preset(preset, settings);
    Vector expected;
    for (const int threads : {1, 2, 8}) {
      ThreadPool pool(threads);
      TrainingRun run(settings, data, pool);
      CHECK(run.note().empty());
      for (int step = 0; step < 5; ++step) run.trainer().step();
      const Vector& end = run.trainer().state().parameters;
      CHECK(end.allFinite());
      if (threads == 1) expected = end;
      CHECK(std::memcmp(end.data(), expected.data(),
                        static_cast<std::size_t>(end.size()) * sizeof(Scalar)) == 0);
    }
  }
}

TEST_CASE("presets for documents pretrain their layers, the same on any number of threads") {
  const DatasetPointer data = corpus();
  CHECK(!find_document_preset("text-10d").pretraining.empty());
  for (const Preset& preset : document_presets()) {
    CAPTURE(preset.name);
    Settings settings;
    apply_preset(preset, settings);
    Settings own = pretraining_settings(settings, preset.pretraining, preset.name);
    CHECK(own.text("model.encoder") == settings.text("model.encoder"));
    own.set("train.epochs", std::int64_t{1});
    Vector expected;
    for (const int threads : {1, 2, 8}) {
      ThreadPool pool(threads);
      TrainingRun run(settings, data, pool);
      const Vector drawn = run.trainer().state().parameters;
      const auto pretraining = make_pretraining(own, run.shared_model(), data, pool);
      CHECK(pretraining->stages().size() == 4);
      while (pretraining->advance()) continue;
      run.trainer().set_parameters(pretraining->parameters());
      run.trainer().step();
      const Vector& end = run.trainer().state().parameters;
      CHECK(end.allFinite());
      CHECK((end - drawn).norm() > 1);
      if (threads == 1) expected = end;
      CHECK(std::memcmp(end.data(), expected.data(),
                        static_cast<std::size_t>(end.size()) * sizeof(Scalar)) == 0);
    }
  }
  CHECK(contains(
      error_of([] { pretraining_settings(Settings(), R"({"train": {"epoch": 3}})", "a preset"); }),
      "In a preset: "));
}
