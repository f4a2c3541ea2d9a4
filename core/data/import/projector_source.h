// Vectors with a table of what each is, as TensorFlow's Embedding Projector takes them.
#pragma once

#include "core/data/import/import.h"

namespace hourglass {

// Two texts, one called vectors, tensors or embeddings and one metadata.
bool takes_projector(const ImportRequest& request);
// vectors.tsv: a sample a line, numbers with tabs between, no header. metadata.tsv: a line for each
// sample; with several columns, their titles first. data.label says which column the labels are;
// else it is the first whose values come again. Throws Error with a sentence that names the line.
Imported import_projector(const ImportRequest& request);

}  // namespace hourglass
