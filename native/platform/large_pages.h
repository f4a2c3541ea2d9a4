// Large pages for what is allocated from here on, where the system gives them to those who ask.
#pragma once

namespace hourglass {

// To be called once, at the start of a program: training strides through several megabytes at each
// step, more small pages than a processor remembers the places of. Does nothing where there is no
// such thing.
void use_large_pages();

}  // namespace hourglass
