// Samples that a person makes in the page, as the files of a folder: a class is a folder, and where some are held out
// there are the folders train and test around these.

// A sample is { label, heldOut, blob }, a PNG. A name of a folder has no slashes and begins with no dot.
export function filesOfSamples(samples) {
  const parted = samples.some(({ heldOut }) => heldOut);
  return samples.map((sample, i) => {
    const folder = sample.label.replace(/[/\\]/g, '_').replace(/^\./, '_') || '_';
    const part = parted ? `${sample.heldOut ? 'test' : 'train'}/` : '';
    return { ...sample, path: `${part}${folder}/${String(i + 1).padStart(5, '0')}.png` };
  });
}

// Greys of 0 to 255, row by row, as a PNG.
export async function pngOfGreys({ rows, columns, pixels }) {
  const canvas = document.createElement('canvas');
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext('2d');
  const image = context.createImageData(columns, rows);
  pixels.forEach((grey, i) => image.data.set([grey, grey, grey, 255], 4 * i));
  context.putImageData(image, 0, 0);
  return pngOf(canvas);
}

export const pngOf = (canvas) =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('PNG'))), 'image/png');
  });
