// Films of the run, as files: the moments are put on display one after the other.
#include <utility>

#include "core/base/error.h"
#include "native/desktop/saving.h"

namespace hourglass {
namespace {

constexpr std::int64_t kPresentMoment = -1;

}  // namespace

void Saving::begin_film(const std::string& what, const Json& steps) {
  film_steps_ = {kPresentMoment};
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    if (step->is_number_integer()) film_steps_.push_back(step->get<std::int64_t>());
  }
  film_.reset();
  film_kind_ = what;
  moment_parts_ = {};
  show_next_moment();
}

void Saving::show_next_moment() {
  moment_ = film_steps_.back();
  film_steps_.pop_back();
  moment_begun_ = false;
  send_({kFilmId, session::ShowStep{moment_}});
}

void Saving::take_moment(const session::Snapshot& shown, const ui::App& app) {
  if (film_kind_.empty()) return;
  // Parts that have not changed since the film began are the front end's.
  if (!film_) moment_parts_ = app.store().snapshot;
  const auto take = [](auto& to, const auto& from) {
    if (from) to = from;
  };
  take(moment_parts_.originals, shown.originals);
  take(moment_parts_.reconstructed, shown.reconstructed);
  take(moment_parts_.map_points, shown.map_points);
  moment_parts_.image_count = shown.image_count;
  if (!shown.complete || (moment_ != kPresentMoment && shown.step != moment_)) return;
  guarded([&] {
    try {
      if (!film_) film_.emplace(session::film_kind_from_name(film_kind_), app.store().data);
      film_->add(moment_parts_);
      if (!film_steps_.empty()) return show_next_moment();
      const ExportedFile file = film_->file();
      end_film();
      write(file.name, file.bytes);
    } catch (...) {
      end_film();
      throw;
    }
  });
}

// Somebody who shows another moment meanwhile, or goes on with the run, ends the film.
void Saving::take_timeline(const session::Timeline& timeline) {
  if (film_kind_.empty()) return;
  if (moment_begun_ && timeline.shown != moment_) {
    end_film();
    end(session::JobEnd::kFailed,
        "The run went on while it was filmed: save once more, and leave it alone until the film "
        "is there.");
    return;
  }
  moment_begun_ = moment_begun_ || timeline.shown == moment_;
}

void Saving::end_film() {
  film_kind_.clear();
  film_.reset();
  moment_parts_ = {};
  send_({0, session::ShowStep{kPresentMoment}});
}

}  // namespace hourglass
