#include "native/desktop/options.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "core/base/error.h"

namespace hourglass {
namespace {

double number(const std::string& flag, const std::string& text, double low, double high) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= low && value <= high)) {
    char message[160];
    std::snprintf(message, sizeof message, "%s takes a number from %g to %g, not '%.60s'.",
                  flag.c_str(), low, high, text.c_str());
    throw Error(message);
  }
  return value;
}

void size(const std::string& text, DesktopOptions& options) {
  int width = 0, height = 0, read = 0;
  if (std::sscanf(text.c_str(), "%dx%d%n", &width, &height, &read) != 2 ||
      read != static_cast<int>(text.size()) || width < 200 || height < 200 || width > 8192 ||
      height > 8192) {
    throw Error("--size takes WIDTHxHEIGHT from 200x200 to 8192x8192, such as 1280x800, not '" +
                text.substr(0, 60) + "'.");
  }
  options.width = width;
  options.height = height;
}

std::string one_of(const std::string& flag, const std::string& text, const char* first,
                   const char* second) {
  if (text == first || text == second) return text;
  throw Error(flag + " takes " + first + " or " + second + ", not '" + text.substr(0, 60) + "'.");
}

}  // namespace

DesktopOptions parse_desktop_options(int argc, char** argv) {
  DesktopOptions options;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--help" || flag == "-h") {
      options.help = true;
      continue;
    }
    if (flag == "--run" || flag == "--reduced-motion" || flag == "--stats" ||
        flag == "--no-preferences" || flag == "--teach") {
      if (flag == "--run") options.run = true;
      if (flag == "--reduced-motion") options.reduced_motion = true;
      if (flag == "--stats") options.stats = true;
      if (flag == "--teach") options.teach = true;
      if (flag == "--no-preferences") options.preferences = false;
      continue;
    }
    const bool known = flag == "--preset" || flag == "--data" || flag == "--size" ||
                       flag == "--scale" || flag == "--theme" || flag == "--lang" ||
                       flag == "--screenshot" || flag == "--after" || flag == "--steps" ||
                       flag == "--widgets" || flag == "--report" || flag == "--lesson";
    if (!known) {
      throw Error("There is no flag '" + flag.substr(0, 60) +
                  "'; hourglass-desktop --help lists those there are.");
    }
    if (i + 1 >= argc) throw Error(flag + " needs a value; see hourglass-desktop --help.");
    const std::string value = argv[++i];
    if (flag == "--preset") options.preset = value;
    if (flag == "--data") options.data = value;
    if (flag == "--lesson") options.lesson = value;
    if (flag == "--size") size(value, options);
    if (flag == "--scale") options.scale = static_cast<float>(number(flag, value, 0.5, 4));
    if (flag == "--theme") options.theme = one_of(flag, value, "light", "dark");
    if (flag == "--lang") options.language = one_of(flag, value, "en", "zh");
    if (flag == "--screenshot") options.screenshot = value;
    if (flag == "--widgets") options.widgets = value;
    if (flag == "--report") options.report = value;
    if (flag == "--steps") options.steps = number(flag, value, 0, 1e12);
    if (flag == "--after") options.after = number(flag, value, 0, 86400);
  }
  // A picture shows what its flags say, whoever takes it.
  if (!options.screenshot.empty()) options.preferences = false;
  return options;
}

const char* desktop_help() {
  return "hourglass-desktop: the autoencoder playground in a window\n"
         "\n"
         "  --preset NAME       network to begin with (hourglass presets lists them)\n"
         "  --data NAME         mnist, fashion-mnist, strokes, texts or reuters-21578\n"
         "  --lesson NAME|FILE  begin a lesson (hourglass lesson list names them)\n"
         "  --teach             make a lesson\n"
         "  --run               start training at once\n"
         "  --size WxH          of the window in points (default: as last time, at first "
         "1280x800)\n"
         "  --scale N           size of text and controls, 0.5 to 4 (default: the system's)\n"
         "  --theme light|dark  (default: as last time)\n"
         "  --lang en|zh        (default: as last time, at first the system's)\n"
         "  --no-preferences    neither use nor remember language, theme and size of last time\n"
         "  --reduced-motion    nothing glides or fades\n"
         "  --stats             show what a frame costs\n"
         "  --screenshot FILE   write the window to a PNG file and end\n"
         "  --after SECONDS     when to do that (default: 1)\n"
         "  --steps N           but not before N mini-batches\n"
         "  --widgets FILE      with it, write where every widget is, as JSON\n"
         "  --report FILE       write what is on show and where, as JSON, after every frame\n";
}

}  // namespace hourglass
