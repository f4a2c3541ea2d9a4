// The job "search": similar images, by their codes and by their pixels.
#pragma once

#include <memory>

#include "core/session/engine/job_kinds.h"

namespace hourglass::session {

// Finds the nearest of every held-out sample by the codes that the network makes when the job
// starts and by the samples themselves, in the model's scale, and stays to be asked. Argument:
//   samples  how many of the held-out ones, from the first on, are searched; a whole number from
//            11, by default and at most as many as there are and as have 2^23 numbers all together
// It gives the fields
//   samples, code_size, nearest (how many neighbours are looked at: 10), and where samples have
//   labels, null elsewhere,
//   precision_code, precision_pixels  see precision_at(), of the 10 nearest of each sample
//   chance                            what it would be of samples drawn at random
//
// A question's arguments:
//   sample  the number of a held-out sample; or
//   pixels  a list of numbers from 0 to 1: an image as it is shown, and not a held-out one
//   noise, level, seed  what is done to the query first (see Corruption); by default nothing
// Its answer has, nearest first and without the query itself,
//   query           features: bytes as in Snapshot, the query with its noise
//   code_indices    10: numbers of held-out samples
//   code_distances  10: Euclidean, of codes
//   code_images     10 x features: bytes
//   code_labels     10: their classes; 2^32 - 1 for a sample without one
//   pixels_indices, pixels_distances, pixels_images, pixels_labels  the same by pixels
// and the fields
//   label           the query's class, null without one
//   code_kept, pixels_kept              the share of the query's nearest without noise that are
//                                       among its nearest with it
//   code_kept_mean, pixels_kept_mean    the same on average over `probes` samples with that noise
std::unique_ptr<Job> make_search_job(JobArguments& arguments, const JobContext& context);

}  // namespace hourglass::session
