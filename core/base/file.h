// Whole files in, whole files out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

namespace hourglass {

// The bytes of `path`. Throws Error if it cannot be read or holds more than `most_bytes`.
std::vector<std::uint8_t> read_file(const std::filesystem::path& path,
                                    std::uint64_t most_bytes = std::uint64_t{4} << 30);

// Replaces `path` by `bytes`: writes beside it, flushes to the disk and renames, so that a crash or a
// full disk leaves either the old file or the new one, never half of one. Throws Error.
void write_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

}  // namespace hourglass
