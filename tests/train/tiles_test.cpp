#include "core/train/tiles.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "tests/support/small_data.h"

using namespace hourglass;

TEST_CASE("tiles hold every column of every parameter once") {
  const Model model(
      tests::small_spec(Activation::kRelu, Activation::kSigmoid, Loss::kBinaryCrossEntropy, 100, 7),
      {1, 28, 28});
  std::map<int, std::vector<Tile>> of_parameter;
  for (const Tile& tile : cut_parameters(model)) of_parameter[tile.parameter].push_back(tile);
  REQUIRE(of_parameter.size() == static_cast<std::size_t>(model.layout().count()));
  for (auto& [parameter, tiles] : of_parameter) {
    CAPTURE(parameter);
    std::sort(tiles.begin(), tiles.end(),
              [](const Tile& a, const Tile& b) { return a.first < b.first; });
    const Parameter& slice = model.layout()[parameter];
    Index next = 0;
    for (const Tile& tile : tiles) {
      CHECK(tile.first == next);
      CHECK(tile.count > 0);
      CHECK(tile.offset == slice.offset + next * slice.inputs);
      CHECK(tile.size == tile.count * slice.inputs);
      next += tile.count;
    }
    CHECK(next == slice.outputs);
  }
}

TEST_CASE(
    "tiles: two threads from both ends meet at small ones, each with its end of the network") {
  const Model model(tests::small_spec(Activation::kRelu, Activation::kSigmoid,
                                      Loss::kBinaryCrossEntropy, 128, 32),
                    {1, 28, 28});
  const std::vector<Tile> tiles = cut_parameters(model);
  const auto smaller = [](const Tile& a, const Tile& b) { return a.size < b.size; };
  const auto smallest = std::min_element(tiles.begin(), tiles.end(), smaller);
  CHECK(std::is_sorted(std::make_reverse_iterator(smallest), tiles.rend(), smaller));
  CHECK(std::is_sorted(smallest, tiles.end(), smaller));
  const int last_weight = model.layout().count() - 2;
  for (auto tile = tiles.begin(); tile != tiles.end(); ++tile) {
    if (tile->parameter == 0) CHECK(tile < smallest);
    if (tile->parameter == last_weight) CHECK(tile > smallest);
  }
}
