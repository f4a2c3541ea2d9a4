#include "native/cli/report/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <utility>

#include "core/base/write_number.h"
#include "native/cli/console/output.h"
#include "native/cli/console/text.h"

namespace hourglass {
namespace {

constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr int kWidestBar = 40, kNarrowestBar = 8;

// Of the terminal; 80 where it does not say.
int terminal_columns(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* const value = std::getenv(name);
    if (!value || !*value) continue;
    return std::strstr(value, "UTF-8") || std::strstr(value, "utf8") ||
           std::strstr(value, "UTF8") || std::strstr(value, "utf-8");
  }
  return false;
}

bool can_redraw(std::FILE* stream) {
  const char* const kind = std::getenv("TERM");
  return isatty(fileno(stream)) && kind && std::strcmp(kind, "dumb") != 0;
}

}  // namespace

Progress::Progress(std::FILE* stream, double start, std::int64_t target, bool may_draw,
                   std::string samples)
    : stream_(stream),
      is_terminal_(may_draw && can_redraw(stream)),
      is_as_wide_as_terminal_(may_draw && isatty(fileno(stream))),
      has_blocks_(locale_is_utf8()),
      samples_(std::move(samples)),
      start_(start),
      target_(target),
      began_(Clock::now()),
      drawn_(began_ - kBetweenDrawings) {}

Progress::~Progress() { finish(); }

std::string Progress::erased_bar() { return std::exchange(bar_drawn_, false) ? "\r\x1b[K" : ""; }

void Progress::finish() { write_unless_stopped(stream_, erased_bar()); }

void Progress::note(const std::string& line) {
  write_unless_stopped(stream_, erased_bar() + one_line(line) + "\n");
}

std::string Progress::bar(const Moment& moment, int columns) const {
  const double all = std::max(static_cast<double>(target_), 1e-9);
  const double done = std::clamp(moment.epochs_done / all, 0.0, 1.0);
  const double taken = std::chrono::duration<double>(Clock::now() - began_).count();
  const double trained = moment.epochs_done - start_;
  const std::int64_t current = std::min(moment.epoch + 1, target_);

  const std::string front =
      "epoch " + std::to_string(current) + "/" + std::to_string(target_) + " ";
  // In the order in which they are wanted: a narrow terminal shows the first ones.
  const std::string parts[] = {
      "  loss " + fixed(moment.loss, 4),
      trained > 0.02 ? "  " + duration_text(taken / trained * (all - moment.epochs_done)) + " left"
                     : "",
      moment.images_per_second > 0
          ? "  " + with_commas(std::llround(moment.images_per_second)) + " " + samples_ + "/s"
          : "",
  };
  // The last column stays free: some terminals begin a new line when it is written.
  int room = columns - 1 - static_cast<int>(front.size());
  bool shown[3] = {};
  for (int i = 0; i < 3; ++i) {
    const int need = static_cast<int>(parts[i].size()) + (i == 0 ? 0 : kNarrowestBar);
    if (need > room) break;
    shown[i] = true;
    room -= static_cast<int>(parts[i].size());
  }
  std::string line = front;
  const int width = std::min(room, kWidestBar);
  if (width >= kNarrowestBar) {
    if (has_blocks_) {
      constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
      const int eighths = static_cast<int>(done * width * 8);
      for (int i = 0; i < eighths / 8; ++i) line += "█";
      line += kEighths[eighths % 8];
      for (int i = (eighths + 7) / 8; i < width; ++i) line += "·";
    } else {
      const int full = static_cast<int>(done * width);
      line += std::string(static_cast<std::size_t>(full), '#') +
              std::string(static_cast<std::size_t>(width - full), '.');
    }
  }
  // What is shown, in the order in which it reads best.
  if (shown[0]) line += parts[0];
  if (shown[2]) line += parts[2];
  if (shown[1]) line += parts[1];
  return line;
}

void Progress::show(const Moment& moment) {
  if (!is_terminal_) return;
  const auto now = Clock::now();
  if (now - drawn_ < kBetweenDrawings) return;
  drawn_ = now;
  write_unless_stopped(stream_, erased_bar() + bar(moment, terminal_columns(fileno(stream_))));
  bar_drawn_ = true;
}

void Progress::epoch_ended(const EpochMetrics& metrics) {
  const std::string last = std::to_string(target_);
  std::string number = shortest_text(std::round(metrics.epoch * 100) / 100);
  number.insert(0, last.size() > number.size() ? last.size() - number.size() : 0, ' ');
  // Where the terminal is narrow, those with the highest rank are left out: history.csv has them
  // all.
  struct Part {
    int rank;
    std::string text;
  };
  const Part parts[] = {
      {0, "epoch " + number + "/" + last},
      {1, "  train loss " + fixed(metrics.train_loss, 4)},
      {2, "  test loss " + fixed(metrics.test_loss, 4)},
      {4, "  test mse " + fixed(metrics.test_mse, 5)},
      {5, "  rounded accuracy " + fixed(metrics.binary_accuracy, 4)},
      {7, "  code mean " + fixed(metrics.code_mean, 3)},
      {6, "  code zero " + fixed(metrics.code_zero, 3)},
      {3, "  " + with_commas(std::llround(metrics.images_per_second)) + " " + samples_ + "/s"},
  };
  // A file or a pipe takes lines of any length. The last column stays free, as in bar().
  int room = is_as_wide_as_terminal_ ? terminal_columns(fileno(stream_)) - 1 : INT_MAX;
  int shown = 0;  // ranks below this one
  for (; shown < static_cast<int>(std::size(parts)); ++shown) {
    const Part& part = *std::find_if(std::begin(parts), std::end(parts),
                                     [&](const Part& one) { return one.rank == shown; });
    const int need = static_cast<int>(part.text.size());
    if (shown > 0 && need > room) break;
    room -= need;
  }
  std::string line;
  for (const Part& part : parts) {
    if (part.rank < shown) line += part.text;
  }
  note(line);
}

}  // namespace hourglass
