#include "ui/frame/panels.h"

#include <algorithm>

#include "ui/curves/curves_state.h"
#include "ui/images/image_cell.h"
#include "ui/kit/controls.h"
#include "ui/reconstructions/reconstructions.h"
#include "ui/runs/run_actions.h"
#include "ui/timeline/timeline.h"
#include "ui/weights/weights.h"

namespace hourglass::ui {

// Each is in the folder of its panel, and called from its row alone.
void draw_network(PanelContext& context);
void draw_noise(PanelContext& context);
void draw_latent_map(PanelContext& context);
void draw_curves(PanelContext& context);
void draw_code(PanelContext& context);
void draw_training(PanelContext& context);
void draw_runs(PanelContext& context);
void draw_pca(PanelContext& context);
void draw_tsne(PanelContext& context);
void draw_search(PanelContext& context);
void draw_generate(PanelContext& context);
void draw_anomaly(PanelContext& context);
void draw_compress(PanelContext& context);
void draw_sweep(PanelContext& context);
void draw_pretrain(PanelContext& context);
void draw_compare(PanelContext& context);
void draw_probe(PanelContext& context);
void draw_documents(PanelContext& context);
void draw_own_data(PanelContext& context);
void draw_save(PanelContext& context);

namespace {

void toggle_difference(PanelContext& context) {
  bool& shown = context.state<ReconstructionsState>().difference;
  shown = !shown;
}
constexpr Shortcut kReconstructionKeys[] = {
    {.key = ImGuiKey_N, .label = "N", .name = "keys.images", .act = other_images},
    {.key = ImGuiKey_D, .label = "D", .name = "keys.difference", .act = toggle_difference}};

void toggle_log(PanelContext& context) {
  bool& on = context.state<CurvesState>().log_loss;
  on = !on;
}
constexpr Shortcut kCurveKeys[] = {
    {.key = ImGuiKey_L, .label = "L", .name = "keys.log", .act = toggle_log}};

constexpr Panel kPanels[] = {
    {.id = "hourglass",
     .title = "hourglass.title",
     .card = &Layout::hourglass,
     .draw = draw_network},
    {.id = "reconstructions",
     .title = "reconstructions.title",
     .card = &Layout::reconstructions,
     .draw = draw_reconstructions,
     .shortcuts = kReconstructionKeys},
    {.id = "noise", .title = "noise.title", .card = &Layout::noise, .draw = draw_noise},
    {.id = "latent",
     .title = "latent.title",
     .tab = "tab.map",
     .card = &Layout::latent,
     .draw = draw_latent_map,
     .has_timeline = true},
    {.id = "curves",
     .tab = "tab.loss",
     .draw = draw_curves,
     .each_frame = play_timeline,
     .shortcuts = kCurveKeys,
     .has_timeline = true},
    {.id = "weights",
     .tab = "tab.weights",
     .draw = draw_weights,
     .each_frame = request_tiles,
     .has_timeline = true,
     .not_for_documents = "documents.not.weights"},
    {.id = "code", .tab = "tab.code", .draw = draw_code, .has_timeline = true},
    {.id = "training", .tab = "tab.training", .draw = draw_training},
    {.id = "runs", .tab = "tab.runs", .draw = draw_runs, .each_frame = drop_forgotten_runs},
    {.id = "pca",
     .tab = "tab.pca",
     .workspace = Workspace::kApplications,
     .draw = draw_pca,
     .not_for_documents = "documents.not.pca"},
    {.id = "tsne", .tab = "tab.tsne", .workspace = Workspace::kApplications, .draw = draw_tsne},
    {.id = "search",
     .tab = "tab.search",
     .workspace = Workspace::kApplications,
     .draw = draw_search,
     .not_for_documents = "documents.not.search"},
    {.id = "generate",
     .tab = "tab.generate",
     .workspace = Workspace::kApplications,
     .draw = draw_generate,
     .not_for_documents = "documents.not.generate"},
    {.id = "anomaly",
     .tab = "tab.anomaly",
     .workspace = Workspace::kApplications,
     .draw = draw_anomaly,
     .not_for_documents = "documents.not.anomaly"},
    {.id = "compress",
     .tab = "tab.compress",
     .workspace = Workspace::kApplications,
     .draw = draw_compress,
     .not_for_documents = "documents.not.compress"},
    {.id = "sweep",
     .tab = "tab.sweep",
     .workspace = Workspace::kApplications,
     .draw = draw_sweep,
     .not_for_documents = "documents.not.sweep"},
    {.id = "pretrain",
     .tab = "tab.pretrain",
     .workspace = Workspace::kApplications,
     .draw = draw_pretrain,
     .not_for_documents = "documents.not.pretrain"},
    {.id = "compare",
     .tab = "tab.compare",
     .workspace = Workspace::kApplications,
     .draw = draw_compare,
     .not_for_documents = "documents.not.compare"},
    {.id = "probe",
     .tab = "tab.probe",
     .workspace = Workspace::kApplications,
     .draw = draw_probe,
     .not_for_documents = "documents.not.probe"},
    {.id = "documents",
     .tab = "tab.documents",
     .workspace = Workspace::kApplications,
     .draw = draw_documents},
    {.id = "own_data",
     .tab = "tab.own_data",
     .workspace = Workspace::kApplications,
     .draw = draw_own_data},
    {.id = "save", .tab = "tab.save", .workspace = Workspace::kApplications, .draw = draw_save},
};

}  // namespace

std::span<const Panel> panels() { return kPanels; }

void draw_panel(PanelContext& context, const Panel& panel) {
  if (panel.not_for_documents.empty() || !shows_documents(context)) {
    panel.draw(context);
    return;
  }
  draw_middle_paragraph(context, context.area, context.texts.get(panel.not_for_documents));
}

bool workspace_shown(const session::LessonRules& rules, Workspace workspace) {
  return std::ranges::any_of(kPanels, [&](const Panel& panel) {
    return panel.workspace == workspace && rules.shows_panel(panel.id);
  });
}

void bring_to_front(ViewState& view, std::string_view id) {
  for (const Panel& panel : kPanels) {
    if (panel.id != id) continue;
    view.workspace = panel.workspace;
    const bool trains = panel.workspace == Workspace::kTraining;
    if (!panel.tab.empty()) (trains ? view.tab : view.application) = panel.id;
  }
}

std::vector<const Panel*> panels_in_tabs(const Layout& layout, const session::LessonRules& rules) {
  std::vector<const Panel*> found;
  for (const Panel& panel : kPanels) {
    if (panel.workspace != layout.workspace || !rules.shows_panel(panel.id)) continue;
    const bool has_card = panel.card && !(layout.*panel.card).empty();
    if (!panel.tab.empty() && !has_card) found.push_back(&panel);
  }
  return found;
}

}  // namespace hourglass::ui
