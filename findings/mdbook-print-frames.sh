#!/usr/bin/env bash
# mdBook's print page mends the addresses of links and pictures, and leaves those of frames and scripts pointing nowhere.
#
# Guess: print.html holds all chapters one after the other and stands at the top of the book, so what a chapter in a folder
# names by a relative address is named anew there, in pieces of HTML as in Markdown.
# Really: the addresses of <a> and <img> are written anew. Those of <iframe>, <script>, <video> and <object> are as in the
# chapter, and "../" leads out of the book. The build says nothing, and the chapter itself is right.
# Version: mdBook 0.5.4 (Debian's package of suite forky).
# For us: chapters with frames stand at the top of src/, or use the element, whose script mdBook adds to each page by
# `additional-js` with the right address (docs/recipes.md).
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

debian_root forky mdbook=0.5.4 libc6 libgcc-s1 node-fortawesome-fontawesome-free

mkdir -p root/book/src/part
cat >root/book/book.toml <<'TOML'
[book]
title = "Course"
TOML
echo '- [Chapter](part/chapter.md)' >root/book/src/SUMMARY.md
cat >root/book/src/part/chapter.md <<'MD'
# Chapter

<a href="../page.html">a link</a>
<img src="../picture.png" alt="a picture">
<script src="../script.js"></script>
<video src="../film.webm"></video>
<object data="../page.html"></object>

<iframe src="../page.html" title="a frame"></iframe>
MD
for file in page.html picture.png script.js film.webm; do echo >root/book/src/$file; done
# Debian's mdBook reads its icons from /usr/share, so it gets a root of its own.
unshare -r chroot root /usr/bin/mdbook build /book >log 2>&1 || { cat log; exit 1; }

# addresses FILE: what the elements of the chapter name.
addresses() {
  sed -n '/<main>/,/<\/main>/p' "root/book/book/$1" |
    grep -oE '<(a|img|script|video|object|iframe) (href|src|data)="[^"#]+"' | sed "s#^<#$1: #"
}
show() {
  unshare -r chroot root /usr/bin/mdbook --version
  addresses part/chapter.html
  addresses print.html
}
says show
expect 'the version' 'mdbook v0.5.4'
expect 'the frame of the chapter' 'part/chapter.html: iframe src="../page.html"'
expect 'the link on the print page' 'print.html: a href="page.html"'
expect 'the picture on the print page' 'print.html: img src="picture.png"'
expect 'the frame on the print page' 'print.html: iframe src="../page.html"'
expect 'the script on the print page' 'print.html: script src="../script.js"'
expect 'the video on the print page' 'print.html: video src="../film.webm"'
expect 'the object on the print page' 'print.html: object data="../page.html"'
