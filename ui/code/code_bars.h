// The code's units as a row of bars, like an equaliser: what they may be set to, which of them fit
// on a page, and what a pointer that moves over them does.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ui/kit/geometry.h"
#include "ui/state/store.h"

namespace hourglass::ui {

// What a unit can be set to, and what it is on average.
struct UnitRange {
  float low = -3, high = 3, mean = 0;
};

// Of every code unit: from the codes of the map's points, with a little room on both sides where
// the unit's activation function can go there. A gaussian code's units can be moved over [-3, 3] at
// least, also while nothing is known of them. Empty if nothing can be said.
std::vector<UnitRange> unit_ranges(const Store& store);

// Whether the code is drawn from a normal distribution, as a variational autoencoder's is.
bool gaussian_code(const Store& store);

// The code of the sample on its way through the network: the code layer's part of the activations.
// Empty while they are not there or do not fit the network.
std::span<const float> sample_code(const Store& store);

// Units side by side, as many as fit.
struct BarPage {
  int first = 0, count = 0;  // units on the page
  int units = 0;             // on all pages
  int per_page = 0;

  bool alone() const { return units <= per_page; }
};

// The page that holds unit `wanted`, in `width` with bars at least `least` wide.
BarPage bar_page(int units, int wanted, float width, float least);

// The bar of unit `unit` of the page inside `area`, and the unit under `x`: the nearest one.
Rect bar_of(const BarPage& page, const Rect& area, float widest, int unit);
int unit_at(const BarPage& page, const Rect& area, float widest, float x);

// The value that height `y` of `area` means, held to the range.
float value_at(const UnitRange& range, const Rect& area, float y);
// Where a value stands, 0 at the bottom to 1 at the top, held to the bar.
float bar_position(const UnitRange& range, float value);

// A place of the pointer.
struct BarPoint {
  float x = 0, y = 0;
};

// Sets every unit that the pointer has crossed on its way to where the pointer was; of a fast
// movement, too, no bar is left out.
void paint_bars(std::span<float> code, std::span<const UnitRange> ranges, const BarPage& page,
                const Rect& area, float widest, BarPoint from, BarPoint to);

// Code number `number` of a fixed sequence: each unit uniformly in its range, or from N(0, 1).
session::Floats random_code(std::span<const UnitRange> ranges, bool gaussian, std::uint64_t number);

}  // namespace hourglass::ui
