// Images as the front end shows them.
#pragma once

#include "core/data/dataset.h"
#include "core/math/types.h"
#include "core/session/protocol/messages.h"

namespace hourglass::session {

// A byte for each number of `scaled` (features x images), which is in the model's units: 0, black,
// at the low end of the data's range, 255, white, at its high end. A number that is not finite is
// black.
Bytes image_bytes(const Matrix& scaled, const ValueRange& range);

// The same of samples of `data`, where a document has 255 for its largest number: most of its words
// are so far from the high end that they would be black.
Bytes sample_bytes(const Matrix& scaled, const Dataset& data);

// 128 for zero, 255 and 1 for plus and minus the largest magnitude of each column.
Bytes signed_bytes(const Matrix& tiles);

}  // namespace hourglass::session
