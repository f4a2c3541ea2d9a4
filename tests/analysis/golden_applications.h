// Small data and what scikit-learn makes of them: tests/golden/make_applications.py.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/math/types.h"
#include "tests/support/source_path.h"

namespace hourglass::tests {

inline const nlohmann::json& golden_applications() {
  static const nlohmann::json json = [] {
    std::ifstream file(source_path("/tests/golden/applications.json"));
    return nlohmann::json::parse(file);
  }();
  return json;
}

// Rows of numbers, as NumPy writes them, as columns.
inline Eigen::MatrixXd columns_of(const nlohmann::json& rows) {
  Eigen::MatrixXd matrix(static_cast<Index>(rows[0].size()), static_cast<Index>(rows.size()));
  for (Index j = 0; j < matrix.cols(); ++j) {
    for (Index i = 0; i < matrix.rows(); ++i) matrix(i, j) = rows[j][i].get<double>();
  }
  return matrix;
}

inline ConstMatrixView view_of(const Matrix& matrix) { return columns(matrix, 0, matrix.cols()); }

}  // namespace hourglass::tests
