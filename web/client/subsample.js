// A part of files that are too many or too large: spread evenly over all of them, so that every class and every time has
// its share. Nothing of them is read but where lines end.

const PICTURE = /\.(png|jpe?g|bmp)$/i;
const TABLE = /\.(csv|tsv|txt)$/i;
const BLOCKS = 64; // of a table
const LINE = 2 ** 18; // bytes in which a line ends, at most

const bytesOf = (files) => files.reduce((sum, { blob }) => sum + blob.size, 0);

// What can be offered of files: { used, of, unit, take() }, which resolves with files, or null.
export function subsampleOf(files, { mostBytes, mostFiles }) {
  const pictures = files.filter(({ path }) => PICTURE.test(path));
  const others = files.filter(({ path }) => !PICTURE.test(path));
  if (files.length === 1 && TABLE.test(files[0].path)) return partOfTable(files[0], mostBytes);
  // What says something about pictures is small, and wanted whole.
  const left = mostBytes - bytesOf(others);
  if (pictures.length < 2 || others.length > mostFiles / 2 || left < mostBytes / 2) return null;
  const used = Math.min(
    pictures.length,
    mostFiles - others.length,
    Math.floor((0.97 * left * pictures.length) / Math.max(1, bytesOf(pictures))),
  );
  if (used < 2) return null;
  const take = async () => {
    const sorted = [...pictures].sort((a, b) => (a.path < b.path ? -1 : 1));
    const chosen = Array.from({ length: used }, (_, i) => sorted[Math.floor((i * sorted.length) / used)]);
    return [...others, ...chosen];
  };
  return { used, of: pictures.length, unit: 'files', take };
}

function partOfTable({ path, blob }, mostBytes) {
  const megabytes = (bytes) => Math.floor(bytes / 2 ** 20);
  const take = async () => {
    const parts = [];
    const block = Math.floor((0.99 * mostBytes) / BLOCKS);
    const line = Math.min(LINE, Math.floor(block / 8));
    for (let i = 0; i < BLOCKS; i += 1) {
      const begin = Math.floor((i * blob.size) / BLOCKS);
      const from = i === 0 ? 0 : await lineAfter(blob, begin, line);
      const to = await lineAfter(blob, Math.min(blob.size, begin + block - 2 * line), line);
      if (to > from) parts.push(blob.slice(from, to));
    }
    return [{ path, blob: new Blob(parts) }];
  };
  return { used: megabytes(mostBytes), of: megabytes(blob.size), unit: 'megabytes', take };
}

// Where the line after a place begins; the end where no line ends within `line` bytes.
async function lineAfter(blob, place, line) {
  if (place >= blob.size) return blob.size;
  const bytes = new Uint8Array(await blob.slice(place, place + line).arrayBuffer());
  const end = bytes.indexOf(10);
  return end < 0 ? Math.min(blob.size, place + line) : place + end + 1;
}
