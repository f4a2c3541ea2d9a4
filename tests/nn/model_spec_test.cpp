// Specifications that make no model get one clear sentence; those that do read back as they were.
#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/model/spec.h"
#include "core/nn/model.h"

using namespace hourglass;

namespace {

constexpr const char* kOut = R"([{"units":"input","activation":"sigmoid"}])";

void build(const char* encoder, const char* decoder, ImageShape shape = {1, 28, 28}) {
  Model({.encoder = parse_layers(encoder, "model.encoder"),
         .decoder = parse_layers(decoder, "model.decoder")},
        shape);
}

}  // namespace

TEST_CASE("layers read back as they were written") {
  const auto layers = parse_layers(
      R"([{"type":"convolution","channels":4,"kernel":5,"stride":2,"padding":1,"activation":"relu"},
          {"type":"max-pool","size":3},{"type":"average-pool"},{"type":"dropout","rate":0.25},
          {"type":"unpool","mode":"remembered","pool":"encoder.1"},{"type":"unpool","size":3},
          {"type":"transposed-convolution","channels":2,"kernel":4,"stride":2,"output_padding":1},
          {"type":"transposed-convolution","tied":"encoder.0","activation":"tanh"},
          {"tied":"encoder.2","activation":"elu"},{"units":[2,3,4]},{"units":"input"},
          {"type":"k-sparse","k":3},{"type":"gaussian","units":2}])",
      "it");
  CHECK(parse_layers(layers_text(layers), "it") == layers);
  CHECK(layers[0].whole("padding") == 1);
  CHECK(layers[6].whole("padding") == 1);  // (kernel - 1) / 2
  CHECK(layers[9].units().shape.features() == 24);
}

TEST_CASE("what is no layer is refused with what would be right") {
  const std::pair<const char*, const char*> cases[] = {
      {R"([{"type":"convolutoin","channels":3}])", "did you mean 'convolution'"},
      {R"([{"type":"convolution"}])", "needs its \"channels\""},
      {R"([{"type":"convolution","channels":0}])", "from 1 to 1024"},
      {R"([{"type":"convolution","channels":2,"kernel":3,"padding":3}])", "from 0 to 2"},
      {R"([{"type":"convolution","channels":2,"filters":3}])", "unknown entry 'filters'"},
      {R"([{"type":"transposed-convolution","tied":"encoder.0","channels":3}])",
       "unknown entry 'channels'"},
      {R"([{"type":"transposed-convolution","channels":3,"stride":2,"output_padding":2}])",
       "from 0 to 1"},
      {R"([{"type":"max-pool","size":1}])", "from 2 to 31"},
      {R"([{"type":"unpool","mode":"bilinear"}])", "copy and remembered"},
      {R"([{"type":"unpool","mode":"remembered"}])", "which \"pool\""},
      {R"([{"type":"dropout"}])", "needs its \"rate\""},
      {R"([{"type":"dropout","rate":1.5}])", "from 0 to 0.99"},
      {R"([{"type":"gaussian"}])", "needs its \"units\""},
      {R"([{"type":"k-sparse","k":1.5}])", "whole number"},
      {R"([{"units":[1,2]}])", "[channels, rows, columns]"},
      {R"([{"units":[60000,60000,60000]}])", "[channels, rows, columns]"},
      {R"([{"units":4,"activation":"rulu"}])", "rulu"},
      {R"([{"tied":5}])", "as text"},
      {R"([7])", "must be an object"},
  };
  for (const auto& [json, says] : cases) {
    CAPTURE(json);
    CHECK_THROWS_WITH_AS(parse_layers(json, "model.encoder"), doctest::Contains(says), Error);
  }
}

TEST_CASE("layers that do not fit each other are refused with both names and shapes") {
  struct Case {
    const char *encoder, *decoder;
    std::initializer_list<const char*> says;
  };
  const Case cases[] = {
      {R"([{"units":32}])", R"([{"units":10}])", {"decoder.0", "10 numbers", "1 x 28 x 28"}},
      // The right number of values, in another arrangement.
      {R"([{"units":32}])", R"([{"units":[4,14,14]}])", {"4 x 14 x 14", "1 x 28 x 28"}},
      {R"([{"units":32},{"units":16}])",
       R"([{"tied":"encoder.0"}])",
       {"decoder.0", "encoder.0", "32 numbers", "16 numbers", "encoder.1"}},
      {R"([{"units":32}])", R"([{"tied":"encoder.1"}])", {"no such layer"}},
      {R"([{"type":"convolution","channels":2},{"units":8}])",
       R"([{"tied":"encoder.0"}])",
       {"convolution", "must be a dense layer"}},
      {R"([{"units":32}])",
       R"([{"type":"transposed-convolution","tied":"encoder.0"}])",
       {"must be a convolution layer"}},
      {R"([{"type":"convolution","channels":2,"stride":2}])",
       R"([{"units":[2,7,7]},{"type":"transposed-convolution","tied":"encoder.0"}])",
       {"2 x 14 x 14", "2 x 7 x 7", "decoder.0"}},
      {R"([{"type":"convolution","channels":2}])",
       R"([{"type":"unpool","mode":"remembered","pool":"encoder.0"}])",
       {"must be a max-pool layer"}},
      {R"([{"type":"max-pool"},{"units":32}])",
       R"([{"units":[1,7,7]},{"type":"unpool","mode":"remembered","pool":"encoder.0"}])",
       {"1 x 14 x 14", "1 x 7 x 7"}},
      {R"([{"units":[1,3,3]},{"type":"convolution","channels":1,"kernel":5,"padding":0}])",
       kOut,
       {"5 x 5", "1 x 3 x 3", "encoder.0"}},
      {R"([{"units":[1,3,3]},{"type":"max-pool","size":4}])", kOut, {"4 x 4", "1 x 3 x 3"}},
      // What is no image has no windows, whatever their size.
      {R"([{"units":32},{"type":"max-pool"}])",
       kOut,
       {"pools windows of 2 x 2 pixels", "layer encoder.0 is no image: it is 32 numbers",
        "[channels, rows, columns]"}},
      {R"([{"units":32},{"type":"convolution","channels":2,"kernel":5,"padding":0}])",
       kOut,
       {"a kernel of 5 x 5 pixels", "no image: it is 32 numbers"}},
      {R"([{"units":8},{"type":"k-sparse","k":9}])", kOut, {"9 largest", "8 numbers"}},
      {R"([{"type":"gaussian","units":2},{"units":4}])", kOut, {"last layer of the encoder"}},
      {R"([{"units":4}])", R"([{"type":"gaussian","units":2}])", {"last layer of the encoder"}},
      {R"([{"units":65536},{"units":65536}])", kOut, {"parameters", "the most"}},
      {R"([{"type":"convolution","channels":1024}])", kOut, {"for each sample", "the most"}},
      // 94 x 94 positions, each of which sees 16 x 31 x 31 numbers.
      {R"([{"units":[16,64,64]},{"type":"convolution","channels":1,"kernel":31,"padding":30}])",
       kOut,
       {"encoder.1", "31 x 31", "135862336 numbers in each sample", "134217728"}},
      {R"([{"units":[1,64,64]},{"units":8}])",
       R"([{"units":[1,64,64]},
           {"type":"transposed-convolution","channels":113,"kernel":31,"padding":30}])",
       {"decoder.1", "31 x 31", "numbers in each sample", "134217728"}},
  };
  for (const Case& it : cases) {
    CAPTURE(it.encoder);
    CAPTURE(it.decoder);
    for (const char* says : it.says) {
      CHECK_THROWS_WITH_AS(build(it.encoder, it.decoder), doctest::Contains(says), Error);
    }
  }
}

TEST_CASE("tied weights are half the parameters") {
  const auto parameters = [](const char* decoder) {
    return Model({.encoder = parse_layers(R"([{"units":128},{"units":32}])", "encoder"),
                  .decoder = parse_layers(decoder, "decoder")},
                 {1, 28, 28})
        .layout()
        .parameter_count();
  };
  const Index own = parameters(R"([{"units":128},{"units":"input"}])");
  const Index tied = parameters(R"([{"tied":"encoder.1"},{"tied":"encoder.0"}])");
  CHECK(own - tied == 784 * 128 + 128 * 32);
}

TEST_CASE("a softmax stands at the output, before its loss, or there is no model") {
  const auto refusal = [](const char* encoder, const char* decoder, Loss loss) -> std::string {
    try {
      Model({.encoder = parse_layers(encoder, "model.encoder"),
             .decoder = parse_layers(decoder, "model.decoder"),
             .loss = loss},
            {1, 4, 4});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  constexpr const char* kCode = R"([{"units":3}])";
  constexpr const char* kSoftmax = R"([{"units":"input","activation":"softmax"}])";
  CHECK(refusal(kCode, kSoftmax, Loss::kCategoricalCrossEntropy).empty());
  CHECK(refusal(R"([{"units":3,"activation":"softmax"}])", kSoftmax,
                Loss::kCategoricalCrossEntropy) ==
        "Layer encoder.0 has the activation softmax, which is for the last layer of the decoder "
        "alone.");
  CHECK(refusal(kCode, kSoftmax, Loss::kBinaryCrossEntropy) ==
        "Layer decoder.0 has the activation softmax, which needs model.loss=cce and not bce.");
  CHECK(refusal(kCode, kOut, Loss::kCategoricalCrossEntropy) ==
        "model.loss=cce measures shares of a whole and needs the activation softmax in the last "
        "layer, decoder.0, which has sigmoid.");
  CHECK(refusal(kCode,
                R"([{"units":[1,4,4]},{"type":"convolution","channels":1,"activation":"softmax"}])",
                Loss::kCategoricalCrossEntropy) ==
        "Layer decoder.1 is a convolution layer; the activation softmax is for dense layers.");
}
