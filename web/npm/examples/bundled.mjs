// The same in a script that a bundler makes: esbuild bundled.mjs --bundle --format=esm --outfile=page.js
// The engine is in it; a page needs nothing but <script type="module" src="page.js"></script>.

import { createEngine } from 'hourglass-engine/inline';

const line = document.body.appendChild(document.createElement('p'));
line.id = 'loss';

const engine = await createEngine();
await engine.command('load_preset', { name: 'quick' });
engine.on('history', () => {
  const { step, loss } = engine.state();
  line.textContent = `step ${step}, loss ${loss?.toFixed(4)}`;
});
await engine.command('run');
