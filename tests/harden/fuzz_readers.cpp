#include "tests/harden/fuzz_readers.h"

#include <memory>
#include <stdexcept>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/data/import/import.h"
#include "core/data/import/table.h"
#include "core/data/sources/dataset_file.h"
#include "core/export/dense_import.h"
#include "core/export/export.h"
#include "core/export/trained_model.h"
#include "core/formats/bmp.h"
#include "core/formats/gzip.h"
#include "core/formats/idx.h"
#include "core/formats/image_file.h"
#include "core/formats/jpeg.h"
#include "core/formats/mat.h"
#include "core/formats/npy.h"
#include "core/formats/onnx_file.h"
#include "core/formats/png.h"
#include "core/formats/safetensors.h"
#include "core/formats/zip.h"
#include "core/formats/zlib.h"
#include "core/model/plan.h"
#include "core/session/engine/build.h"
#include "core/session/engine/job_arguments.h"
#include "core/session/engine/session.h"
#include "core/session/export/foreign_model.h"
#include "core/session/export/project_file.h"
#include "core/session/export/saved_files.h"
#include "core/session/lesson/lesson.h"
#include "core/session/lesson/lesson_code.h"
#include "core/session/lesson/lesson_progress.h"
#include "core/session/protocol/wire.h"
#include "core/session/settings/settings_json.h"
#include "core/text/documents.h"
#include "core/text/vocabulary.h"
#include "core/text/word_input.h"

namespace hourglass::harden {
namespace {

using Input = std::span<const std::uint8_t>;

std::string_view text_of(Input bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// What must hold of what was read: a wrong result is a fault, too.
void expect(bool holds, const char* what) {
  if (!holds) throw std::logic_error(what);
}

void expect_sound(const Image& image) {
  expect(image.pixels.size() == static_cast<std::size_t>(image.width) *
                                    static_cast<std::size_t>(image.height) *
                                    static_cast<std::size_t>(image.channels),
         "an image has not as many pixels as its sides say");
}

void expect_sound(const Dataset& data) {
  expect(data.train.count() >= 1, "there is nothing to train on");
  expect(data.train.features() == data.shape.features(), "samples have another size than is said");
}

void read_zip_archive(Input bytes) {
  const ZipArchive archive(Bytes(bytes.begin(), bytes.end()), "fuzz");
  for (std::size_t i = 0; i < archive.entries().size(); ++i) archive.read(i);
}

void import_named(std::string_view name, Input bytes, const ImportOptions& options) {
  std::vector<NamedBytes> files;
  files.push_back({std::string(name), Bytes(bytes.begin(), bytes.end())});
  expect_sound(import_data(*files_in_memory("fuzz", std::move(files)), "fuzz", options).data);
}

// The first two bytes choose name and options.
void import_anything(Input bytes) {
  if (bytes.size() < 2) return;
  ImportOptions options;
  options.image_side = 5;
  options.missing = static_cast<Missing>(bytes[1] & 3);
  options.header = static_cast<Guess>((bytes[1] >> 2) % 3);
  options.colour = (bytes[1] & 32) != 0;
  options.whole = (bytes[1] & 64) != 0;
  if ((bytes[1] & 16) != 0) options.tiles = "2x2";
  import_named(kImportNames[bytes[0] % std::size(kImportNames)], bytes.subspan(2), options);
}

void read_table_of(Input bytes) {
  for (const char* label : {"auto", "last", "none"}) {
    expect_sound(dataset_of_table(bytes, "fuzz", "fuzz", label));
  }
}

void read_documents_of(Input bytes) {
  for (const auto kind : {DocumentFormat::Kind::kLines, DocumentFormat::Kind::kCsv}) {
    const Documents all = read_documents(bytes, "fuzz", {.kind = kind, .entities = true});
    const auto texts = all.texts();
    const Vocabulary words(texts, 3);
    expect(words.count(texts).rows() == all.count(), "not all documents were counted");
  }
}

void read_lesson_of(Input bytes) {
  const session::LessonReading reading = session::read_lesson(text_of(bytes));
  if (!reading.error.empty()) return;
  const auto again = session::read_lesson(session::lesson_json(reading.lesson));
  expect(again.error.empty() && again.lesson == reading.lesson, "a lesson is written as another");
  session::LessonProgress progress(std::make_shared<const session::Lesson>(reading.lesson));
  while (!progress.finished()) {
    progress.enter();
    progress.choose(0, 0);
    progress.enter_number(0, 32);
    progress.observe([](std::string_view) { return session::Value(32.0); });
    if (!progress.next()) break;
  }
  session::LessonProgress other(std::make_shared<const session::Lesson>(reading.lesson));
  expect(other.restore(progress.saved()), "what was saved cannot be restored");
}

void read_progress(Input bytes) {
  static const auto lesson = std::make_shared<const session::Lesson>(
      session::parse_lesson(text_of(lesson_seeds().front())));
  session::LessonProgress progress(lesson);
  progress.restore(text_of(bytes));
  expect(!progress.result().empty(), "there is no result");
}

void read_layers(Input bytes) {
  ModelSpec spec;
  spec.encoder = parse_layers(text_of(bytes), "model.encoder");
  expect(parse_layers(layers_text(spec.encoder), "again") == spec.encoder,
         "layers are written as others");
  spec.decoder = parse_layers(R"([{"type":"dense","units":"input"}])", "model.decoder");
  make_plan(spec, {1, 28, 28});
}

// All that is made of a checkpoint from outside before a person is asked anything.
void read_checkpoint(Input bytes) {
  const Safetensors file = read_safetensors(bytes, "fuzz");
  try {
    session::read_run_info(file, "fuzz");
  } catch (const Error&) {
    // What is no run may be a classifier.
  }
  for (const ExportTarget target :
       {ExportTarget::kOnnx, ExportTarget::kKeras, ExportTarget::kPyTorch, ExportTarget::kTfjs}) {
    export_model(bytes, target);
  }
}

// The same by the engine, with the words of whoever sent it.
void load_checkpoint(Input bytes) {
  session::Session session({.threads = 1, .engine_name = "fuzz"});
  const Bytes copy(bytes.begin(), bytes.end());
  session.handle({1, session::LoadCheckpoint{copy}});
  session.handle({2, session::AddKeptRun{copy}});
  session::ProvideData own;
  own.name = "own";
  own.samples = copy;
  session.handle({3, std::move(own)});
  session.take_events();
}

void read_settings(Input bytes) {
  session::Settings settings;
  session::apply_settings_json(text_of(bytes), "fuzz", settings);
  session::Settings again;
  session::apply_settings_json(session::settings_to_json(settings), "again", again);
  session::model_spec(settings);
}

void read_arguments(Input bytes) {
  session::JobArguments arguments("fuzz", std::string(text_of(bytes)));
  arguments.integer("components", 1, 50, 3);
  arguments.real("perplexity", 1, 100, 30);
  arguments.flag("flag", false);
  arguments.numbers("codes", 3, -1, 1);
  arguments.indices("images", 16, 100);
  arguments.text("text", 100);
  arguments.choice("kind", {"pca", "codes"}, "pca");
  arguments.refuse_others();
}

void read_command(Input bytes) {
  const session::Command command = session::decode_command(bytes);
  const session::Bytes written = session::encode(command);
  expect(session::encode(session::decode_command(written)) == written,
         "a command is written as another");
}

void read_event(Input bytes) {
  const session::Event event = session::decode_event(bytes);
  const session::Bytes written = session::encode(event);
  expect(session::encode(session::decode_event(written)) == written,
         "an event is written as another");
}

void read_dense_layers(Input bytes) {
  for (const DenseLayer& layer : dense_layers_of(bytes, "fuzz")) {
    expect(layer.weight.size() == static_cast<std::size_t>(layer.inputs * layer.outputs),
           "a layer has not as many weights as its sides say");
  }
}

void read_foreign_model(Input bytes) {
  static const Bytes present = checkpoint_seeds().front();
  const auto model = session::foreign_model(bytes, "fuzz", present);
  expect(!session::mapping_json("fuzz", model).empty(), "there is no mapping");
}

void read_project_of(Input bytes) {
  session::is_project(bytes.first(std::min(bytes.size(), session::kProjectHeadBytes)));
  const session::Project project = session::read_project(Bytes(bytes.begin(), bytes.end()), "fuzz");
  read_safetensors(project.checkpoint, "fuzz");
}

const std::vector<FuzzReader>& readers() {
  static const std::vector<FuzzReader> kReaders = {
      {"idx", [](Input b) { read_idx(b, "fuzz"); }, idx_seeds, "\\x00\\x00\\x08\\x03", 80},
      {"npy", [](Input b) { read_npy(b, "fuzz"); }, npy_seeds,
       "\\x93NUMPY|'descr': |'fortran_order': |'shape': |True|<f4|>f8|<f2|<i8|uint8|(2, 3)", 4},
      {"npz", [](Input b) { import_named("a.npz", b, {}); }, npz_seeds,
       "PK\\x03\\x04|PK\\x01\\x02|PK\\x05\\x06|.npy|x_train|y_test|<f4|'shape': ", 300},
      {"gzip", [](Input b) { gunzip(b, "fuzz", 1 << 26); }, packed_seeds, "\\x1f\\x8b\\x08", 140},
      {"zlib", [](Input b) { zlib_decompress(b, "fuzz", 1 << 26); }, zlib_seeds,
       "\\x78\\x9c|\\x78\\x01", 140},
      {"zip", read_zip_archive, zip_seeds, "PK\\x03\\x04|PK\\x01\\x02|PK\\x05\\x06|PK\\x06\\x06",
       140},
      {"png",
       [](Input b) {
         expect_sound(read_png(b, "fuzz"));
         if (is_deep_png(b)) read_deep_png(b, "fuzz");
       },
       png_seeds, "IHDR|IDAT|IEND|PLTE|tRNS|CgBI|\\x89PNG\\x0d\\x0a\\x1a\\x0a", 300},
      {"jpeg",
       [](Input b) {
         may_have_colour(b);
         expect_sound(read_image_file(b, "fuzz", true));
       },
       jpeg_seeds,
       "\\xff\\xd8|\\xff\\xc0|\\xff\\xc2|\\xff\\xc4|\\xff\\xda|\\xff\\xdd|\\xff\\xe1|Exif|Adobe",
       300},
      {"bmp", [](Input b) { expect_sound(read_image_file(b, "fuzz", true)); }, bmp_seeds, "BM",
       300},
      {"mat",
       [](Input b) {
         read_mat(b, "fuzz");
         import_named("a.mat", b, {});
       },
       mat_seeds, "IM|\\x0e\\x00\\x00\\x00|\\x0f\\x00\\x00\\x00|fea|gnd", 140},
      {"table", read_table_of, table_seeds, ",|;|\\x09|\\x22\\x22|NA|label|1e9|\\x0d\\x0a", 16},
      {"documents", read_documents_of, document_seeds, "\\x09|&lt;|&amp;||\\x22|text|label", 16},
      {"import", import_anything, import_seeds, ",|;|\\x09|\\x22|PK\\x03\\x04|IHDR|NUMPY", 300},
      {"data_set", [](Input b) { dataset_from_bytes(b, "fuzz"); }, data_set_seeds,
       "\\x22dtype\\x22|\\x22shape\\x22|\\x22data_offsets\\x22|\\x22F32\\x22|\\x22U8\\x22", 16},
      {"safetensors", [](Input b) { read_safetensors(b, "fuzz"); }, safetensors_seeds,
       "\\x22dtype\\x22|\\x22shape\\x22|\\x22data_offsets\\x22|\\x22F32\\x22|__metadata__", 16},
      {"onnx",
       [](Input b) {
         for (const OnnxTensor& tensor : read_onnx(b, "fuzz").constants) {
           if (tensor.type == 1) tensor.floats("fuzz");
         }
       },
       onnx_seeds, "Gemm|MatMul|Add|Relu|Sigmoid|transB", 16},
      {"dense_layers", read_dense_layers, torch_seeds, "Gemm|MatMul|Add|.weight|.bias", 16},
      {"foreign_model", read_foreign_model, torch_seeds, "enc.0.weight|dec.0.bias|Gemm", 16},
      {"checkpoint", read_checkpoint, checkpoint_seeds,
       "hourglass.settings|hourglass.input|hourglass.state|\\x22units\\x22|convolution|max-pool",
       16},
      {"load_checkpoint", load_checkpoint, checkpoint_seeds,
       "hourglass.settings|hourglass.input|hourglass.state|\\x22units\\x22|\\x22strokes\\x22", 64},
      {"project", read_project_of, project_seeds, "project.json|hourglass.project|data_hash", 140},
      {"lesson", read_lesson_of, lesson_seeds,
       "\\x22goal\\x22|\\x22kind\\x22|\\x22all\\x22|\\x22steps\\x22|\\x22en\\x22|\\x22start\\x22|"
       "null",
       16},
      {"lesson_progress", read_progress, progress_seeds, "null|true|\\x22answers\\x22", 16},
      {"lesson_code",
       [](Input b) {
         const session::LessonCode code(text_of(b));
         expect(session::LessonCode(code.text()).outcome() == code.outcome(),
                "a code is written as another");
       },
       [] {
         const std::string code = session::lesson_code("small", "", "", {.steps = 4});
         return std::vector<Bytes>{Bytes(code.begin(), code.end())};
       },
       "0|Z|-", 4},
      {"layers", read_layers, layers_seeds,
       "\\x22type\\x22|\\x22units\\x22|dense|convolution|transposed-convolution|max-pool|unpool|"
       "dropout|gaussian|k-sparse|layer-norm|\\x22tied\\x22|\\x22kernel\\x22|\\x22stride\\x22",
       16},
      {"settings", read_settings, settings_seeds,
       "train.learning_rate|\\x22model\\x22|\\x22encoder\\x22|\\x22data\\x22|\\x22noise\\x22|1e999",
       16},
      {"arguments", read_arguments, settings_seeds, "components|perplexity|codes|images|kind", 16},
      {"words", [](Input b) { parse_word_input(std::string(text_of(b)), "fuzz", 3); }, words_seeds,
       "\\x22idf\\x22|\\x22words\\x22|\\x22stop_words\\x22|probabilities", 16},
      {"command", read_command, command_seeds,
       "\\x22message\\x22|\\x22fields\\x22|set_setting|load_checkpoint|start_job|\\x22F32\\x22",
       16},
      {"event", read_event, event_seeds,
       "\\x22message\\x22|\\x22fields\\x22|snapshot|data_ready|history|\\x22U32\\x22", 16},
  };
  return kReaders;
}

}  // namespace

std::span<const FuzzReader> fuzz_readers() { return readers(); }

}  // namespace hourglass::harden
