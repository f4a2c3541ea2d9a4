// Greedy layer-wise pretraining: each layer of an encoder as an autoencoder of what those before it
// make of the data.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/pretraining_stages.h"
#include "core/data/dataset.h"
#include "core/formats/safetensors.h"
#include "core/math/thread_pool.h"
#include "core/nn/inference.h"
#include "core/nn/model.h"
#include "core/train/trainer.h"

namespace hourglass {

// The recipe of Bengio, Lamblin, Popovici and Larochelle ("Greedy layer-wise training of deep
// networks", NIPS 2006, section 4), with autoencoders for the layers: the first layer learns to
// give back the data; then it is fixed, and what it makes of the data is what the second one learns
// to give back; and so on. The decoders that each one has beside it become the mirrored layers of
// the model's decoder (Hinton and Salakhutdinov 2006, figure 1). No labels are looked at.
//
// A mini-batch at a time, with the same bits for any number of threads, and for a run that was
// saved and resumed. Beside the data and the network it holds the codes of one layer: four bytes
// for each of its units and each sample.
class LayerwisePretraining {
 public:
  // The most numbers that the codes of one layer may be.
  static constexpr std::int64_t kMaxCodeNumbers = std::int64_t{1} << 28;

  // Every stage trains `epochs` (at least 1) by `spec`, whose seed gives each layer its first
  // weights and noise of its own. Throws Error as pretraining_stages() does, if the codes would be
  // too many numbers, if the penalties are for no code of this kind, or if the loss has no meaning
  // for the data. `pool` must outlive this.
  LayerwisePretraining(std::shared_ptr<const Model> model, const TrainSpec& spec,
                       std::int64_t epochs, DatasetPointer data, ThreadPool& pool);

  // Trains a mini-batch, or encodes some samples for the next layer; returns whether there is more
  // to do. Throws Diverged, which says which layer it was.
  bool advance();
  double share() const;  // of the work, from 0 to 1; never falls

  const std::vector<PretrainingStage>& stages() const { return stages_; }
  // Which of them is under way, while its data are encoded, too; stages().size() at the end.
  int stage() const { return stage_; }
  // losses()[i]: of stage i, the mean training loss of each epoch that is over.
  const std::vector<std::vector<double>>& losses() const { return losses_; }
  // See copying_notes().
  std::vector<std::string> notes() const { return copying_notes(stages_, spec_); }

  // Of the whole model: pretrained as far as stages are over, and behind that its first weights,
  // drawn by its initializer from the spec's seed.
  const ParameterBuffer& parameters() const { return parameters_; }

  // All that is needed to go on from here, in the middle of a stage too. The entries point into
  // this object.
  Safetensors checkpoint() const;
  // Takes up what checkpoint() saved, in an object that has just been made of the same model, spec,
  // epochs and data: encodes the data for the stage that was under way. Throws Error if the file is
  // of something else; this object is then good for nothing.
  void resume(const Safetensors& file);

 private:
  // Its model and data are its own from the moment that it can be trained.
  struct Stage {
    std::shared_ptr<const Model> model;
    DatasetPointer data;
    std::unique_ptr<Trainer> trainer;
  };

  std::shared_ptr<const Model> small_model(int stage) const;
  void begin_stage(DatasetPointer data);
  void end_stage();
  void begin_encoding();
  bool encode_some();
  void train_step();
  double cost(int stage) const;

  std::shared_ptr<const Model> model_;
  TrainSpec spec_;
  std::int64_t epochs_;
  DatasetPointer data_;
  ThreadPool& pool_;
  std::vector<PretrainingStage> stages_;
  ParameterBuffer parameters_;
  int stage_ = 0;
  std::optional<Stage> training_;  // or else the codes are being made
  std::vector<float> codes_;       // units x samples, of the layers below the stage
  Index encoded_ = 0;              // samples
  std::optional<Inference> inference_;
  Matrix inputs_, outputs_;
  std::vector<std::vector<double>> losses_;
};

}  // namespace hourglass
