// Tables of numbers in text files: comma-separated values and their kin.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/dataset.h"
#include "core/data/import/import_options.h"
#include "core/data/import/table_columns.h"
#include "core/data/import/table_pixels.h"

namespace hourglass {

// A table's rows as samples, in their order.
struct Table {
  ImageShape shape;
  Samples samples;                         // with labels and factors
  std::vector<std::string> class_names;    // sorted as labels_from_texts() does it; empty without
  Sentence labels_from;                    // "column 'kind'", "the first column"; "" without labels
  std::vector<std::string> feature_names;  // of the features' columns; empty without titles
  std::vector<Factor> factors;             // columns that data.leave_out names
  std::vector<bool> held_out;              // one a row, where file or files say so; else empty
  Sentence split_by;                       // how they say so
  std::int64_t left_out = 0;               // rows that are not among the samples
  NumberRange range;                       // of the file's numbers; of images, black and white
  FileReading reading;                     // of images
  std::vector<Sentence> notes;             // whole sentences: what was guessed and left out
  std::vector<std::string> columns;        // all of them, by title or number
};

// The bytes of a file and what messages call it.
struct TableFile {
  std::span<const std::uint8_t> bytes;  // plain or, where gunzip() does, compressed with gzip
  std::string name;
};

// Reads a table in one file, or in two with the same columns, of which the second holds the
// held-out rows.
// - Fields are divided as layout_of() tells. The first line is a header if first_line_of() or the
//   options say so.
// - Columns without a title, called id or index, or a first one that counts the rows are no
//   features, nor are those of words, of which one may be the label.
// - The label is the column that the options name; for "auto" the one titled label or class, else
//   the one of words (of several, that with the fewest different ones), else numbers beside the
//   pixels of an image.
// - A column titled usage or split whose words are train, test and the like divides the rows.
// - Whether the rows are images, samples_of_values() tells.
// Memory beside the file: at most four bytes for each number. Throws Error, naming the line, for
// what the readers below do not take, for missing values unless the options say what becomes of
// them, and for labels that are missing or more than kMaxClasses.
Table read_table(std::span<const TableFile> files, const ImportOptions& options,
                 std::size_t features_of_model = 0);

// One file with no options but that of the label, as settings of the same name say it.
Table read_table(std::span<const std::uint8_t> file, const std::string& name,
                 const std::string& label = "auto");

// The table as a data set called `set`. What the file does not divide is divided as
// split_samples() does it. `name` is what messages call it. Takes the samples.
Dataset dataset_of_table(Table& table, const std::string& set, const std::string& name,
                         const ImportOptions& options);
Dataset dataset_of_table(std::span<const std::uint8_t> file, const std::string& name,
                         const std::string& set, const std::string& label = "auto");

}  // namespace hourglass
