// t-SNE of the same codes by npm's packages, each on one thread, neighbours included; the time of loading is not. Each
// answers { seconds, finite }.

const within = async (work) => {
  const began = performance.now();
  const map = await work();
  return { seconds: (performance.now() - began) / 1000, finite: map.every((value) => Number.isFinite(value)) };
};

const rowsOf = ({ values, numbers }) =>
  Array.from({ length: values.length / numbers }, (_, i) => values.slice(i * numbers, (i + 1) * numbers));

// codes: { values: every number of the first code, of the second ..., numbers: of each code, perplexity, iterations }
window.peer = {
  async scran({ values, numbers, perplexity, iterations }) {
    const scran = await import('/node_modules/scran.js/browser/index.js');
    await scran.initialize({ numberOfThreads: 1 });
    return within(() => {
      const index = scran.buildNeighborSearchIndex(Float64Array.from(values), {
        numberOfDims: numbers,
        numberOfCells: values.length / numbers,
        approximate: false,
      });
      const status = scran.initializeTsne(index, { perplexity, numberOfThreads: 1 });
      status.run({ maxIterations: iterations });
      const { x, y } = status.extractCoordinates();
      return [...x, ...y];
    });
  },

  // Its pool of one thread is a worker, and it does nothing without.
  async bhtsne(codes) {
    const { default: start, initThreadPool, bhtSNEf32 } = await import('/node_modules/wasm-bhtsne/');
    await start();
    await initThreadPool(1);
    const rows = rowsOf(codes);
    return within(() => {
      const encoder = new bhtSNEf32(rows, { perplexity: codes.perplexity, theta: 0.5 });
      return encoder.step(codes.iterations).flat();
    });
  },

  async druid(codes) {
    const { TSNE } = await import('/node_modules/@saehrimnir/druidjs/dist/druid.js');
    const rows = rowsOf(codes);
    return within(() =>
      [...new TSNE(rows, { perplexity: codes.perplexity }).transform(codes.iterations)].flatMap((row) => [...row]),
    );
  },
};
