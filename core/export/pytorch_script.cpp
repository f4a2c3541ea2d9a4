#include "core/export/pytorch_script.h"

#include <deque>
#include <utility>

#include "core/base/error.h"
#include "core/export/model_part.h"
#include "core/export/python_text.h"
#include "core/formats/safetensors.h"

namespace hourglass {
namespace {

constexpr const char* kKeepLargestFunction = R"python(

def keep_largest(x, k):
    """Keeps the k largest of a sample's features and makes the others 0."""
    kept = x.topk(k, dim=1).indices
    return torch.zeros_like(x).scatter(1, kept, x.gather(1, kept))
)python";

constexpr const char* kUnpoolFunction = R"python(

def unpool(x, size, rows, columns, places=None):
    """Each value to its place; without places, to the first place of its window."""
    if places is None:
        sides = torch.arange(x.shape[2]), torch.arange(x.shape[3])
        row, column = torch.meshgrid(*sides, indexing="ij")
        places = ((row * columns + column) * size).to(x.device).expand(x.shape)
    return F.max_unpool2d(x, places, size, output_size=(rows, columns))
)python";

constexpr const char* kLoadBody = R"python(    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    header.pop("__metadata__", None)
    state = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
        state[name] = torch.from_numpy(values.copy())
    model.load_state_dict(state)
    return model.eval()
)python";

std::string number(std::int64_t value) { return std::to_string(value); }

// Writes the modules and the lines of forward, layer by layer. `x` is flat between the layers, but
// for images, until somebody wants them flat.
class PyTorchLowering {
 public:
  PyTorchLowering(const TrainedModel& model, const ExportOptions& options,
                  std::vector<std::string>& remarks)
      : model_(model), options_(options), part_(model_part(model, options)), remarks_(remarks) {}

  void run() {
    shape_ = part_.input;
    for (int i = part_.first; i < part_.end; ++i) {
      add_layer(i);
      if (i == part_.code) make_flat();
    }
    make_flat();
  }

  std::string classes() const {
    std::string text;
    if (uses_k_sparse_) text += kKeepLargestFunction;
    if (uses_unpool_) text += kUnpoolFunction;
    text += "\n\nclass " + class_name() + "(nn.Module):\n    def __init__(self):\n" +
            "        super().__init__()\n";
    for (const auto& [group, modules] : modules_) {
      text += "        self." + group + " = nn.ModuleDict({\n" + modules + "        })\n";
    }
    if (has_encoder()) {
      text += method("encode", std::string(options_.sample ? ", noise" : "") + places_parameter(),
                     encode_);
    }
    if (has_decoder()) text += method(decode_name(), places_parameter(), decode_);
    return text + forward();
  }

  std::string class_name() const {
    if (!has_decoder()) return "Encoder";
    if (!has_encoder()) return model_.classes().empty() ? "Decoder" : "Head";
    return model_.classes().empty() ? "Autoencoder" : "Classifier";
  }
  std::vector<TensorEntry> tensors() const { return tensors_; }

 private:
  bool has_encoder() const { return options_.part != ExportPart::kDecoder; }
  bool has_decoder() const { return options_.part != ExportPart::kEncoder; }
  std::string decode_name() const { return model_.classes().empty() ? "decode" : "classify"; }
  bool shares_places() const { return uses_places_ && has_encoder() && has_decoder(); }
  std::string places_parameter() const { return shares_places() ? ", places" : ""; }

  static std::string method(const std::string& name, const std::string& more,
                            const std::string& lines) {
    return "\n    def " + name + "(self, x" + more + "):\n" + lines + "        return x\n";
  }

  std::string forward() const {
    const std::string noise = options_.sample ? ", noise" : "";
    std::string text = "\n    def forward(self, x" + noise + "):\n";
    if (!has_decoder()) return text + "        return self.encode(x" + noise + ")\n";
    if (!has_encoder()) return text + "        return self." + decode_name() + "(x)\n";
    if (shares_places()) text += "        places = {}\n";
    return text + "        return self." + decode_name() + "(self.encode(x" + noise +
           places_parameter() + ")" + places_parameter() + ")\n";
  }

  // A line of encode or decode.
  void line(const std::string& what) {
    (in_encoder_ ? encode_ : decode_) += "        " + what + "\n";
  }
  void apply(const std::string& expression) { line("x = " + expression); }

  void make_flat() {
    if (std::exchange(is_image_, false)) apply("x.flatten(1)");
  }
  void make_image() {
    if (std::exchange(is_image_, true)) return;
    apply("x.reshape(-1, " + number(shape_.channels) + ", " + number(shape_.rows) + ", " +
          number(shape_.columns) + ")");
  }

  // The expression of a layer's module: self.encoder["0"].
  static std::string module_of(const PlannedLayer& layer) {
    const std::size_t dot = layer.name.find('.');
    return "self." + layer.name.substr(0, dot) + "[\"" + layer.name.substr(dot + 1) + "\"]";
  }
  void add_module(const PlannedLayer& layer, const std::string& made) {
    const std::size_t dot = layer.name.find('.');
    const std::string group = layer.name.substr(0, dot);
    if (modules_.empty() || modules_.back().first != group) modules_.emplace_back(group, "");
    modules_.back().second += "            \"" + layer.name.substr(dot + 1) + "\": " + made + ",\n";
  }
  void add_tensor(const std::string& name, const ParameterView& parameter) {
    tensors_.push_back({name, TensorType::kF32, parameter.shape, bytes_of(parameter.values)});
  }
  void add_parameters(const PlannedLayer& layer) {
    if (!layer.is_tied()) add_tensor(layer.name + ".weight", model_.weight(layer));
    add_tensor(layer.name + ".bias", model_.bias(layer));
  }
  // A tied layer has a bias alone, and reads the other's weight.
  void add_bias(const PlannedLayer& layer) {
    add_module(layer, "nn.ParameterDict({\"bias\": nn.Parameter(torch.zeros(" +
                          number(layer.biases) + "))})");
    add_parameters(layer);
  }
  std::string tied_arguments(const PlannedLayer& layer, const char* turned) const {
    return "x, " + module_of(model_.layer(layer.source)) + ".weight" + turned + ", " +
           module_of(layer) + "[\"bias\"]";
  }

  void add_layer(int index) {
    const PlannedLayer& layer = model_.layer(index);
    const std::string_view kind = layer.kind;
    in_encoder_ = has_encoder() && index <= part_.code;
    if (kind == "dropout" || kind == "gaussian") return;
    if (is_gaussian_dense(model_, index)) {
      add_gaussian(layer);
    } else if (kind == "dense" || kind == "tied-dense") {
      add_dense(layer);
    } else if (kind == "convolution" || kind == "transposed-convolution" ||
               kind == "tied-transposed-convolution") {
      add_convolution(layer);
    } else if (kind == "max-pool") {
      make_image();
      const std::string arguments = "(x, " + number(layer.spec.whole("size"));
      if (is_remembered(index)) {
        line("x, places[\"" + layer.name + "\"] = F.max_pool2d" + arguments +
             ", return_indices=True)");
      } else {
        apply("F.max_pool2d" + arguments + ")");
      }
    } else if (kind == "average-pool") {
      make_image();
      apply("F.avg_pool2d(x, " + number(layer.spec.whole("size")) + ")");
    } else if (kind == "unpool-copy") {
      make_image();
      apply("F.interpolate(x, scale_factor=" + number(layer.spec.whole("size")) + ")");
    } else if (kind == "unpool-remembered") {
      add_unpool(layer);
    } else if (kind == "k-sparse") {
      make_flat();
      uses_k_sparse_ = true;
      apply("keep_largest(x, " + number(layer.spec.whole("k")) + ")");
    } else if (kind == "layer-norm") {
      make_flat();
      add_module(layer, "nn.LayerNorm(" + number(layer.output.features()) + ")");
      add_parameters(layer);
      apply(module_of(layer) + "(x)");
    } else {
      throw Error("Layer " + layer.name + " is a " + std::string(kind) +
                  " layer, which cannot be exported to PyTorch.");
    }
    shape_ = kind == "dense" && is_gaussian_dense(model_, index) ? model_.layer(index + 1).output
                                                                 : layer.output;
    add_activation(layer);
  }

  void add_activation(const PlannedLayer& layer) {
    switch (layer.activation) {
      case Activation::kLinear:
        return;
      case Activation::kRelu:
        return apply("F.relu(x)");
      case Activation::kLeakyRelu:
        return apply("F.leaky_relu(x, 0.01)");
      case Activation::kElu:
        return apply("F.elu(x)");
      case Activation::kTanh:
        return apply("torch.tanh(x)");
      case Activation::kSigmoid:
        return apply("torch.sigmoid(x)");
      case Activation::kSoftmax:
        return apply("F.softmax(x, dim=1)");
    }
  }

  void add_dense(const PlannedLayer& layer) {
    make_flat();
    if (layer.is_tied() && part_.contains(layer.source)) {
      add_bias(layer);
      return apply("F.linear(" + tied_arguments(layer, ".t()") + ")");
    }
    add_module(layer, "nn.Linear(" + number(layer.input.features()) + ", " +
                          number(layer.output.features()) + ")");
    if (layer.is_tied()) {
      const ParameterView turned = transposed(model_.weight(layer));
      add_tensor(layer.name + ".weight", turned);
      add_tensor(layer.name + ".bias", model_.bias(layer));
    } else {
      add_parameters(layer);
    }
    apply(module_of(layer) + "(x)");
  }

  ParameterView transposed(const ParameterView& weight) {
    const std::int64_t rows = weight.shape[0], columns = weight.shape[1];
    std::vector<float>& turned = own_.emplace_back(weight.values.size());
    for (std::int64_t row = 0; row < rows; ++row) {
      for (std::int64_t column = 0; column < columns; ++column) {
        turned[static_cast<std::size_t>(column * rows + row)] =
            weight.values[static_cast<std::size_t>(row * columns + column)];
      }
    }
    return {{columns, rows}, turned};
  }

  void add_gaussian(const PlannedLayer& layer) {
    make_flat();
    add_module(layer,
               "nn.Linear(" + number(layer.input.features()) + ", " + number(layer.biases) + ")");
    add_parameters(layer);
    line("mean, log_variance = " + module_of(layer) + "(x).chunk(2, dim=1)");
    apply(options_.sample ? "mean + noise * torch.exp(log_variance / 2)" : "mean");
  }

  void add_convolution(const PlannedLayer& layer) {
    make_image();
    const LayerSpec& spec = layer.is_tied() ? model_.layer(layer.source).spec : layer.spec;
    const std::int64_t k = spec.whole("kernel"), s = spec.whole("stride"),
                       p = spec.whole("padding");
    const bool is_transposed = layer.kind != "convolution";
    const auto extra = [&](std::int64_t from, std::int64_t to) {
      return number(to - ((from - 1) * s - 2 * p + k));
    };
    std::string sides = "stride=" + number(s) + ", padding=" + number(p);
    if (is_transposed) {
      sides += ", output_padding=(" + extra(layer.input.rows, layer.output.rows) + ", " +
               extra(layer.input.columns, layer.output.columns) + ")";
    }
    if (layer.is_tied() && part_.contains(layer.source)) {
      add_bias(layer);
      return apply("F.conv_transpose2d(" + tied_arguments(layer, "") + ", " + sides + ")");
    }
    add_module(layer, std::string(is_transposed ? "nn.ConvTranspose2d(" : "nn.Conv2d(") +
                          number(layer.input.channels) + ", " + number(layer.output.channels) +
                          ", " + number(k) + ", " + sides + ")");
    add_tensor(layer.name + ".weight", model_.weight(layer));
    add_tensor(layer.name + ".bias", model_.bias(layer));
    apply(module_of(layer) + "(x)");
  }

  bool is_remembered(int index) {
    for (int i = part_.first; i < part_.end; ++i) {
      if (model_.layer(i).kind == "unpool-remembered" && model_.layer(i).source == index) {
        return uses_places_ = true;
      }
    }
    return false;
  }

  void add_unpool(const PlannedLayer& layer) {
    make_image();
    uses_unpool_ = true;
    const PlannedLayer& pool = model_.layer(layer.source);
    std::string arguments = "x, " + number(pool.spec.whole("size")) + ", " +
                            number(layer.output.rows) + ", " + number(layer.output.columns);
    if (part_.contains(layer.source)) {
      arguments += ", places[\"" + pool.name + "\"]";
    } else {
      remarks_.push_back(lost_places_remark(layer, pool));
    }
    apply("unpool(" + arguments + ")");
  }

  const TrainedModel& model_;
  const ExportOptions& options_;
  const ModelPart part_;
  std::vector<std::string>& remarks_;

  ImageShape shape_;
  bool is_image_ = false, in_encoder_ = true;
  bool uses_k_sparse_ = false, uses_unpool_ = false, uses_places_ = false;
  // Of "encoder", "decoder" or "head", in the order of their work.
  std::vector<std::pair<std::string, std::string>> modules_;
  std::string encode_, decode_;
  std::vector<TensorEntry> tensors_;
  std::deque<std::vector<float>> own_;
};

}  // namespace

PyTorchModel pytorch_model(const TrainedModel& model, const ExportOptions& options,
                           const std::string& about, const std::string& weights_file,
                           std::vector<std::string>& remarks) {
  PyTorchLowering lowering(model, options, remarks);
  lowering.run();
  const std::string name = lowering.class_name();
  PyTorchModel made;
  made.script = "\"\"\"" + python_wrapped(about) +
                "\n\nNeeds PyTorch and NumPy. Made by Hourglass.\n\n    from " +
                python_module(options.name) +
                " import load, to_model_scale, to_own_units\n"
                "    model = load()\n"
                "    with torch.no_grad():\n"
                "        outputs = model(torch.from_numpy(to_model_scale(samples)))"
                "  # float32, (samples, features)\n"
                "\"\"\"\n"
                "import json\nimport os\n\nimport numpy as np\nimport torch\nfrom torch import nn\n"
                "from torch.nn import functional as F\n\n" +
                python_scaling(model.scaling()) + lowering.classes() +
                "\n\ndef load(path=" + python_beside(weights_file) +
                "):\n    \"\"\"The model with the weights of a safetensors file: a JSON header "
                "behind its length, then arrays.\"\"\"\n    model = " +
                name + "()\n" + kLoadBody;
  Safetensors file;
  file.metadata["format"] = "pt";
  file.tensors = lowering.tensors();
  made.weights = write_safetensors(file);
  return made;
}

}  // namespace hourglass
