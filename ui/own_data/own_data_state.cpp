#include "ui/own_data/own_data_state.h"

#include <string_view>
#include <utility>

#include "core/base/parse_number.h"

namespace hourglass::ui {
namespace {

constexpr std::string_view kImport = "import", kOwnPanel = "own_data";

std::int64_t whole_at(const Json& json, const char* name) {
  const auto found = json.is_object() ? json.find(name) : json.end();
  if (!json.is_object() || found == json.end()) return 0;
  if (found->is_number_integer()) return found->get<std::int64_t>();
  return 0;
}

// What the page offers of files that are too many or too large.
OwnDataState::Offer offer_of_page(const std::string& words) {
  const Json json = parse_json(words);
  OwnDataState::Offer offer{whole_at(json, "used"), whole_at(json, "of"), "files"};
  if (json.is_object() && json.contains("unit") && json["unit"] == "megabytes") {
    offer.unit = "megabytes";
  }
  return offer;
}

// What a refusal of too many images offers: the sentence "images.too_many" of the import has their
// number in its second place, and that of those that can be used in its fourth.
OwnDataState::Offer offer_of_refusal(const Json& refusal) {
  const auto key = refusal.is_object() ? refusal.find("key") : refusal.end();
  if (!refusal.is_object() || key == refusal.end() || !key->is_string() ||
      !key->get<std::string>().starts_with("images.too_many")) {
    return {};
  }
  const auto values = refusal.find("values");
  if (values == refusal.end() || !values->is_array() || values->size() < 4) return {};
  const auto number = [&](std::size_t i) {
    const Json& value = (*values)[i];
    const auto text = value.is_object() ? value.find("text") : value.end();
    std::int64_t read = 0;
    if (value.is_object() && text != value.end() && text->is_string()) {
      parse_number(text->get<std::string>(), read);
    }
    return read;
  };
  return {number(3), number(1), "samples"};
}

void take_stage(OwnDataState& state, ViewState& view, const std::string& stage) {
  if (stage == "open") {
    // Other files, about which nothing was said yet.
    state.options.clear();
    state.found = {};
    state.making = false;
    state.made = 0;
    view.workspace = Workspace::kApplications;
    view.application = kOwnPanel;
  }
  if (stage == "open" || stage == "reading") {
    state.has_files = state.working = true;
    state.error.clear();
    state.offer = {};
  } else if (stage == "none") {
    state.has_files = state.working = state.making = false;
    state.found = {};
    state.made = 0;
    state.error.clear();
    state.options.clear();
  } else {
    state.can_choose = true;
    state.kept = stage == "kept";
  }
}

}  // namespace

bool take_import_event(OwnDataState& state, CameraState& camera, ViewState& view,
                       session::Event& event) {
  if (const auto* progress = std::get_if<session::JobProgress>(&event)) {
    if (progress->kind != kImport) return false;
    if (progress->stage == "subsample") {
      state.offer = offer_of_page(progress->words);
      return true;
    }
    if (progress->stage == "camera") {
      camera.is_there = true;
      return true;
    }
    if (progress->stage == "made") {
      // How many there are; the preview follows.
      parse_number(progress->words, state.made);
      state.making = true;
      return true;
    }
    if (progress->stage == "refused") {
      // The end of the job, with the same in English, follows.
      state.refusal = progress->words.empty() ? Json() : parse_json(progress->words);
      state.offer = offer_of_refusal(state.refusal);
      return true;
    }
    take_stage(state, view, progress->stage);
    return true;
  }
  if (auto* result = std::get_if<session::JobResult>(&event)) {
    if (result->kind != kImport) return false;
    state.found = {++state.revisions, parse_json(result->fields), std::move(result->arrays)};
    if (!state.found.fields.is_object()) state.found.fields = Json::object();
    state.has_files = true;
    state.working = false;
    state.error.clear();
    state.offer = {};
    return true;
  }
  if (const auto* ended = std::get_if<session::JobEnded>(&event)) {
    if (ended->kind != kImport) return false;
    state.error = ended->message;
    state.working = state.will_train = false;
    return true;
  }
  // Who wants own data and has brought none is shown where to.
  if (const auto* wanted = std::get_if<session::DataWanted>(&event)) {
    if (wanted->name == "own" && !state.has_files) {
      view.workspace = Workspace::kApplications;
      view.application = kOwnPanel;
    }
    return false;
  }
  // The data have come, or the engine has refused them.
  if (std::holds_alternative<session::DataReady>(event)) {
    if (std::exchange(state.will_train, false)) view.workspace = Workspace::kTraining;
  } else if (std::holds_alternative<session::Failure>(event)) {
    state.will_train = false;
  }
  return false;
}

}  // namespace hourglass::ui
