// Codes and the latent map as tables and as NumPy's arrays.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/session/protocol/messages.h"

namespace hourglass::session {

// A field of a table: in quotes where it would end early (RFC 4180), as UTF-8.
std::string table_field(const std::string& text);

// A line for each sample that the job "codes" has encoded: its number in its part from 0, "train"
// or "test", the row of its file (from 1) and its class where they are known, and its code. Throws
// Error if `codes` is no such result.
std::string codes_csv(const JobResult& codes, const DataReady& data);
// The codes alone, samples x code size, in the order of the table.
std::vector<std::uint8_t> codes_npy(const JobResult& codes);

// A line for each point of the latent map: its number, x, y, and where they are known its class and
// the factors of its sample. Throws Error if there is no map yet.
std::string map_csv(const DataReady* data, const Snapshot* snapshot);
// The points alone, n x 2.
std::vector<std::uint8_t> map_npy(const DataReady* data, const Snapshot* snapshot);

}  // namespace hourglass::session
