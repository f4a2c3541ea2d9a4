// Small sound files, each made by the project's own writers.
#include <string>

#include "core/data/sources/dataset_file.h"
#include "core/export/export.h"
#include "core/formats/gzip.h"
#include "core/formats/idx.h"
#include "core/formats/jpeg.h"
#include "core/formats/npy.h"
#include "core/formats/png.h"
#include "core/session/export/project_file.h"
#include "core/session/lesson/lesson_progress.h"
#include "core/session/protocol/wire.h"
#include "core/session/settings/presets.h"
#include "core/session/settings/settings_json.h"
#include "core/train/metrics.h"
#include "tests/data/array_builder.h"
#include "tests/data/bmp_builder.h"
#include "tests/data/mat_builder.h"
#include "tests/data/png_builder.h"
#include "tests/data/table_texts.h"
#include "tests/data/zip_builder.h"
#include "tests/export/small_checkpoint.h"
#include "tests/harden/fuzz_readers.h"
#include "tests/support/small_lesson.h"

namespace hourglass::harden {
namespace {

Bytes bytes_of_text(std::string_view text) { return {text.begin(), text.end()}; }

std::vector<Bytes> texts(const std::vector<std::string>& all) {
  std::vector<Bytes> seeds;
  for (const std::string_view text : all) seeds.push_back(bytes_of_text(text));
  return seeds;
}

void append(std::vector<Bytes>& to, const std::vector<Bytes>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

Image colourful_image() {
  Image image{9, 7, 3, {}};
  for (int i = 0; i < 9 * 7 * 3; ++i) image.pixels.push_back(static_cast<std::uint8_t>(i * i));
  return image;
}

tests::SmallCheckpoint dense_checkpoint() {
  return {{1, 1, 6},
          R"([{"units":3,"activation":"relu"}])",
          R"([{"units":"input","activation":"sigmoid"}])"};
}

}  // namespace

std::vector<Bytes> idx_seeds() {
  std::vector<Bytes> seeds = {write_idx(std::vector<Index>{5, 3, 2}, Bytes(30, 77)),
                              write_idx(std::vector<Index>{2, 2}, std::vector<float>{1, 2, 3, 4})};
  seeds.push_back(gzip(seeds.front()));
  return seeds;
}

std::vector<Bytes> npy_seeds() {
  std::vector<Bytes> seeds = {
      write_npy(std::vector<Index>{7, 3, 2, 2}, std::vector<float>(84, 0.5f))};
  for (const char* type : {"|b1", ">i2", "<f2", ">f8", "<u4", "<i8"}) {
    seeds.push_back(npy_of(type, {3, 2}, Bytes(48, 0x3c), true));
  }
  return seeds;
}

std::vector<Bytes> npz_seeds() {
  const Bytes images = npy_bytes({7, 8, 8}, [](std::size_t i) { return i * 7; });
  const Bytes labels = npy_bytes({7}, [](std::size_t i) { return i % 3; });
  std::vector<Bytes> seeds;
  for (const bool deflate : {false, true}) {
    ZipBuilder zip;
    zip.add("x_train.npy", images, {.deflate = deflate});
    zip.add("y_train.npy", labels, {.deflate = deflate});
    seeds.push_back(zip.finish());
  }
  return seeds;
}

std::vector<Bytes> packed_seeds() {
  Bytes two = gzip(Bytes(300, 5));
  const Bytes more = gzip(Bytes{1, 2, 3, 4, 5, 6, 7, 8, 9});
  two.insert(two.end(), more.begin(), more.end());
  return {two, more};
}

std::vector<Bytes> zlib_seeds() {
  // A stored block: its length, the complement of that, the bytes, and their Adler-32.
  return {{0x78, 0x01, 1, 3, 0, 0xfc, 0xff, 'a', 'b', 'c', 0x02, 0x4d, 0x01, 0x27}};
}

std::vector<Bytes> zip_seeds() {
  std::vector<Bytes> seeds;
  for (const bool zip64 : {false, true}) {
    ZipBuilder zip;
    zip.add("a/1", Bytes(300, 7), {.deflate = true, .zip64 = zip64});
    zip.add("b", Bytes{1, 2, 3}, {.zip64 = zip64, .descriptor = true});
    seeds.push_back(zip.finish(zip64, zip64 ? "" : "a comment"));
  }
  return seeds;
}

std::vector<Bytes> png_seeds() {
  return {write_png(colourful_image()),
          make_png({.width = 2, .height = 1, .depth = 16, .colour = 4},
                   {{0, 200, 255, 255, 1, 0, 9, 9}}),
          make_png({.width = 4,
                    .height = 1,
                    .depth = 2,
                    .colour = 3,
                    .palette = {0, 0, 0, 255, 0, 0, 0, 255, 0},
                    .transparency = {0, 128}},
                   {{0x18}}),
          make_png({.width = 2, .height = 2, .interlaced = true}, {{1}, {2}, {3, 4}})};
}

std::vector<Bytes> jpeg_seeds() {
  Image grey{16, 9, 1, Bytes(144, 90)};
  return {write_jpeg(colourful_image(), 80), write_jpeg(colourful_image(), 5),
          write_jpeg(grey, 95)};
}

std::vector<Bytes> bmp_seeds() {
  const Bytes line = {1, 0, 2, 1};
  const Bytes colours = {9, 8, 7, 0, 1, 2, 3, 0, 200, 100, 50, 0};
  return {make_bmp({.width = 4, .height = 2, .depth = 8, .palette = colours}, {line, line}),
          make_bmp({.width = 1, .height = 2, .depth = 24}, {{1, 2, 3}, {4, 5, 6}})};
}

std::vector<Bytes> mat_seeds() {
  std::vector<Bytes> seeds;
  for (const bool compressed : {false, true}) {
    MatBuilder file(!compressed, compressed);
    file.add_bytes("fea", {6, 64}, Bytes(6 * 64, 9));
    file.add_small_doubles("gnd", {6, 1}, {1, 2, 1, 2, 1, 2});
    file.add_nested("more", "inside", {{"a", {2, 2}, {1, 2, 3, 4}}});
    file.add_text("about");
    seeds.push_back(file.file());
  }
  return seeds;
}

std::vector<Bytes> table_seeds() {
  std::vector<std::string> seeds = table_texts();
  seeds.emplace_back(
      "name,\"a \"\"b\"\"\",c,label\r\n1,-2.5e3,3,cat\r\n\"4\",5,6,dog\n\n7,8,9,cat\n"
      "0,1,2,\"a\nb\"\n");
  return texts(seeds);
}

std::vector<Bytes> document_seeds() {
  return texts(
      {"topic\ttext\nsun|star\tThe Sun is a star &amp; \xC3\xA9l\xC3\xA8ve\r\n\n"
       "\xE6\x9C\x88\t\xE6\x9C\x88\xE7\x90\x83\n\"a,b\"\tplain\n",
       "text,label\n\"one, two\",a\nthree,b\n"});
}

std::vector<Bytes> safetensors_seeds() {
  std::vector<Bytes> seeds = {dense_checkpoint().bytes()};
  append(seeds, data_set_seeds());
  return seeds;
}

std::vector<Bytes> onnx_seeds() {
  return {export_model(dense_checkpoint().bytes(), ExportTarget::kOnnx).front().bytes};
}

std::vector<Bytes> torch_seeds() {
  const auto model = dense_checkpoint();
  return {export_model(model.bytes(), ExportTarget::kOnnx).front().bytes,
          export_model(model.bytes(), ExportTarget::kPyTorch)[1].bytes};
}

std::vector<Bytes> checkpoint_seeds() {
  auto model = dense_checkpoint();
  model.file.metadata["hourglass.history"] = history_csv({});
  model.file.metadata["hourglass.state"] =
      R"({"step":3,"epoch":1,"batch":0,"epoch_loss":0,"epoch_penalty":0,"seconds":1,)"
      R"("epoch_seconds":0})";
  const tests::SmallCheckpoint images(
      {1, 4, 4}, R"([{"type":"convolution","channels":2},{"type":"max-pool"}])",
      R"([{"type":"unpool","mode":"remembered","pool":"encoder.1"},{"units":"input"}])");
  return {model.bytes(), images.bytes()};
}

std::vector<Bytes> project_seeds() {
  session::Project project;
  project.checkpoint = checkpoint_seeds().front();
  return {session::write_project(project)};
}

std::vector<Bytes> data_set_seeds() {
  Dataset data;
  data.name = "spots";
  data.shape = {1, 2, 2};
  data.class_names = {"left", "right"};
  data.train = Samples(4, Bytes{1, 2, 3, 4, 5, 6, 7, 8});
  data.test = Samples(4, Bytes{9, 8, 7, 6});
  data.train.labels = {0, 1};
  data.test.labels = {1};
  return {dataset_to_bytes(data, "{}")};
}

std::vector<Bytes> lesson_seeds() { return texts({small_lesson()}); }

std::vector<Bytes> progress_seeds() {
  session::LessonProgress progress(
      std::make_shared<const session::Lesson>(session::parse_lesson(small_lesson())));
  progress.enter();
  progress.next();
  progress.enter();
  progress.choose(0, 1);
  return texts({progress.saved()});
}

std::vector<Bytes> layers_seeds() {
  return texts(
      {R"([{"type":"dense","units":32,"activation":"relu"},{"units":[1,4,4]}])",
       R"([{"type":"convolution","channels":4,"kernel":3,"stride":2,"padding":1},{"type":"max-pool"},{"type":"average-pool","size":2}])",
       R"([{"type":"dense","units":9},{"type":"dropout","rate":0.5},{"type":"layer-norm"},{"type":"gaussian","units":2}])",
       R"([{"type":"dense","units":64},{"type":"k-sparse","k":5}])",
       R"([{"type":"transposed-convolution","channels":2,"stride":2,"output_padding":1},{"type":"unpool"}])"});
}

std::vector<Bytes> settings_seeds() {
  return texts({session::settings_to_json(session::Settings()),
                R"({"components":3,"perplexity":30.5,"flag":true,"codes":[0,0.5,1]})",
                R"({"train.learning_rate":0.5,"data":{"set":"strokes"},"noise":{"kind":"none"}})"});
}

std::vector<Bytes> words_seeds() {
  return texts(
      {R"({"idf":[3.1,4.7,1],"stop_words":true,"words":["oil","grain","sun"]})",
       R"({"idf":[1,1,1],"stop_words":false,"weights":"probabilities","words":["a","b","c"]})"});
}

std::vector<Bytes> command_seeds() {
  using namespace session;
  std::vector<Bytes> seeds;
  for (const Command& command :
       std::vector<Command>{{1, SetSetting{"train.seed", std::int64_t{5}}},
                            {2, SetSettings{{{"a.b", 0.1}, {"c", std::string("x")}, {"d", true}}}},
                            {3, GetImages{{0, 4000000000u}}},
                            {4, ProvideData{"mnist", {1, 2}, {3}, {4, 5, 6}, {}, {}}},
                            {5, Decode{{1.f, 2.f}}},
                            {6, LoadCheckpoint{{9, 8}}},
                            {7, StartJob{"pca", R"({"components":3})", 12}},
                            {8, ShowStep{-1}}}) {
    seeds.push_back(encode(command));
  }
  return seeds;
}

std::vector<Bytes> event_seeds() {
  using namespace session;
  const NetworkInfo network{.layers = {{"encoder.0", "dense", "relu", {1, 1, 32}, 25120, 25088}},
                            .input_features = 784,
                            .code_size = 32};
  std::vector<Bytes> seeds;
  for (const Event& event : std::vector<Event>{
           network, SettingsChanged{{{"a", 0.5}, {"d", false}}},
           History{true, {{1, 0.1, 0.7, 0.2}}, {{1, .1, .01, .2, .02, .3, .4, .5, .6, .7, .8}}, 4},
           Reply{5, {1.f}, {2}},
           JobResult{12, "pca", 7, true, "{}", {{"mean", {2}, Floats{0.5f, -1.f}}}},
           Timeline{{0, 20, 40}, {0, 0.5, 1}, 20}}) {
    seeds.push_back(encode(event));
  }
  return seeds;
}

std::vector<Bytes> import_seeds() {
  std::vector<Bytes> seeds;
  const auto add = [&](std::string_view name, const std::vector<Bytes>& files) {
    for (const Bytes& file : files) {
      for (std::size_t i = 0; i < std::size(kImportNames); ++i) {
        if (kImportNames[i] != name) continue;
        Bytes seed = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(file.size() % 128)};
        seed.insert(seed.end(), file.begin(), file.end());
        seeds.push_back(std::move(seed));
      }
    }
  };
  add("a.csv", table_seeds());
  add("data.txt", table_seeds());
  add("documents.tsv", document_seeds());
  add("vectors.tsv", texts({"1\t-2.5\n3\t4\n5\t6\n"}));
  add("a.bin", {Bytes(3 * 3073, 5)});
  add("a.npy", npy_seeds());
  add("a.zip", zip_seeds());
  add("a.npz", npz_seeds());
  add("a.png", png_seeds());
  add("a.jpg", jpeg_seeds());
  add("a.mat", mat_seeds());
  add("t10k-images", {write_idx(std::vector<Index>{4, 6, 6}, Bytes(144, 200))});
  add("a.gz", packed_seeds());
  add("a.safetensors", safetensors_seeds());
  add("a.onnx", onnx_seeds());
  return seeds;
}

}  // namespace hourglass::harden
