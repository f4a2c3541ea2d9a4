// libFuzzer's entry points. HOURGLASS_FUZZ_READER names the reader; with HOURGLASS_FUZZ_SEEDS, a
// folder, its seeds and dictionary are written there and nothing is read; with
// HOURGLASS_FUZZ_LIST, the readers are listed, each with the most MiB of one allocation.
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <string>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/harden/fuzz_readers.h"

using namespace hourglass;
using namespace hourglass::harden;

namespace {

// What one input may take of the processor, with sanitizers; without them it is a third or less.
constexpr double kMaxSeconds = 1;

const FuzzReader* chosen = nullptr;

const FuzzReader& reader_named(const char* name) {
  for (const FuzzReader& reader : fuzz_readers()) {
    if (name && std::string_view(name) == reader.name) return reader;
  }
  std::fprintf(stderr, "HOURGLASS_FUZZ_READER is no reader: HOURGLASS_FUZZ_LIST=1 lists them.\n");
  std::exit(2);
}

void write_seeds(const FuzzReader& reader, const std::filesystem::path& folder) {
  int number = 0;
  for (const Bytes& seed : reader.seeds()) {
    write_file(folder / ("seed-" + std::to_string(number++)), seed);
  }
  std::string words = reader.words, lines;
  for (std::size_t start = 0; start <= words.size();) {
    const std::size_t end = std::min(words.find('|', start), words.size());
    if (end > start) lines += "\"" + words.substr(start, end - start) + "\"\n";
    start = end + 1;
  }
  std::filesystem::path dictionary = folder;
  dictionary += ".dict";
  write_file(dictionary, {reinterpret_cast<const std::uint8_t*>(lines.data()), lines.size()});
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  if (std::getenv("HOURGLASS_FUZZ_LIST")) {
    for (const FuzzReader& reader : fuzz_readers()) {
      std::printf("%s %d\n", reader.name, reader.most_megabytes);
    }
    std::exit(0);
  }
  chosen = &reader_named(std::getenv("HOURGLASS_FUZZ_READER"));
  if (const char* folder = std::getenv("HOURGLASS_FUZZ_SEEDS")) {
    write_seeds(*chosen, folder);
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Of the processor's time, which other programs on the machine take nothing of.
  const std::clock_t began = std::clock();
  try {
    chosen->read({data, size});
  } catch (const Error& error) {
    if (std::string_view(error.what()).size() <= 10) std::abort();
  }  // any other exception ends the program, and libFuzzer keeps what it was
  const double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
  if (seconds > kMaxSeconds) {
    std::fprintf(stderr, "slow: %.2f s of the processor for %zu bytes\n", seconds, size);
    std::abort();
  }
  return 0;
}
