// The job "documents": documents as points, found by words and places, beside LSA.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Encodes the documents of the data set (up to 4,000 of those that are trained on, which are
// searched, and up to 400 held-out ones, which ask for them), finds LSA's codes of as many numbers
// as the network's (Lsa), and stays to be asked. No arguments. It gives the fields
//   documents, searched, code_size, words
//   titles            the first words of each document: the searched ones, then those that ask
//   tfidf_precision_at_10, lsa_precision_at_10    see RetrievalQuality; not there if unmeasured
//   unmeasured        why nothing could be measured, or "": "labels", "topics" (there are not two),
//                     "few" (documents), "queries" (none has a topic); "lsa": a code too large for
//                     LSA, which alone is not measured then
// and the arrays
//   labels            documents: their classes; 2^32 - 1 without one
//   terms             documents x 6: the strongest words of each; 2^32 - 1 where it has fewer
//   retrieved, tfidf_precision, tfidf_recall, lsa_precision, lsa_recall     of RetrievalQuality
// with those of an answer by the network as it is when the job starts.
//
// A question's arguments, all of them optional:
//   refresh   a number; another one than before takes the network as it is by now
//   query     a text; or
//   document  the number of a document; or
//   place     two numbers: a place on the map
// Its answer has
//   points    documents x 2: the code, of more than two numbers in the plane where they are widest
//   code_precision, code_recall, and the field code_precision_at_10: as above, by codes
// and of what was asked for
//   at        2: where that is on the map
//   nearest, distances   up to 10 documents, nearest code first, without the one asked for
//   expected, shares     up to 12: the words that the decoder expects there most, and their shares
//   query_words          of a query, the numbers of its words that are known; where there are none,
//                        it is nowhere, and the three above are missing
std::unique_ptr<Job> make_documents_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
