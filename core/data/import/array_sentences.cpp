// Arrays, and the sets that are stored as such.
#include "core/data/import/sentences.h"

namespace hourglass {

std::span<const SentenceRow> array_sentences() {
  static constexpr SentenceRow kRows[] = {
      {"labels.subfolders", "the subfolders"},
      {"labels.file", "the label file"},
      {"labels.files", "the label files"},
      {"labels.records", "the records"},
      {"labels.coarse", "the records' coarse labels"},
      {"labels.fine", "the records' fine labels"},
      {"labels.topics", "the topics"},
      {"labels.of_a_part",
       "Only a part of the samples has labels, and another split leaves them out."},
      {"array.left_out", "Arrays that are left out: {0}."},
      {"array.none", "'{0}' holds no array of numbers."},
      {"array.none_but", "'{0}' holds no array of numbers, but {1}."},
      {"array.no_numbers", "'{0}' is no array of numbers: its type is '{1}' and its shape {2}."},
      {"array.several_archives",
       "'{0}' holds {1} archives of arrays, the first '{2}'; give one of them."},
      {"array.another_follows", "Another array follows the first in '{0}' and is left out."},
      {"array.not_there",
       "'{0}' holds no array '{2}': {1}; data.array=NAME says which one the samples are."},
      {"array.no_samples",
       "'{0}' holds no array of samples, which has two or more dimensions: {1}; "
       "data.array=NAME says which one the samples are."},
      {"array.several_samples",
       "'{0}' holds several arrays that could be the samples: {1}; data.array=NAME says "
       "which one the samples are."},
      {"array.no_labels",
       "'{0}' holds no array '{2}' for the labels (data.label): {1}; data.label is auto, "
       "none or the name of one."},
      {"array.labels_not",
       "'{0}' is taken as the labels and not '{1}'; data.label=NAME says it otherwise."},
      {"array.labels_of",
       "'{0}' is taken as the labels of '{1}'; data.label=none reads them without."},
      {"array.rows_image",
       "Each row of '{0}' ({1} x {2}) is taken as a sample, since {3} values are an image; "
       "data.transpose=yes takes each column."},
      {"array.columns_image",
       "Each column of '{0}' ({1} x {2}) is taken as a sample, since {3} values are an "
       "image; data.transpose=no takes each row."},
      {"array.rows_more",
       "Each row of '{0}' ({1} x {2}) is taken as a sample, since there are more of them; "
       "data.transpose=yes takes each column."},
      {"array.columns_more",
       "Each column of '{0}' ({1} x {2}) is taken as a sample, since there are more of "
       "them; data.transpose=no takes each row."},
      {"array.maybe_colour",
       "If the {0} values of '{1}' are images in colour, data.shape=3x32x32 makes them that."},
      {"array.taken_as_image",
       "The {0} values of each sample of '{1}' are taken as an image of {2} pixels; "
       "data.shape=table makes them plain numbers."},
      {"array.samples_last", "The last dimension of '{0}', {1}, is taken as the {2} samples."},
      {"array.all_equal", "All values of '{0}' are {1}."},
      {"array.range",
       "The values of '{0}', {1} to {2}, are taken as {3} for black and {4} for white; "
       "data.range=LOW..HIGH says it otherwise."},
      {"array.not_finite",
       "'{0}' holds a value that is no finite number, {1} in sample {2} of {3}; "
       "numpy.nan_to_num() replaces such values, or leave out those samples."},
      {"array.bad_range",
       "data.range={0} is no range: auto, own, or LOW..HIGH (as 0..255 or -1..1) is needed."},
      {"array.dimensions",
       "{0}; (samples, features), (samples, rows, columns), (samples, rows, columns, "
       "channels) or (samples, channels, rows, columns) is needed."},
      {"array.one_dimension",
       "{0}; (samples, features), (samples, rows, columns), (samples, rows, columns, "
       "channels) or (samples, channels, rows, columns) is needed: an array of one "
       "dimension holds labels at most."},
      {"array.other_size", "{0}, and data.shape={1} is {2} values a sample and not {3}."},
      {"array.no_channels",
       "{0}: neither the second nor the last dimension can be the channels, of which there "
       "are 1 to 4; data.shape=table takes all values of a sample as plain numbers."},
      {"array.no_other_view",
       "{0}, and data.shape={1} is no other view of it, for its channels or samples come "
       "last."},
      {"array.too_many_samples", "'{0}' holds {1} samples; at most {2} can be used."},
      {"array.too_many_features", "{0}; at most {1} features can be used."},
      {"array.too_large_images", "{0}; an image may have at most {1} pixels a side."},
      {"array.bad_shape",
       "data.shape={0} is no shape: auto, table, ROWSxCOLUMNS (28x28) or "
       "CHANNELSxROWSxCOLUMNS (3x32x32, 1 to 4 channels) is needed."},
      {"array.shape_too_large",
       "data.shape={0} is too large: at most {1} x {1} pixels can be used."},
      {"array.is_shape", "'{0}' has the shape {1}"},
      {"array.other_channels", "data.shape={0} has {1} channels, but the images have {2}."},
      {"array.test_differs",
       "The samples of '{0}' are {1} and those of '{2}' {3} (channels x rows x columns); "
       "both must be the same."},
      {"array.unlabelled", "There are no labels for '{0}', so its samples have none."},
      {"array.made_smaller",
       "The images of '{0}', {1} pixels, are made {2}, for images may have at most {3} "
       "pixels a side; data.shape=ROWSxCOLUMNS makes them another size."},
      {"array.made_as_said", "The images of '{0}', {1} pixels, are made {2}, as data.shape says."},
      {"labels.not_whole",
       "'{0}' holds labels that are no whole numbers up to 1,000,000; data.label=none reads "
       "the samples without them."},
      {"labels.shape", "'{0}' has the shape {1}; labels are one whole number for each sample."},
      {"labels.rows",
       "'{0}' has the shape {1}; labels are one whole number for each sample, or a row of "
       "zeros and a single 1; data.label=none reads the samples without them."},
      {"labels.count", "'{0}' holds {1} labels, but '{2}' holds {3} samples."},
      {"labels.one_hot", "The place of the 1 in each row of '{0}' is the label."},
      {"labels.qmnist",
       "The first of the eight columns of '{0}' is the label (the digit, of QMNIST); the "
       "others say who wrote it and are left out."},
      {"labels.too_many",
       "{0}: more than {1} different ones are too many to be classes; data.label=none reads "
       "the samples without them."},
      {"idx.several", "'{0}' holds several data sets, but {1}: data.array=NAME chooses one."},
      {"idx.no_set", "'{0}' holds no data set '{2}', but {1}: data.array=NAME chooses one."},
      {"idx.one_dimension",
       "'{0}' has one dimension, and samples x features or samples x rows x columns are "
       "needed."},
      {"idx.emnist",
       "The images of '{0}' are taken as EMNIST's, which are stored with rows and columns "
       "exchanged, and are turned upright; data.transpose=no leaves them as they are."},
      {"idx.emnist_guessed",
       "The images of '{0}' are taken as EMNIST's, by their labels and size, which are "
       "stored with rows and columns exchanged, and are turned upright; data.transpose=no "
       "leaves them as they are."},
      {"idx.emnist_trained",
       "The images of '{0}' are taken as EMNIST's, as those that the model was trained on, which "
       "are stored with rows and columns exchanged, and are turned upright; data.transpose=no "
       "leaves them as they are."},
      {"idx.bad_label",
       "data.label={0} is no label of '{1}', whose labels are in a file of their own: auto "
       "or none is needed."},
      {"idx.labels_alone",
       "'{0}' holds one number a sample, as labels do; the file of the images (samples x "
       "rows x columns) is needed beside it."},
      {"binary.bytes",
       "'{0}' has {1} bytes, and a .bin is a whole number of CIFAR-10's records of 3,073 "
       "bytes, CIFAR-100's of 3,074, or STL-10's images of 27,648."},
      {"binary.label",
       "'{0}' has the label {1} in record {2}, and labels are 0 to {3}; this is no file of "
       "CIFAR's."},
      {"binary.bad_label", "data.label={0} is no label of '{1}': {2} is needed."},
      {"binary.no_names",
       "The classes are called by their numbers, for there is no {0} beside '{1}' to name "
       "them."},
      {"binary.no_images", "'{0}' holds no images '{1}' (data.array): {2} is needed."},
      {"binary.unlabelled",
       "The {0} images of '{1}', which have no labels, are left out; data.array=unlabeled "
       "takes them alone."},
      {"binary.both",
       "'{0}' holds files of CIFAR-10 and of CIFAR-100; give the folder of one of them."},
      {"projector.fields",
       "Line {0} of '{1}' has {2} numbers, and the first has {3}; numbers with tabs between "
       "are needed."},
      {"projector.no_number",
       "Line {0} of '{1}' has '{2}' where a number is needed; vectors have no header and "
       "tabs between."},
      {"projector.lines",
       "'{0}' has {1} lines for {2} vectors; a line for each is needed, and one more for "
       "the titles of columns."},
      {"projector.no_column", "'{0}' has no column '{1}' (data.label), but {2}."},
      {"projector.no_labels",
       "No column of '{0}' has values that come again, so there are no labels; "
       "data.label=COLUMN names one."},
  };
  return kRows;
}

}  // namespace hourglass
