// Which columns of a table are those that a model was trained on, by their titles.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hourglass {

// The place in `titles` of each of `wanted`; titles that come more than once are taken in their
// order, and where one is not there as it is written, one that differs in capitals is. Empty if
// there is none of them. Throws Error that names the missing ones if there are only some; `name` is
// what messages call the table.
std::vector<std::size_t> columns_of_model(const std::vector<std::string>& titles,
                                          const std::vector<std::string>& wanted,
                                          const std::string& name);

// "'a', 'b' and 3 more".
std::string quoted_some(const std::vector<std::string>& names);

}  // namespace hourglass
