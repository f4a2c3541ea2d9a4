#include "core/base/file.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

#include "tests/data/temporary_folder.h"

namespace hourglass {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST_CASE("writers of one file take turns: each leaves it whole") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  std::atomic<int> bad{0};
  std::vector<std::thread> writers;
  for (std::uint8_t writer = 1; writer <= 4; ++writer) {
    writers.emplace_back([&, writer] {
      const Bytes bytes(100'000 * std::size_t{writer}, writer);
      for (int i = 0; i < 20; ++i) {
        write_file(path, bytes);
        const Bytes seen = read_file(path);
        for (const std::uint8_t byte : seen) bad += byte != seen[0];
        bad += seen.size() != 100'000 * std::size_t{seen[0]};
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  CHECK(bad == 0);
  CHECK_FALSE(std::filesystem::exists(unfinished_name(path)));
}

TEST_CASE("a file that is not finished, or was left by a kill, is no hindrance") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  write_file(path, Bytes{1, 2, 3});
  {
    FileWriter writer(path);
    writer.write(Bytes(10, 9));
  }
  CHECK(read_file(path) == Bytes{1, 2, 3});
  CHECK_FALSE(std::filesystem::exists(unfinished_name(path)));
  std::ofstream(unfinished_name(path)) << "longer than what comes";
  {
    FileWriter writer(path);
    writer.write(Bytes{4});
    writer.write({});
    writer.write(Bytes{5, 6});
    writer.finish();
  }
  CHECK(read_file(path) == Bytes{4, 5, 6});
  CHECK_FALSE(std::filesystem::exists(unfinished_name(path)));
}

}  // namespace
}  // namespace hourglass
