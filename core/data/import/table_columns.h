// What each column of a table is for, told from its first lines and from what a person has said.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/import_options.h"
#include "core/data/import/table_header.h"
#include "core/data/import/table_sample.h"
#include "core/formats/table_text.h"
#include "core/formats/table_values.h"

namespace hourglass {

// What is known of a table besides the person's own words.
struct TableExpectation {
  // Numbers of each row that a model takes; 0 if there is none. Columns that are so many are all
  // taken for data, whatever else they look like.
  std::size_t features = 0;
  // A first column that counts the rows at its beginning goes on otherwise.
  bool counting_is_data = false;
};

class TableColumns {
 public:
  // Looks at the first lines of `text`; `name` is what messages call it. Throws Error if there is
  // no row, no column of numbers, more columns than can be used, or none that the options name.
  TableColumns(std::string_view text, const TableLayout& layout, const std::string& name,
               const ImportOptions& options, const TableExpectation& expected);

  const TablePlan& plan() const { return plan_; }
  // Before the first row of data.
  TableScanner rows(std::string_view text, const TableLayout& layout,
                    const std::string& name) const;

  std::size_t count() const { return plan_.columns.size(); }
  bool has_header() const { return has_header_; }
  bool has_titles() const { return !titles_.empty(); }
  const std::vector<std::string>& titles() const { return titles_; }
  // What messages call a column: "column 'age'", "column 3".
  Sentence title(std::size_t column) const;
  const std::string& key(std::size_t column) const { return plan_.keys[column]; }

  // The column of labels that was asked for, or that its title gives away.
  std::optional<std::size_t> label() const { return label_; }
  // A column that counts the rows, as far as the first lines tell; kept as numbers.
  std::optional<std::size_t> counting() const { return counting_; }
  // Whether a person named the column in data.leave_out.
  bool is_left_out(std::size_t column) const { return left_out_[column]; }
  // The columns of that use, in order.
  std::vector<std::size_t> with_use(ColumnUse use) const;
  // The titles of the features; empty without titles.
  std::vector<std::string> feature_titles() const;
  // What was guessed, in whole sentences.
  const std::vector<Sentence>& notes() const { return notes_; }
  // Whether all columns were taken for data because a model takes so many, or has named its own.
  bool are_all_data() const { return all_data_; }
  // Of columns that a model knows by their titles in another order: the feature in the file's order
  // that each of its own is. Empty where the order is the file's.
  const std::vector<std::size_t>& order_for_model() const { return order_for_model_; }

 private:
  void read_sample(const std::string& name);
  void find_header(const TableLayout& layout, const ImportOptions& options,
                   const std::string& name);
  void match_header(const TableLayout& layout, const std::string& name);
  void name_columns();
  std::optional<std::size_t> column_called(const std::string& key) const;
  std::string known_columns() const;
  void leave_out_named(const ImportOptions& options, const std::string& name);
  void leave_out_row_numbers(const ImportOptions& options, const TableLayout& layout);
  void find_label(const ImportOptions& options, const std::string& name);
  void use_columns(const std::vector<ColumnKind>& kinds, const ImportOptions& options);
  void use_pixel_column(std::size_t column, const ImportOptions& options);
  void take_columns_of_model(const TrainedOn& trained, const std::string& name);
  void check_features(const std::string& name, const ImportOptions& options) const;

  TableExpectation expected_;
  std::string_view text_;
  TableScanner scanner_;             // holds what the fields of the sample point to
  std::vector<TableFields> sample_;  // the first records of data
  TableFields header_;
  TablePlan plan_;
  std::vector<std::string> titles_;
  std::vector<bool> left_out_, row_numbers_;
  std::optional<std::size_t> label_, counting_;
  bool has_header_ = false, all_data_ = false;
  bool has_one_more_ = false;  // column of numbers than the model takes
  std::vector<std::size_t> order_for_model_;
  std::vector<Sentence> notes_;
};

}  // namespace hourglass
