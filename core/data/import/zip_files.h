// The files of a ZIP archive.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/sentence.h"
#include "core/data/import/file_set.h"

namespace hourglass {

// Those of the archive `bytes` that a person put there: folders, "__MACOSX/" and names that begin
// with a dot are passed over, and a folder that holds all of them is left out of their paths. Of
// two with the same path the last counts, as in an archive that was added to. Each is unpacked when
// it is asked for. `name` is what messages call the archive. Throws Error as ZipArchive does, or if
// it holds no files.
std::unique_ptr<FileSet> files_in_zip(std::vector<std::uint8_t> bytes, std::string name);

// Why such files are no data although programs keep their own in ZIP archives (Office documents,
// PyTorch's .pt, Keras's .keras): a sentence. "" for others.
Sentence refusal_of_archive(const FileSet& files);

}  // namespace hourglass
