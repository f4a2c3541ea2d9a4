#include "ui/reconstructions/pca_row.h"

#include <imgui.h>

#include <algorithm>
#include <span>
#include <string>

#include "core/base/write_number.h"
#include "ui/images/image_grid.h"
#include "ui/jobs/pca_job.h"
#include "ui/kit/controls.h"
#include "ui/kit/mark.h"
#include "ui/reconstructions/picture_rows.h"
#include "ui/reconstructions/reconstructions.h"

namespace hourglass::ui {
namespace {

struct PcaRowState {
  ImageAtlas atlas;
};

// The answer, if it is about the images on display.
const JobFindings* answer_about_these(const PanelContext& context) {
  const JobFindings& answer = context.jobs.view(kPcaJob).answer;
  const auto* const asked = answer.indices("image_indices");
  const auto& shown = context.store.snapshot.image_indices;
  return asked && shown && *asked == *shown ? &answer : nullptr;
}

}  // namespace

void follow_pca(PanelContext& context) {
  keep_pca(context);
  const Store& store = context.store;
  const JobView& job = context.jobs.view(kPcaJob);
  const auto& images = store.snapshot.image_indices;
  const std::int64_t components = pca_components(context);
  if (job.state != JobView::State::kReady || !images || components < 1) return;
  const std::string noise = text_setting(store, "view.noise.kind", "gaussian");
  const double level = number_setting(store, "view.noise.level", 0);
  const auto set = static_cast<std::int64_t>(number_setting(store, "view.image_set", 0));
  Mark mark;
  mark.add(job.number).add(components).add(level).add(set);
  mark.add(std::span<const char>(noise)).add(std::span<const std::uint32_t>(*images));
  std::string question = "{\"images\":[";
  for (const std::uint32_t image : *images) {
    if (question.back() != '[') question += ',';
    question += std::to_string(image);
  }
  question += "],\"components\":" + std::to_string(components) + ",\"noise\":\"" + noise +
              "\",\"level\":" + shortest_text(level) + ",\"seed\":" + std::to_string(set) + "}";
  context.jobs.ask(context.post, kPcaJob, mark.value(), question);
}

Rect draw_pca_row(PanelContext& context, Rect& rest) {
  const Theme& theme = context.theme;
  const Metrics& m = theme.metrics;
  const Texts& texts = context.texts;
  const std::int64_t components = pca_components(context);
  const bool known = components > 0;
  std::string label = texts.get("reconstructions.pca");
  if (known) label = texts.format("reconstructions.pca.of", {std::to_string(components)});
  std::string help = texts.get("reconstructions.pca.row.help");
  if (known && components < context.store.network.code_size) {
    help += ' ';
    help += texts.format("reconstructions.pca.most", {std::to_string(components)});
  }
  const Rect line = draw_row_label(context, rest, label, help);
  const JobFindings* const answer = answer_about_these(context);
  ImageAtlas& atlas = context.state<PcaRowState>().atlas;
  static const JobFindings nothing;
  update_atlas(atlas, answer ? *answer : nothing, "reconstructed", context.store.data);
  draw_row_images(context, line, atlas);
  register_widget(context, "row:pca", line);
  const std::string words = pca_state_text(context);
  if (answer || words.empty()) return line;
  const float width = std::min(line.w, text_width(context, words, {m.small}) + m.px(16));
  const Rect plate{line.x + (line.w - width) / 2, line.y + (line.h - m.label) / 2, width, m.label};
  ImGui::GetWindowDrawList()->AddRectFilled(top_left(plate), bottom_right(plate),
                                            theme.color(theme.colors.card, 0.9f), m.radius);
  draw_text(context, plate.inset(m.px(4), 0), words, theme.color(theme.colors.text),
            {m.small, false, Align::kCenter});
  register_widget(context, "row:pca:state", plate);
  return line;
}

const session::Floats* pca_errors(const PanelContext& context) {
  if (!context.state<ReconstructionsState>().pca) return nullptr;
  const JobFindings* const answer = answer_about_these(context);
  return answer ? answer->floats("image_errors") : nullptr;
}

}  // namespace hourglass::ui
