#include "core/model/layer_spec.h"

#include <cassert>
#include <cmath>
#include <utility>

#include "core/model/layer_type.h"

namespace hourglass {
namespace {

FieldValue default_value(const LayerField& field) {
  const double number = std::isnan(field.otherwise) ? field.low : field.otherwise;
  switch (field.kind) {
    case LayerField::Kind::kWhole:
      return static_cast<std::int64_t>(number);
    case LayerField::Kind::kReal:
      return number;
    case LayerField::Kind::kUnits:
      return Units{};
    case LayerField::Kind::kChoice:
      return std::string(field.choices.front());
    case LayerField::Kind::kActivation:
      return std::string(activation_name(Activation::kLinear));
    case LayerField::Kind::kLayer:
      break;
  }
  return std::string();
}

}  // namespace

LayerSpec::LayerSpec(const LayerType& type) : type_(&type) {
  values_.reserve(type.fields.size());
  for (const LayerField& field : type.fields) {
    values_.push_back(default_value(field));
    if (field.otherwise_of) values_.back() = field.otherwise_of(*this);
  }
}

std::string_view LayerSpec::type_name() const { return type_->name; }

const FieldValue& LayerSpec::value(std::string_view key) const {
  const LayerField* const field = type_->find(key);
  assert(field);
  return values_[static_cast<std::size_t>(field - type_->fields.data())];
}

void LayerSpec::set(std::string_view key, FieldValue value) {
  const LayerField* const field = type_->find(key);
  assert(field);
  FieldValue& place = values_[static_cast<std::size_t>(field - type_->fields.data())];
  assert(place.index() == value.index());
  place = std::move(value);
}

Activation LayerSpec::activation() const {
  return type_->find("activation") ? activation_from_name(text("activation")) : Activation::kLinear;
}

std::string LayerSpec::tied() const { return type_->find("tied") ? text("tied") : std::string(); }

}  // namespace hourglass
