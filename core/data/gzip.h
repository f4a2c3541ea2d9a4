// The gzip container (RFC 1952), in memory.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hourglass {

// Whether `bytes` begin like a gzip file.
bool is_gzip(std::span<const std::uint8_t> bytes);

// The content of a gzip file of one or several members; their checksums are verified. `name` is
// what messages call it. Throws Error if it is damaged, cut short, followed by something else, or
// holds more than `most_bytes`. On the web this always throws: there the page decompresses before
// the bytes come here.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, const std::string& name,
                                 std::uint64_t most_bytes);

// `bytes` as a gzip file of one member. Throws Error on the web.
std::vector<std::uint8_t> gzip(std::span<const std::uint8_t> bytes);

}  // namespace hourglass
