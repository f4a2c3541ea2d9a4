#include "core/session/engine/data_supply.h"

#include <memory>

#include "core/data/description.h"
#include "core/data/document_info.h"
#include "core/data/sources/document_dataset.h"
#include "core/strokes/strokes.h"

namespace hourglass::session {
namespace {

WordWeighting weighting_of(const Settings& settings) {
  return word_weighting_from_name(settings.text("data.word_weights"));
}

}  // namespace

bool DataSupply::is_current(const Settings& settings) const {
  if (needs_others_ && !checkpoint_.empty()) return false;
  const std::string& wanted = settings.text("data.set");
  if (!current_ || own_ != (wanted == kOwnData) || (!own_ && current_->name != wanted) ||
      scaling_name(current_->scaling) != settings.text("data.scaling")) {
    return false;
  }
  if (current_->documents) {
    return current_->documents->wanted == settings.integer("data.vocabulary") &&
           current_->documents->input.weighting == weighting_of(settings);
  }
  return own_ || current_->name != "strokes" ||
         (current_->train.count() == settings.integer("data.strokes_train") &&
          current_->test.count() == settings.integer("data.strokes_test"));
}

DataSupply::InUse DataSupply::replace(InUse next) {
  stop_asking();
  announced_ = nullptr;  // another may come to lie where this one lay
  return {std::exchange(current_, std::move(next.data)), std::exchange(own_, next.is_own)};
}

void DataSupply::put_back(InUse before) {
  current_ = std::move(before.data);
  own_ = before.is_own;
  announced_ = current_.get();
}

DataReady DataSupply::describe(const Display& display) {
  const Dataset& data = *current_;
  DataReady ready;
  ready.name = data.name;
  ready.channels = data.shape.channels;
  ready.rows = data.shape.rows;
  ready.columns = data.shape.columns;
  ready.train_count = data.train.count();
  ready.test_count = data.test.count();
  ready.class_names = data.class_names;
  for (const Factor& factor : data.factors) {
    ready.factors.push_back({factor.name, factor.unit, factor.low, factor.high});
  }
  display.describe_map(ready);
  if (data.documents) {
    ready.words = data.documents->input.vocabulary.words();
    const auto& texts = data.documents->test.beginnings;
    ready.map_texts.assign(texts.begin(), texts.begin() + display.map_size());
  }
  if (is_table(data.shape)) ready.feature_names = data.feature_names;
  announced_ = current_.get();
  map_points_announced_ = display.map_size();
  return ready;
}

DatasetPointer prepared_data(Dataset unscaled, const Settings& settings) {
  return std::make_shared<const Dataset>(scaled(std::move(unscaled),
                                                scaling_from_name(settings.text("data.scaling")),
                                                settings.flag("data.clip")));
}

Dataset documents_for(const Documents& documents, const std::string& name,
                      const Settings& settings) {
  return dataset_from_documents(documents, name,
                                {.words = static_cast<Index>(settings.integer("data.vocabulary")),
                                 .weighting = weighting_of(settings)});
}

Dataset drawn_strokes(const Settings& settings, ThreadPool& pool) {
  return make_strokes(kStrokesSeed, settings.integer("data.strokes_train"),
                      settings.integer("data.strokes_test"), &pool);
}

}  // namespace hourglass::session
