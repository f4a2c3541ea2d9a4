// The panel about documents: what was asked for, and its parts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ui/latent_map/map_state.h"
#include "ui/state/panel.h"

namespace hourglass::ui {

inline constexpr std::string_view kDocumentsJob = "documents";
inline constexpr const char* kQueryField = "documents:query";

struct DocumentsState {
  enum class Asked { kNothing, kQuery, kDocument, kPlace };
  Asked asked = Asked::kNothing;
  std::string query;  // as it was typed
  std::int64_t document = -1;
  MapPlace place;

  MapView view;
  bool hovering = false;
  MapPlace hover;

  std::uint64_t started = 0;   // the network and data that the job was last started for
  std::int64_t refreshed = 0;  // the step of the network that the job was asked to look at last
  double next = 0;             // when it may be asked again, in seconds
  std::uint64_t data = 0;      // the revision of the data that all this belongs to
};

// What the job found at its start, and the newest of what changes as the network learns: an answer,
// or while there is none the result.
const JobFindings& documents_result(const PanelContext& context);
const JobFindings& documents_now(const PanelContext& context);

// The first words of a document, and its class; -1 without one.
std::string document_title(const PanelContext& context, std::int64_t document);
std::int32_t document_label(const PanelContext& context, std::int64_t document);
// Its strongest words, with commas between them.
std::string document_terms(const PanelContext& context, std::int64_t document);

void ask_for_document(PanelContext& context, std::int64_t document);

// The map of all documents; there must be some.
void draw_documents_map(PanelContext& context, const Rect& area);

// Each of the following draws into the upper end of `area` and returns the height; with `draw`
// false it only measures.

// Where a text is typed that is to be found.
float draw_documents_query(PanelContext& context, Rect area, bool draw);
// What was found for what was asked: the nearest documents, and the words that are expected there.
float draw_documents_found(PanelContext& context, Rect area, bool draw);
// How well documents of a topic are found, over the number retrieved.
float draw_documents_curve(PanelContext& context, Rect area, bool draw);

}  // namespace hourglass::ui
