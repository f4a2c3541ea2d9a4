#!/usr/bin/env bash
# Pandoc's --embed-resources makes a frame a picture: it gets role="img", a data: address, and loses what its address asked for.
#
# Guess: of <iframe src="page.html?level=2"> the page is put into the document, as srcdoc or in another way in which it still
# gets "?level=2"; what the frame is to those who hear the page stays.
# Really: src becomes data:text/html,... of the file; the query is gone, as such an address has none; and role="img" is
# added, as to an <svg>, after which a screen reader tells of one picture and nothing that is in it can be reached. What the
# page itself names by relative addresses is not looked for. Pandoc 2.17 did the first two, without the role.
# Version: pandoc 3.11 (Debian's package of suite forky). Quarto's `embed-resources` is this.
# For us: data-external="1" on frames in such documents, or the page of one file without settings in its address
# (docs/recipes.md).
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

debian_root forky pandoc=3.11 pandoc-data=3.11 libc6 libffi8 libgmp10 liblua5.4-0 libnuma1 libyaml-0-2 zlib1g

pandoc() {
  root/usr/lib64/ld-linux-x86-64.so.2 --library-path root/usr/lib/x86_64-linux-gnu root/usr/bin/pandoc \
    --data-dir root/usr/share/pandoc/data "$@"
}
cat >page.html <<'HTML'
<!doctype html>
<title>Page</title>
<script src="script.js"></script>
HTML
echo 'document.title += location.search;' >script.js
cat >course.md <<'MD'
<iframe src="page.html?level=2" title="An exercise" height="300"></iframe>
MD
show() {
  pandoc --version | head -n 1
  pandoc course.md | tr -d '\n' | sed 's/^/without: /'
  echo
  # The letters of its address that stand for others, where these can be read.
  pandoc --embed-resources course.md | tr -d '\n' | sed -e 's/^/with: /' -e 's/%3C/</g; s/%3E/>/g; s/%0A//g; s/%20/ /g; s,%2F,/,g'
  echo
  sed 's/<iframe/& data-external="1"/' course.md | pandoc --embed-resources | tr -d '\n' | sed 's/^/data-external: /'
  echo
}
says show
expect 'the version' 'pandoc 3.11'
expect 'a frame without the option' 'without: <iframe src="page.html?level=2" title="An exercise" height="300"></iframe>'
expect 'a frame that is left alone' 'data-external: <iframe data-external="1" src="page.html?level=2" title="An exercise" height="300"></iframe>'
expect 'a frame that is embedded' 'with: <iframe role="img" src="data:text/html,<%21doctype html><title>Page</title><script src%3D%22script%2Ejs%22></script>" title="An exercise" height="300"></iframe>'
