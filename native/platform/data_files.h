// Where a native program finds its data sets.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/data/import/import.h"
#include "core/session/protocol/messages.h"
#include "core/session/settings/settings.h"
#include "core/text/documents.h"
#include "core/text/word_input.h"

namespace hourglass {

// $HOURGLASS_DATA_DIR, or "data" below the current folder: holds mnist/ and fashion-mnist/.
std::filesystem::path data_folder();

// Whether the files of `name` are there; those of "texts" are built in.
bool has_data(const std::string& name);

// "texts" and "reuters-21578": documents.
bool is_document_set(const std::string& name);
// Those of one of the two. Throws Error that says how to get them.
Documents document_set(const std::string& name);
// Those in a person's own file, or in a folder of text files; `entities` as in DocumentFormat.
// Throws Error if they cannot be read.
Documents documents_at(const std::filesystem::path& path, bool entities = false);

// The data set `name`, from data_folder() or built in. The settings data.vocabulary and
// data.word_weights say what is made of documents, unless `known` are the words of a model that
// they are for. Throws Error that says how to get it.
Dataset load_data(const std::string& name, const session::Settings& settings,
                  const WordInput* known = nullptr);

// A person's own file or folder, told from its contents (core/data/import/import.h), unscaled. The
// settings data.* say how it is to be read. The data set is called as the file or folder is, in
// UTF-8. Throws Error if `path` is not there or nothing that is read.
Imported import_path(const std::filesystem::path& path, const session::Settings& settings,
                     const WordInput* known = nullptr);
Imported import_path(const std::filesystem::path& path, const ImportOptions& options,
                     const WordInput* known = nullptr);
// The data set alone; what was guessed or left out is added to `notes`, if it is not null.
Dataset load_data_path(const std::filesystem::path& path, const ImportOptions& options,
                       const WordInput* known = nullptr, std::vector<std::string>* notes = nullptr);

// What a path may be, as a part of a sentence.
inline constexpr const char* kDataPathKinds =
    "a file, folder or zip of images (PNG, JPEG, BMP), arrays (IDX, .npy, .npz, .mat), a table "
    "(.csv, .tsv, .txt) or documents";

// The answer to the session's DataWanted: the bytes of its files, or why they cannot be had.
session::Command answer_data_wanted(const std::string& name);

}  // namespace hourglass
