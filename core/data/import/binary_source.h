// CIFAR-10's, CIFAR-100's and STL-10's binary files as data.
#pragma once

#include "core/data/import/import.h"

namespace hourglass {

bool takes_binary(const ImportRequest& request);
// CIFAR (Krizhevsky, "Learning multiple layers of features from tiny images"): records of one label
// byte (CIFAR-100: a coarse and a fine one) and 3 x 32 x 32 bytes, plane by plane, row by row.
// STL-10 (Coates, Ng and Lee, "An analysis of single-layer networks in unsupervised feature
// learning"): images of 3 x 96 x 96 bytes, plane by plane, column by column, and labels 1..10 in a
// file of their own. Files called test are held out; names of classes are in texts beside.
// data.label=coarse takes CIFAR-100's 20 superclasses. Throws Error with a sentence that says what
// would work.
Imported import_binary(const ImportRequest& request);

}  // namespace hourglass
