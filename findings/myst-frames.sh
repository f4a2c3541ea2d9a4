#!/usr/bin/env bash
# MyST leaves elements that it does not know out of the book, and of a frame keeps the address alone, without a word.
#
# Guess: HTML in the Markdown goes into the page as it is, as CommonMark has it and as MyST-Parser does for Sphinx; a file
# that a frame names by a relative address is copied as that of a link is; and what is left out, --strict makes an error.
# Really: the HTML is read into MyST's own tree. <script>, <object> and the tags of a custom element are gone; words within
# the latter stay. An <iframe> keeps its address and title, gets a width of 100% whatever it had, and loses height, allow,
# loading and sandbox. The file that a link names is copied, under another name; one that only a frame names is not there
# afterwards. The build says nothing of any of this and ends well, with --strict, too.
# Version: mystmd 1.8.3.
# For us: in MyST only {iframe} and an address that is there after the build (docs/recipes.md).
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/common.sh"

npm_packages mystmd@1.8.3
PATH=$PWD/node_modules/.bin:$PATH

mkdir book && cd book
cat >myst.yml <<'YAML'
version: 1
project:
  title: Course
site:
  title: Course
  template: ./
YAML
# The themes come from a server of its own; what goes into the page is the same without one.
printf 'jtex: v1\nkind: site\ntitle: none\nversion: 1.0.0\noptions: []\n' >template.yml
echo '<p>A page</p>' | tee framed.html >linked.html
cat >index.md <<'MD'
# Chapter

[a link](linked.html)

<iframe src="framed.html" title="a frame" width="90%" height="720" allow="fullscreen" loading="lazy" sandbox="allow-scripts"></iframe>

<course-element>inside</course-element>

<script src="script.js"></script>

<object data="framed.html"></object>
MD
show() {
  echo "version $(myst --version)"
  myst build --site --strict </dev/null >log 2>&1
  echo "myst build --strict ended with $?"
  echo "warnings and errors: $(grep -cE '⚠|⛔|rror' log || true)"
  node -e "
    const { mdast } = JSON.parse(require('fs').readFileSync('_build/site/content/index.json'));
    const nodes = [];
    const visit = (node) => { nodes.push(node); (node.children ?? []).forEach(visit); };
    visit(mdast);
    const { key, ...frame } = nodes.find(({ type }) => type === 'iframe');
    console.log('the frame:', JSON.stringify(frame));
    console.log('the link:', nodes.find(({ type }) => type === 'link').url.replace(/-[0-9a-f]{32}/, '-HASH'));
    console.log('of the others is left:', JSON.stringify(mdast).match(/course-element|inside|script|object/g)?.join(' '));
  "
  for file in linked framed; do echo "copies of $file.html: $(find _build/site/public -name "$file*.html" | wc -l)"; done
}
says show
expect 'the version' 'version v1.8.3'
expect 'the end of the build' 'myst build --strict ended with 0'
expect 'warnings' 'warnings and errors: 0'
expect 'what is left of a frame' 'the frame: {"type":"iframe","src":"framed.html","width":"100%","title":"a frame"}'
expect 'the address of a link' 'the link: /linked-HASH.html'
expect 'custom elements and scripts' 'of the others is left: inside'
expect 'the file of a link' 'copies of linked.html: 1'
expect 'the file of a frame' 'copies of framed.html: 0'
