// web/page/playground.js for the page that is one file.

import { unpackFile } from './streams.js';

export async function importPlayground() {
  const address = URL.createObjectURL(new Blob([unpackFile('hourglass.js')], { type: 'text/javascript' }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}
