// What scikit-learn finds in a few codes: tests/golden/tsne.json.
#pragma once

#include <fstream>
#include <vector>

#include "core/base/json.h"
#include "core/math/types.h"
#include "tests/support/source_path.h"

namespace hourglass::tests {

struct TsneGolden {
  Json json;
  Matrix codes;   // size x n
  Matrix points;  // 2 x n
  Index k;        // neighbours of each

  TsneGolden() {
    std::ifstream file(source_path("/tests/golden/tsne.json"));
    json = Json::parse(file);
    codes = matrix("codes", json["size"].get<Index>());
    points = matrix("points", 2);
    k = json["k"].get<Index>();
  }

  Index size() const { return codes.cols(); }
  ConstMatrixView view() const { return columns(codes, 0, codes.cols()); }
  // The numbers of that name in columns of `rows`.
  Matrix matrix(const char* name, Index rows) const {
    const std::vector<double> values = json[name].get<std::vector<double>>();
    return Eigen::Map<const Eigen::MatrixXd>(values.data(), rows,
                                             static_cast<Index>(values.size()) / rows)
        .cast<Scalar>();
  }
};

}  // namespace hourglass::tests
