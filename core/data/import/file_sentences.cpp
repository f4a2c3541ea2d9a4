// Files and what is in them, and phrases that several kinds of data share.
#include "core/data/import/sentences.h"

namespace hourglass {

std::span<const SentenceRow> file_sentences() {
  static constexpr SentenceRow kRows[] = {
      {"list.more", "{0} and {1} more"},
      {"list.and", "{0} and {1}"},
      {"column.named", "column '{0}'"},
      {"column.number", "column {0}"},
      {"column.of_table", "column '{0}' of '{1}'"},
      {"columns.last", "the last {0} columns"},
      {"columns.first_one", "the first column"},
      {"columns.last_one", "the last column"},
      {"split.files", "as the files have it"},
      {"split.folders", "as the folders {0} and {1} have it"},
      {"split.column", "as {0} has it"},
      {"split.random", "{0}, chosen at random"},
      {"split.of_each_class", "{0} of each class, chosen at random"},
      {"split.one_in_six", "one in six"},
      {"split.one", "one"},
      {"chosen_at_random", "{0} of {1} {2} are used, chosen at random (data.most_samples)."},
      {"documents.own_split",
       "Documents keep their own split: data.test_share and data.split_seed change nothing."},
      {"files.unread", "Left out: {0}"},
      {"files.more_unread", "Left out for such reasons: {0} more."},
      {"files.left_out", "Left out: {0}."},
      {"files.one_left_out", "'{0}' is left out."},
      {"files.of_other_kinds", "Left out, for {0} is what is read of '{1}': {2}."},
      {"files.most_samples_one",
       "data.most_samples cannot be 1: two samples are the fewest, one to train on and one to hold "
       "out; 0 uses all."},
      {"documents.web_page",
       "'{0}' is a web page or XML and holds no documents; a download may have given a page in its "
       "place."},
      {"documents.json",
       "'{0}' is JSON; documents are one a line, with a label and a tab before it if they have "
       "one, or a CSV table."},
      {"files.beside", "'{0}' is read, and what lies beside it is left out."},
      {"files.no_data",
       "'{0}' holds no data: images (PNG, JPEG, BMP), arrays (IDX, .npy, .npz, .mat), "
       "tables (.csv, .tsv, .txt), documents, and CIFAR's or STL-10's .bin are."},
      {"files.gzip_twice", "'{0}' is compressed with gzip twice."},
      {"files.too_deep", "The folder '{0}' lies more than {1} folders deep."},
      {"files.too_many",
       "The folder '{0}' holds more files than the {1} that can be looked through."},
      {"files.empty_archive", "The archive '{0}' holds no files."},
      {"kind.empty", "'{0}' is empty."},
      {"kind.zip",
       "'{0}' is a ZIP archive within an archive or among other files; give it alone, or "
       "unpack it."},
      {"kind.picture", "'{0}' is a {1} image, which is not read; save it as PNG, JPEG or BMP."},
      {"kind.pdf", "'{0}' is a PDF; save its pictures as PNG or its text as .txt."},
      {"kind.hdf5",
       "'{0}' is an HDF5 file (.h5, .mat of version 7.3), which is not read; save its "
       "arrays as .npy or .npz, or from MATLAB with save(..., '-v7')."},
      {"kind.parquet", "'{0}' is a Parquet table, which is not read; save it as CSV."},
      {"kind.pickle",
       "'{0}' is a Python pickle, which may run programs and is never opened; save arrays "
       "as .npy or .npz, and PyTorch models as safetensors."},
      {"kind.sqlite", "'{0}' is a database of SQLite; save the table as CSV."},
      {"kind.archive",
       "'{0}' is an archive of a kind that is not read; unpack it, or make it a .zip."},
      {"kind.model", "'{0}' holds a model and no data; 'hourglass info' says what is in it."},
      {"kind.no_text", "'{0}' is not text; documents are text in UTF-8, and so are tables."},
      {"kind.unknown",
       "'{0}' is no file that is known as data: images (PNG, JPEG, BMP, a .zip or folder of "
       "them), arrays (IDX, .npy, .npz, .mat), tables (.csv, .tsv, .txt), documents, and "
       "CIFAR's or STL-10's .bin are."},
      {"kind.excel", "'{0}' is an Excel workbook; save the sheet as CSV."},
      {"kind.office", "'{0}' is an Office document; save its text as .txt or its pictures as PNG."},
      {"kind.open_document", "'{0}' is an OpenDocument file; save a sheet as CSV, text as .txt."},
      {"kind.pytorch",
       "'{0}' is a file of PyTorch, whose pickle may run programs and is never opened; save "
       "arrays as .npy or .npz, and models as safetensors."},
      {"kind.keras", "'{0}' is a model of Keras and holds no data."},
      {"span", "{0} to {1}"},
      {"documents.too_many",
       "The folder '{0}' holds more than the {1} MiB or the {2} files of text that can be "
       "read."},
  };
  return kRows;
}

}  // namespace hourglass
