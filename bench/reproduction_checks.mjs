// What each preset must show, beyond its published figures: the runs it is compared with, and the comparisons.

// Presets that restore damaged images, and the damage (eval's --noise): that which they were trained on.
export const NOISY = {
  denoising: 'gaussian:0.5',
  'tied-denoising': 'gaussian:0.2',
  'tied-dropout': 'dropout:0.5',
};

const CODE = 32;

const dense = (units, activation) => ({ type: 'dense', units, activation });

// Units of the hidden layers of 784-h-32-h-784 that bring it nearest to `parameters`.
const hiddenUnits = (parameters) => Math.round((parameters - 784 - CODE) / (2 * 784 + 2 * CODE + 2));

// The further runs: { name, beside: the preset they are compared with, preset, set, data }. `preset(name)` gives a
// preset, `parameters(name)` how many parameters its run had, if there was one.
export function extraRuns({ preset, parameters }) {
  const runs = [];
  const convolutional = preset('convolutional');
  const count = parameters('convolutional');
  if (convolutional && count) {
    const { train, data } = convolutional.settings;
    const like = Object.fromEntries(Object.entries(train).map(([key, value]) => [`train.${key}`, value]));
    const add = (name, encoder, decoder) =>
      runs.push({
        name,
        beside: 'convolutional',
        preset: preset('vanilla'),
        data: data.set,
        set: { 'model.encoder': JSON.stringify(encoder), 'model.decoder': JSON.stringify(decoder), ...like },
      });
    const hidden = hiddenUnits(count);
    add(
      'dense-of-its-size',
      [dense(hidden, 'relu'), dense(CODE, 'relu')],
      [dense(hidden, 'relu'), dense('input', 'sigmoid')],
    );
    add('dense-of-one-layer', [dense(CODE, 'relu')], [dense('input', 'sigmoid')]);
  }
  const contractive = preset('contractive');
  if (contractive) {
    // So small a price changes nothing, and still has the Jacobian measured.
    runs.push({
      name: 'contractive-without',
      beside: 'contractive',
      preset: contractive,
      data: contractive.settings.data.set,
      set: { 'penalty.contractive': UNPRICED },
    });
  }
  return runs;
}

const UNPRICED = 1e-9;

const figure = (value) => String(Number(value.toPrecision(4)));
const list = (values) => values.map(figure).join(', ');

// Rows of [what, figures, "yes" or "no"]. `get(name)` gives a run's result on each seed, undefined where there is none;
// `restored(name)` the errors under noise; `settings(name)` a preset's settings; `pca` those of pcaErrors(), or null.
export function checks({ get, restored, settings, pca }) {
  const rows = [];
  // `figures(...results of one seed)` gives [text, holds]; a row needs all runs on all seeds.
  const compare = (what, names, figures) => {
    const results = names.map(get);
    if (results.some((list) => list.length === 0 || list.some((one) => !one?.history.length))) {
      rows.push([what, 'not run', '-']);
      return;
    }
    const outcomes = results[0].map((_, i) =>
      figures(...results.map((list) => ({ ...list[i], last: list[i].history.at(-1) }))),
    );
    rows.push([what, outcomes.map(([text]) => text).join('; '), outcomes.every(([, holds]) => holds) ? 'yes' : 'no']);
  };

  compare("`sparse`: the mean code is less than 0.6 of `vanilla`'s", ['sparse', 'vanilla'], (sparse, vanilla) => {
    const ratio = sparse.last.code_mean / vanilla.last.code_mean;
    return [`${figure(sparse.last.code_mean)} / ${figure(vanilla.last.code_mean)} = ${figure(ratio)}`, ratio < 0.6];
  });
  compare(
    '`tied-fashion`: half the parameters of `stacked-fashion`, within a twentieth',
    ['tied-fashion', 'stacked-fashion'],
    (tied, stacked) => {
      const ratio = tied.summary.parameters / stacked.summary.parameters;
      return [
        `${tied.summary.parameters} / ${stacked.summary.parameters} = ${figure(ratio)}`,
        ratio > 0.475 && ratio < 0.525,
      ];
    },
  );
  compare(
    "`tied-fashion`: test_loss within 5% of `stacked-fashion`'s",
    ['tied-fashion', 'stacked-fashion'],
    (tied, stacked) => [
      `${figure(tied.last.test_loss)} against ${figure(stacked.last.test_loss)}`,
      tied.last.test_loss < 1.05 * stacked.last.test_loss,
    ],
  );
  for (const [name, about] of [
    ['dense-of-its-size', 'a dense net with a hidden layer on each side and as many parameters (within 5%)'],
    ['dense-of-one-layer', 'the plain dense net 784-32-784'],
  ]) {
    compare(
      `\`convolutional\`: less test_mse than ${about}, same code, epochs, batch and optimizer`,
      ['convolutional', name],
      (ours, other) => {
        const size = other.summary.parameters / ours.summary.parameters;
        const comparable = name !== 'dense-of-its-size' || Math.abs(size - 1) <= 0.05;
        return [
          `${figure(ours.last.test_mse)} with ${ours.summary.parameters} parameters, ${figure(other.last.test_mse)} with ${other.summary.parameters}`,
          comparable && ours.last.test_mse < other.last.test_mse,
        ];
      },
    );
  }
  for (const [name, noise] of Object.entries(NOISY)) {
    const [kind, level] = noise.split(':');
    const errors = restored(name);
    const what = `\`${name}\`: held-out images under ${kind} noise of ${level} are nearer to the clean ones after the network than before`;
    if (errors.length === 0 || errors.some((one) => !one)) {
      rows.push([what, 'not run', '-']);
    } else {
      rows.push([
        what,
        errors.map((one) => `${figure(one.corrupted_mse)} before, ${figure(one.restored_mse)} after`).join('; '),
        errors.every((one) => one.restored_mse < one.corrupted_mse) ? 'yes' : 'no',
      ]);
    }
  }
  if (pca) {
    // Both scalings have a range of 1, so the errors compare, also with that of one picture for all.
    compare(
      '`sigmoid-sgd` learns hardly anything: no better than the mean image for every image',
      ['sigmoid-sgd'],
      (ours) => [
        `test_mse ${figure(ours.last.test_mse)}, the mean image's ${figure(pca.mean)}`,
        ours.last.test_mse >= pca.mean,
      ],
    );
    compare("`sigmoid-sgd-fixed`: less than half of the mean image's error", ['sigmoid-sgd-fixed'], (ours) => [
      `test_mse ${figure(ours.last.test_mse)}, the mean image's ${figure(pca.mean)}`,
      ours.last.test_mse < 0.5 * pca.mean,
    ]);
  }
  compare(
    "`mlp-adam-unit`: less error than `mlp-adam`, both in units of the pixels' range",
    ['mlp-adam-unit', 'mlp-adam'],
    (unit, signed) =>
      // The range from -1 to 1 is twice as wide, and errors are squared.
      [
        `${figure(unit.last.test_mse)} against ${figure(signed.last.test_mse / 4)}`,
        unit.last.test_mse < signed.last.test_mse / 4,
      ],
  );
  for (const name of ['vae', 'beta-vae']) {
    compare(`\`${name}\`: the code is in use (more than 1 nat of KL an image)`, [name], (ours) => {
      const reconstruction = 784 * ours.last.test_loss;
      const kl = ours.last.test_penalty / settings(name).penalty.kl;
      return [
        `${figure(reconstruction)} nats of cross-entropy at the code's mean + ${figure(kl)} of KL = ${figure(reconstruction + kl)}`,
        kl > 1,
      ];
    });
  }
  compare(
    "`contractive`: the squared norm of the code's derivatives is lower than without the penalty",
    ['contractive', 'contractive-without'],
    (ours, other) => {
      const norm = ours.last.test_penalty / settings('contractive').penalty.contractive;
      const free = other.last.test_penalty / UNPRICED;
      return [
        `${figure(norm)} against ${figure(free)}, test_loss ${figure(ours.last.test_loss)} against ${figure(other.last.test_loss)}`,
        norm < free,
      ];
    },
  );
  compare('`k-sparse`: exactly 85 of 100 code units are 0', ['k-sparse'], (ours) => [
    `code_zero ${list([ours.last.code_zero])}`,
    Math.abs(ours.last.code_zero - 0.85) < 1e-6,
  ]);
  if (pca) {
    compare(
      '`linear-pca`: test_mse within 2% of the PCA of the training images with 32 components',
      ['linear-pca'],
      (ours) => [
        `${figure(ours.last.test_mse)} / ${figure(pca.pca)} = ${figure(ours.last.test_mse / pca.pca)}`,
        Math.abs(ours.last.test_mse / pca.pca - 1) < 0.02,
      ],
    );
  }
  return rows;
}
