#include "core/train/tiles.h"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

#include "tests/support/small_data.h"

using namespace hourglass;

namespace {

Index size_of(const Model& model, const Tile& tile) {
  return tile.count * model.layout()[tile.parameter].inputs;
}

}  // namespace

TEST_CASE("tiles hold every column of every parameter once") {
  const Model model(tests::small_spec(Activation::kRelu, Activation::kSigmoid,
                                      Loss::kBinaryCrossEntropy, 100, 7),
                    {1, 28, 28});
  std::map<int, std::vector<Tile>> of_parameter;
  for (const Tile& tile : cut_parameters(model)) of_parameter[tile.parameter].push_back(tile);
  REQUIRE(of_parameter.size() == static_cast<std::size_t>(model.layout().count()));
  for (auto& [parameter, tiles] : of_parameter) {
    CAPTURE(parameter);
    std::sort(tiles.begin(), tiles.end(),
              [](const Tile& a, const Tile& b) { return a.first < b.first; });
    Index next = 0;
    for (const Tile& tile : tiles) {
      CHECK(tile.first == next);
      CHECK(tile.count > 0);
      next += tile.count;
    }
    CHECK(next == model.layout()[parameter].outputs);
  }
}

TEST_CASE("tiles: two threads from both ends meet at small ones, each with its end of the network") {
  const Model model(tests::small_spec(Activation::kRelu, Activation::kSigmoid,
                                      Loss::kBinaryCrossEntropy, 128, 32),
                    {1, 28, 28});
  const std::vector<Tile> tiles = cut_parameters(model);
  const auto smaller = [&](const Tile& a, const Tile& b) {
    return size_of(model, a) < size_of(model, b);
  };
  const auto smallest = std::min_element(tiles.begin(), tiles.end(), smaller);
  CHECK(std::is_sorted(std::make_reverse_iterator(smallest), tiles.rend(), smaller));
  CHECK(std::is_sorted(smallest, tiles.end(), smaller));
  const int last_weight = model.layout().count() - 2;
  for (auto tile = tiles.begin(); tile != tiles.end(); ++tile) {
    if (tile->parameter == 0) CHECK(tile < smallest);
    if (tile->parameter == last_weight) CHECK(tile > smallest);
  }
}
