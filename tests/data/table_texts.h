// Small tables of the kinds that are told apart by their contents, for whoever damages them.
#pragma once

#include <string>
#include <vector>

namespace hourglass {

// USPS's text, FER's, UTF-16 with semicolons, a commented header, and one with a value that is not
// available.
inline std::vector<std::string> table_texts() {
  std::string usps, fer = "emotion,pixels,Usage\n", wide = "\xFF\xFE";
  for (int row = 0; row < 4; ++row) {
    usps += std::to_string(row % 2) + ".0000";
    for (int i = 0; i < 64; ++i) usps += i % 3 == row % 3 ? " -1.0000" : "  0.9375";
    usps += " \n";
    fer += std::to_string(row) + ",\"";
    for (int i = 0; i < 16; ++i) fer += std::to_string(i * 16 + row) + " ";
    fer += row < 2 ? "\",Training\n" : "\",PublicTest\n";
  }
  for (const char c : std::string("a;b;c\r\n1,5;;x\r\n2,5;3;y\r\n?;4;x\r\n7;1;y\r\n")) {
    wide += {c, '\0'};
  }
  return {usps, fer, wide, "# a b\n1 2\n3 4\n5 6\n",
          "Unnamed: 0,mpg,name,kind\n0,18,alpha,x\n1,NA,beta,y\n2,20,gamma,x\n3,21,delta,y\n"};
}

}  // namespace hourglass
