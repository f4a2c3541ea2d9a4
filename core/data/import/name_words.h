// The words that a file's name is made of, and what they say of it.
#pragma once

#include <string>
#include <vector>

namespace hourglass {

// Which split a name speaks of.
enum class NamedSplit { kNone, kTrain, kTest, kValidation };

// The parts of a path in small letters, cut at everything but letters and digits, ".gz" left out:
// "emnist-letters-train-images-idx3-ubyte.gz" is emnist, letters, train, images, idx3, ubyte.
// A capital letter after a small one begins a word, too: "trainImages" is train, images.
std::vector<std::string> words_of_name(const std::string& path);

// train, training; test, testing, t10k, test10k; val, valid, validation, dev.
NamedSplit split_of_word(const std::string& word);
// The first of the words that is one.
NamedSplit split_of_words(const std::vector<std::string>& words);

// label, labels, y, target, targets, class, classes, gnd.
bool is_label_word(const std::string& word);
// images, image, img, imgs, x, data, samples, features, pixels, fea.
bool is_sample_word(const std::string& word);

}  // namespace hourglass
