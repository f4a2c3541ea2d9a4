// What is known of the finished site. web/build-site.mjs writes this file anew beside the page; this version
// stands for "nothing known", for whoever serves the modules without it.

// Unpacked bytes of each file that has a progress bar, by name.
export const fileSizes = {};
