// Tables.
#include "core/data/import/sentences.h"

namespace hourglass {

std::span<const SentenceRow> table_sentences() {
  static constexpr SentenceRow kRows[] = {
      {"table.no_value_column",
       "'{0}' has no column with a value in every row: data.missing=median fills in what is "
       "missing, data.missing=rows leaves rows out."},
      {"table.missing",
       "In '{0}', {1} of {2} rows {1:has|have} no value: {3}. data.missing=rows leaves such "
       "rows out, data.missing=columns such columns, and data.missing=median fills in the "
       "column's median."},
      {"table.empty_columns", "Left out, for no row has a value there: {0}."},
      {"table.columns_with_gaps", "Left out, with so many values missing: {0}."},
      {"table.with_count", "{0} ({1})"},
      {"table.several",
       "'{0}' holds several tables ({1}): name one of them, or call two train.csv and "
       "test.csv."},
      {"table.test_without_labels",
       "'{0}' has a column less than the other, as one without labels has, and is left out: "
       "rows of '{1}' are held out instead."},
      {"table.label_words",
       "The {0} holds words and is taken for the labels; data.label says another, or none."},
      {"table.words_skipped", "The {0} holds words ({1}) and is not trained on."},
      {"table.words_maybe_labels",
       "The {0} holds words ({1}) and is not trained on; data.label={2} makes them the "
       "labels."},
      {"words.many", "more than 1,000 different words"},
      {"words.one", "'{0}' in every row"},
      {"words.some", "{0} different words"},
      {"table.other_columns",
       "'{0}' has other columns than '{1}': column {2} is {3} there, and {4} here; both "
       "need the same in the same order."},
      {"table.missing_column", "missing"},
      {"table.no_column_there", "no column"},
      {"table.label_missing",
       "In {0}, the label in {1} is missing, as it is in {2} of {3} rows; data.missing=rows "
       "leaves them out, data.label=none does without labels."},
      {"table.rows_left_out",
       "{0} of {1} rows of '{2}' are left out, for something is missing in them."},
      {"table.no_full_row", "'{0}' has no row in which nothing is missing."},
      {"table.labels_one_hot",
       "The labels are taken from {0}, of which one is 1 in each row; data.label=none keeps "
       "what is there as numbers."},
      {"table.labels_beside_pixels",
       "The labels are taken from {0}, which stands beside pixels; data.label=none keeps "
       "what is there as numbers."},
      {"table.no_colour", "The {0} cannot colour the map, for it has no number in some rows."},
      {"table.constant", "Column {0} has the same value in every row."},
      {"table.constants", "{0} columns have the same value in every row: {1}."},
      {"table.wide",
       "'{0}' has {1} rows of {2} numbers. A row is a sample: if each column is one, "
       "transpose the table; if each row is an image, data.shape=ROWSxCOLUMNS says so."},
      {"table.counting",
       "The {0} counts the rows and is not trained on; data.leave_out=none keeps it."},
      {"table.filled",
       "Missing values in {0} of {1} rows are filled with the median of their column's "
       "training rows."},
      {"table.no_rows_train",
       "'{0}' has no row to train on. data.test_share=0.2 divides the rows anew."},
      {"table.no_rows_test",
       "'{0}' has no row that is held out. data.test_share=0.2 divides the rows anew."},
      {"table.header_alone", "'{0}' has a header and no lines of data below it."},
      {"table.mangled_titles",
       "The first line of '{0}' is a row of data that a program has taken for titles and "
       "changed ('{1}', '{2}', ...); it is taken for titles here, too."},
      {"table.fields",
       "In {0}, there {1:is|are} {1} {1:field|fields}, and there are {2} in the header "
       "(divided by {3})."},
      {"table.no_column_left_out", "'{0}' has no column '{1}' for data.leave_out; there are {2}."},
      {"table.row_numbers",
       "The {0} is taken for row numbers and is not trained on; data.leave_out=none keeps "
       "it."},
      {"table.row_numbers_untitled",
       "The {0}, which has no title, is taken for row numbers and is not trained on; "
       "data.leave_out=none keeps it."},
      {"table.label_by_title", "The {0} is taken for the labels; data.label=none trains on it."},
      {"table.label_without_header",
       "'{0}' has no header line with names, so data.label cannot be '{1}'; it can be "
       "first, last, none, auto, or a number from 1 to {2}."},
      {"table.no_label_column", "'{0}' has no column '{1}' for data.label; there are {2}."},
      {"table.beside_pixels",
       "The {0} stands beside {1}, which has the pixels, and is not trained on."},
      {"table.too_many_columns",
       "'{0}' has {1} columns of numbers; at most {2} can be used, and a line is a sample: "
       "if each column is one, transpose the table."},
      {"table.odd_separator",
       "'{0}' has '{1}' between its fields, as it seems; commas, semicolons, tabs or blanks "
       "are read."},
      {"table.words_made_labels",
       "'{0}' has no column of numbers besides {1}, which data.label makes the labels."},
      {"table.words_taken",
       "'{0}' has no column of numbers besides {1}, which holds '{2}' and is taken for the "
       "labels."},
      {"table.words_alone", "'{0}' has no column of numbers besides {1}, which holds '{2}'."},
      {"table.all_left_out", "data.leave_out leaves no column of '{0}' to train on."},
      {"table.no_named_column",
       "'{0}' has no column with a name in its header; those without one are taken for row "
       "numbers."},
      {"table.range_words",
       "data.range cannot be '{0}'; it can be auto, own, or two numbers such as 0..255 or "
       "-1..1."},
      {"table.pixel_out",
       "Row {0} of '{1}' has a pixel of {2}, and black and white are {3} and {4}: "
       "data.range says others, data.shape=table that these are no images."},
      {"table.bad_shape",
       "data.shape cannot be '{0}' for a table; it can be auto, table, rows and columns "
       "such as 28x28, or channels, rows and columns such as 3x32x32."},
      {"table.shape_too_large",
       "data.shape={0} is larger than the {1} x {1} pixels that an image can have."},
      {"table.shape_needs",
       "data.shape={0} needs {1} numbers a row, and those of '{2}' have {3} besides the "
       "label."},
      {"table.range_for_images",
       "data.range={0} is for images, and the {1} numbers of each row of '{2}' are no "
       "square of 4 to {3} pixels a side: data.shape says how they lie."},
      {"table.emnist",
       "Its name says that '{0}' is of EMNIST, whose images lie on their sides and are "
       "shown upright; data.transpose=no leaves them as they are."},
      {"table.as_images",
       "The {0} numbers of each row are taken for an image of {1} with black {2} and white "
       "{3}; data.shape=table makes a table of them, data.range says other bounds."},
  };
  return kRows;
}

}  // namespace hourglass
