// Images in files of their own.
#include "core/data/import/sentences.h"

namespace hourglass {

std::span<const SentenceRow> image_sentences() {
  static constexpr SentenceRow kRows[] = {
      {"images.left_out", "{0} {0:image is|images are} left out: {1}"},
      {"images.left_out_of", "{0} {0:image|images} in {1} {0:is|are} left out: {2}"},
      {"images.why_beside", "they lie beside the folders {0} and {1}."},
      {"images.why_held_out", "{0} is what is held out."},
      {"images.why_no_classes",
       "they have no classes, and those of {0} have; data.label=none uses all of them, "
       "without classes."},
      {"images.mixed_folder",
       "The folder '{0}' has images in itself and in its subfolder '{1}'; put all of them "
       "into subfolders, which are the classes, or none, or say data.label=none to have no "
       "classes."},
      {"images.beside_classes",
       "{0} {0:image|images} in '{1}' beside the folders of the classes {0:is|are} left out "
       "('{2}')."},
      {"images.deep",
       "Some images lie in folders within folders: the first one is the class, and "
       "data.label=last takes the innermost."},
      {"images.folders_no_classes",
       "The folders in {0} are no classes, because those images that are trained on have "
       "none."},
      {"images.bad_label",
       "data.label='{0}' says nothing about images in folders: it is auto or first (an "
       "image's class is its first folder), last (its innermost) or none."},
      {"images.damaged",
       "{0} {0:file is|files are} left out ({1}): empty or damaged, as what it begins with "
       "is no picture."},
      {"images.not_read",
       "{0} {0:picture is|pictures are} left out ({1}) of a kind that is not read; PNG, "
       "JPEG and BMP are."},
      {"images.no_picture", "{0} {0:file is|files are} left out ({1}): no picture."},
      {"images.no_label",
       "'{0}' has no label for {1} {1:image, which is|images, which are} left out ({2}); "
       "data.label=none uses all of them, without classes."},
      {"images.too_many",
       "'{0}' holds {1} images of {2} values each, more than the {3} that can be used; "
       "data.most_samples={3} chooses among them."},
      {"images.too_many_or_large",
       "'{0}' holds {1} images of {2} values each, more than the {3} that can be used; "
       "data.most_samples={3} chooses among them, and a smaller data.image_side takes less "
       "room."},
      {"images.more_than_room",
       "There are more images than the {0} that can be used; data.most_samples={0} chooses "
       "among them, and smaller ones (data.image_side) take less room."},
      {"images.all_equal",
       "All images are the same, every pixel {0} of 255: there is nothing to be seen in "
       "them."},
      {"images.hardly_any",
       "Hardly anything is to be seen: all pixels are {0} of 255; data.range={0} makes "
       "those black and white."},
      {"images.plain", "{0} of {1} {0:images is|images are} of one plain colour."},
      {"images.one_sample",
       "'{0}' holds one sample; at least two are needed, one to train on and one to hold "
       "out, and data.tiles=28x28 cuts a sheet of images into tiles of that size."},
      {"images.one_sample_left",
       "'{0}' holds one sample; at least two are needed, one to train on and one to hold "
       "out, and data.tiles=28x28 cuts a sheet of images into tiles of that size. {1}"},
      {"images.none", "'{0}' holds no images."},
      {"images.unreadable",
       "{0} of {1} {1:image|images} cannot be read and {0:is|are} left out: {2}. {3}"},
      {"images.smaller_than_tile",
       "'{0}' has {1} rows and {2} columns of pixels, fewer than a tile has by "
       "data.tiles={3}."},
      {"images.sheets", "Each file is a sheet of tiles of {0} x {1} pixels."},
      {"images.cut_off",
       "The sides of {0} {0:sheet|sheets} are no multiples of a tile's: what is left at the "
       "right and at the bottom is no tile."},
      {"images.blank_tiles",
       "{0} {0:tile|tiles} of one colour at the end of sheets {0:is|are} left out."},
      {"images.resized_one",
       "The images have {0} rows and {1} columns of pixels and are made {2}."},
      {"images.resized_keep",
       "The images have {0} rows and {1} columns of pixels and are made {2}; "
       "data.shape={0}x{1} keeps them as they are."},
      {"images.resized",
       "The images have {0} rows and {1} columns of pixels and are made {2} (data.shape, "
       "data.image_side)."},
      {"images.padded_black",
       "{0} {0:image|images} of other proportions {0:is|are} padded with black "
       "(data.ground); data.fit is fit, crop or stretch."},
      {"images.padded_white",
       "{0} {0:image|images} of other proportions {0:is|are} padded with white "
       "(data.ground); data.fit is fit, crop or stretch."},
      {"images.padded",
       "{0} {0:image|images} of other proportions {0:is|are} padded; data.fit is fit, crop "
       "or stretch."},
      {"images.cut",
       "{0} {0:image|images} of other proportions {0:is|are} cut; data.fit is fit, crop or "
       "stretch."},
      {"images.distorted",
       "{0} {0:image|images} of other proportions {0:is|are} distorted; data.fit is fit, "
       "crop or stretch."},
      {"images.ground_white",
       "Behind the transparent pixels of {0} {0:image|images} is white; data.ground=black "
       "puts the other there."},
      {"images.ground_black",
       "Behind the transparent pixels of {0} {0:image|images} is black; data.ground=white "
       "puts the other there."},
      {"images.deep_white",
       "Images of 16 bits hold no value above {0}, which is taken for white; "
       "data.range=0..65535 leaves them darker."},
      {"images.made_grey",
       "The images are in colour and made grey; data.colour=true keeps the colours."},
      {"images.bad_tiles",
       "data.tiles='{0}' are no sides of tiles: 28x28 is an example (rows and columns in "
       "pixels)."},
      {"images.bad_shape",
       "data.shape={0} is no shape of images from files: 20x60 (rows and columns, 2 to {1} "
       "pixels each) and 3x32x32 (in colour) are."},
      {"images.bad_range",
       "data.range={0} is no range: 0..255 (which numbers are black and white), auto and "
       "own are."},
  };
  return kRows;
}

}  // namespace hourglass
