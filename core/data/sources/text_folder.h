// Documents out of folders of text files.
#pragma once

#include <filesystem>
#include <vector>

#include "core/text/documents.h"

namespace hourglass {

// Whether `folder` has text files (.txt, also with .gz), in itself or in its subfolders.
bool has_text_files(const std::filesystem::path& folder);

// Its text files in the order of their names, first those in itself and then those of each
// subfolder, whose name is their topic; names that begin with a dot are passed over. Throws Error
// if one cannot be read or is no text in UTF-8, if none has text, or as read_documents() for what
// is too much.
Documents documents_in_folder(const std::filesystem::path& folder);

}  // namespace hourglass
