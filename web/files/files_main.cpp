// What understands a person's own files, as a WebAssembly module of its own: files in, and out
// comes what was understood of them, or a data set for the engine.
//
// Whoever loads it writes files by files_add() between files_begin() and files_end(), and then
// asks. What is answered lies at files_answer(), files_answer_length() bytes of it, until the next
// call. web/files/files_worker.js does that.
#include <emscripten.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/session/engine/data_import.h"
#include "core/session/engine/failures.h"
#include "core/session/export/film.h"
#include "core/session/export/foreign_model.h"
#include "core/session/export/project_file.h"
#include "core/session/export/saved_files.h"
#include "core/session/protocol/wire.h"

namespace {

using hourglass::NamedBytes;
using hourglass::session::Bytes;
using hourglass::session::DataImport;

struct Files {
  std::vector<NamedBytes> coming;
  DataImport import;
  Bytes answer;
  Bytes project_samples;
  std::string answer_name;  // of a file that was made
  std::optional<hourglass::session::Film> film;
};

Files files;

// Makes the answer; what is thrown becomes a sentence, as sentence_json() has it. Returns whether
// it was made.
template <typename Make>
int answer(Make make) {
  files.answer = Bytes();
  std::string sentence;
  try {
    files.answer = make();
    return 1;
  } catch (...) {
    sentence = hourglass::sentence_json(hourglass::session::sentence_of_current_exception());
  }
  files.answer.assign(sentence.begin(), sentence.end());
  return 0;
}

}  // namespace

extern "C" {

// Forgets all files before.
EMSCRIPTEN_KEEPALIVE void files_begin() {
  files.import.forget();
  files.coming.clear();
  files.answer = Bytes();
}

// Room for the bytes of a file, `path` (UTF-8) below what was given. Null if there is none.
EMSCRIPTEN_KEEPALIVE std::uint8_t* files_add(const char* path, std::size_t bytes) {
  try {
    files.coming.push_back({path, std::vector<std::uint8_t>(bytes + (bytes == 0 ? 1 : 0))});
    files.coming.back().bytes.resize(bytes);
    return files.coming.back().bytes.data();
  } catch (const std::exception&) {
    return nullptr;
  }
}

// All files are written; `name` (UTF-8) is what the data are to be called.
EMSCRIPTEN_KEEPALIVE void files_end(const char* name) {
  files.import.take(hourglass::files_in_memory(name, std::exchange(files.coming, {})), name);
}

// Answers with the event of a job's result (core/session/engine/data_import.h) and returns 1, or
// with a sentence and returns 0. `options` is JSON text.
EMSCRIPTEN_KEEPALIVE int files_preview(const char* options, double job) {
  return answer([&] {
    hourglass::session::JobResult result = files.import.preview(options);
    result.job = static_cast<std::uint64_t>(job);
    return hourglass::session::encode(hourglass::session::Event(std::move(result)));
  });
}

// The same, with the bytes of the data set as ProvideData::samples.
EMSCRIPTEN_KEEPALIVE int files_samples(const char* options) {
  return answer([&] { return files.import.samples(options); });
}

// Answers with a file of a run (core/session/export/saved_files.h), a ZIP where there are several.
// `words` is JSON text of its PlotWords; `data`, `snapshot` and `codes` are events, or null.
EMSCRIPTEN_KEEPALIVE int files_save(const char* kind, const char* words,
                                    const std::uint8_t* checkpoint, std::size_t checkpoint_length,
                                    const std::uint8_t* data, std::size_t data_length,
                                    const std::uint8_t* snapshot, std::size_t snapshot_length,
                                    const std::uint8_t* codes, std::size_t codes_length) {
  return answer([&] {
    hourglass::ExportedFile file = hourglass::session::saved_file(
        kind, words, {checkpoint, checkpoint_length}, {data, data_length},
        {snapshot, snapshot_length}, {codes, codes_length});
    files.answer_name = std::move(file.name);
    return std::move(file.bytes);
  });
}

// Begins a film (core/session/export/film.h) of data that the event `data` tells of.
EMSCRIPTEN_KEEPALIVE int files_film_begin(const char* kind, const std::uint8_t* data,
                                          std::size_t data_length) {
  return answer([&] {
    namespace session = hourglass::session;
    const session::Event event = session::decode_event({data, data_length});
    const auto* const ready = std::get_if<session::DataReady>(&event);
    if (!ready) throw hourglass::Error("There are no data to make a film of.");
    files.film.emplace(session::film_kind_from_name(kind), *ready);
    return Bytes();
  });
}

// Adds a moment: an event with a snapshot.
EMSCRIPTEN_KEEPALIVE int files_film_add(const std::uint8_t* snapshot, std::size_t length) {
  return answer([&] {
    const hourglass::session::Event event = hourglass::session::decode_event({snapshot, length});
    const auto* const shown = std::get_if<hourglass::session::Snapshot>(&event);
    if (shown && files.film) files.film->add(*shown);
    return Bytes();
  });
}

// Answers with the film's file.
EMSCRIPTEN_KEEPALIVE int files_film_end() {
  return answer([&] {
    if (!files.film) throw hourglass::Error("No film was begun.");
    hourglass::ExportedFile file = std::exchange(files.film, std::nullopt)->file();
    files.answer_name = std::move(file.name);
    return std::move(file.bytes);
  });
}

// Answers with a project (core/session/export/project_file.h) of a checkpoint and, unless that is
// null, of the bytes of a person's own data.
EMSCRIPTEN_KEEPALIVE int files_project(const std::uint8_t* checkpoint,
                                       std::size_t checkpoint_length, const std::uint8_t* samples,
                                       std::size_t samples_length) {
  return answer([&] {
    files.answer_name = "project.zip";
    return hourglass::session::write_project(
        {{checkpoint, checkpoint + checkpoint_length}, {samples, samples + samples_length}});
  });
}

// Answers with the checkpoint in the project that the one file is which was added; the data in it,
// or nothing, lie at files_samples_of_project().
EMSCRIPTEN_KEEPALIVE int files_open_project() {
  return answer([&] {
    if (files.coming.size() != 1) throw hourglass::Error("One project is opened at a time.");
    NamedBytes file = std::move(files.coming[0]);
    files.coming.clear();
    hourglass::session::Project project =
        hourglass::session::read_project(std::move(file.bytes), file.path);
    files.project_samples = std::move(project.samples);
    return std::move(project.checkpoint);
  });
}
EMSCRIPTEN_KEEPALIVE const std::uint8_t* files_samples_of_project() {
  return files.project_samples.data();
}
EMSCRIPTEN_KEEPALIVE std::size_t files_samples_of_project_length() {
  return files.project_samples.size();
}

// Answers with a checkpoint of the model of another program (core/session/export/foreign_model.h)
// that the one file is which was added; `present` is one of the run that is there. What became of
// its layers lies at files_answer_name() as JSON text.
EMSCRIPTEN_KEEPALIVE int files_open_model(const std::uint8_t* present, std::size_t present_length) {
  return answer([&] {
    if (files.coming.size() != 1) throw hourglass::Error("One model is opened at a time.");
    const NamedBytes file = std::move(files.coming[0]);
    files.coming.clear();
    hourglass::session::ForeignModel model =
        hourglass::session::foreign_model(file.bytes, file.path, {present, present_length});
    files.answer_name = hourglass::session::mapping_json(file.path, model);
    return std::move(model.checkpoint);
  });
}

// What the file is called that the last answer is, until the next call.
EMSCRIPTEN_KEEPALIVE const char* files_answer_name() { return files.answer_name.c_str(); }

EMSCRIPTEN_KEEPALIVE const std::uint8_t* files_answer() { return files.answer.data(); }
EMSCRIPTEN_KEEPALIVE std::size_t files_answer_length() { return files.answer.size(); }

}  // extern "C"
