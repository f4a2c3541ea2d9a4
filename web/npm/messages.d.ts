// Settings, commands and events of the engine. Made from the settings table and from
// core/session/protocol/message_fields.h by tests/session/typescript_messages_test.cpp:
// HOURGLASS_UPDATE=1 writes it anew.

export type SettingValue = boolean | number | string;

/** Every setting with its type. */
export interface Settings {
  /** At first strokes; acts with the next reset. */
  'data.set': 'mnist' | 'fashion-mnist' | 'strokes' | 'texts' | 'reuters-21578' | 'own';
  /** At first unit; acts with the next reset. */
  'data.scaling': 'unit' | 'signed' | 'negative' | 'standardised';
  /** At first false; acts with the next reset. */
  'data.clip': boolean;
  /** A whole number from 4 to 64 pixels, at first 28; acts with the next reset. */
  'data.image_side': number;
  /** At first false; acts with the next reset. */
  'data.colour': boolean;
  /** At first auto; acts with the next reset. */
  'data.label': string;
  /** At first auto; acts with the next reset. */
  'data.shape': string;
  /** At first auto; acts with the next reset. */
  'data.range': string;
  /** At first auto; acts with the next reset. */
  'data.array': string;
  /** At first empty; acts with the next reset. */
  'data.leave_out': string;
  /** At first empty; acts with the next reset. */
  'data.tiles': string;
  /** At first auto; acts with the next reset. */
  'data.header': 'auto' | 'yes' | 'no';
  /** At first refuse; acts with the next reset. */
  'data.missing': 'refuse' | 'rows' | 'columns' | 'median';
  /** At first auto; acts with the next reset. */
  'data.transpose': 'auto' | 'yes' | 'no';
  /** At first false; acts with the next reset. */
  'data.invert': boolean;
  /** At first fit; acts with the next reset. */
  'data.fit': 'fit' | 'crop' | 'stretch';
  /** At first auto; acts with the next reset. */
  'data.ground': 'auto' | 'black' | 'white';
  /** From 0 to 0.9, at first 0; acts with the next reset. */
  'data.test_share': number;
  /** A whole number from 0 to 1000000, at first 0; acts with the next reset. */
  'data.split_seed': number;
  /** A whole number from 0 to 10000000 samples, at first 0; acts with the next reset. */
  'data.most_samples': number;
  /** A whole number from 100 to 200000 images, at first 10000; acts with the next reset. */
  'data.strokes_train': number;
  /** A whole number from 100 to 20000 images, at first 2000; acts with the next reset. */
  'data.strokes_test': number;
  /** A whole number from 10 to 5000 words, at first 2000; acts with the next reset. */
  'data.vocabulary': number;
  /** At first tf-idf; acts with the next reset. */
  'data.word_weights': 'tf-idf' | 'probabilities';
  /** At first [{"type":"dense","units":32,"activation":"relu"}]; acts with the next reset. */
  'model.encoder': string;
  /** At first [{"type":"dense","units":"input","activation":"sigmoid"}]; acts with the next reset. */
  'model.decoder': string;
  /** At first glorot-uniform; acts with the next reset. */
  'model.initializer': 'glorot-uniform' | 'glorot-normal' | 'he-uniform' | 'he-normal' | 'normal';
  /** At first bce; acts with the next reset. */
  'model.loss': 'bce' | 'mse' | 'sse' | 'cce';
  /** At first none. */
  'noise.kind': 'none' | 'gaussian' | 'masking' | 'salt-and-pepper' | 'dropout';
  /** From 0 to 1, at first 0.3. */
  'noise.level': number;
  /** From 0 to 1, at first 0. */
  'penalty.activity_l1': number;
  /** From 0 to 100, at first 0. */
  'penalty.sparsity': number;
  /** From 0.001 to 0.5, at first 0.05. */
  'penalty.sparsity_target': number;
  /** From 0 to 1, at first 0. */
  'penalty.weight_l2': number;
  /** From 0 to 100, at first 0. */
  'penalty.contractive': number;
  /** From 0 to 100, at first 1. */
  'penalty.kl': number;
  /** A whole number from 0 to 1000 epochs, at first 0. */
  'penalty.kl_warmup': number;
  /** At first adam; acts with the next reset. */
  'train.optimizer': 'sgd' | 'rmsprop' | 'adadelta' | 'adam';
  /** From 1e-06 to 10, at first 0.001. */
  'train.learning_rate': number;
  /** From 0 to 0.999, at first 0. */
  'train.momentum': number;
  /** From 0 to 0.9999, at first 0.95. */
  'train.rho': number;
  /** From 0 to 0.9999, at first 0.9. */
  'train.beta1': number;
  /** From 0 to 0.99999, at first 0.999. */
  'train.beta2': number;
  /** From 1e-12 to 1, at first 1e-07. */
  'train.epsilon': number;
  /** From 0 to 1, at first 0. */
  'train.weight_decay': number;
  /** From 0 to 1000, at first 0. */
  'train.clip_norm': number;
  /** At first constant. */
  'train.schedule': 'constant' | 'stepped' | 'exponential' | 'cosine';
  /** From 0.01 to 1, at first 0.9. */
  'train.decay': number;
  /** A whole number from 0 to 10000000 steps, at first 0. */
  'train.decay_steps': number;
  /** A whole number from 0 to 1000000 steps, at first 0. */
  'train.warmup_steps': number;
  /** A whole number from 1 to 4096 images, at first 256; acts with the next reset. */
  'train.batch_size': number;
  /** A whole number from 1 to 100000 epochs, at first 50. */
  'train.epochs': number;
  /** A whole number from 0 to 1000000000 steps, at first 0. */
  'train.steps': number;
  /** From 0 to 1e+06, at first 0. */
  'train.stop_loss': number;
  /** A whole number from 0 to 1000 epochs, at first 0. */
  'train.patience': number;
  /** A whole number from 0 to 9007199254740991, at first 1; acts with the next reset. */
  'train.seed': number;
  /** A whole number from 0 to 64 threads, at first 0; acts with the next reset. */
  'train.threads': number;
  /** A whole number from 0 to 86400 seconds, at first 60. */
  'train.save_seconds': number;
  /** At first gaussian. */
  'view.noise.kind': 'none' | 'gaussian' | 'masking' | 'salt-and-pepper' | 'dropout';
  /** From 0 to 1, at first 0. */
  'view.noise.level': number;
  /** A whole number from 1 to 100 images, at first 20. */
  'view.images': number;
  /** A whole number from 0 to 2147483647, at first 0. */
  'view.image_set': number;
  /** At first set. */
  'view.image_order': 'set' | 'worst';
  /** A whole number from 100 to 20000 images, at first 10000. */
  'view.map_points': number;
  /** At first pca. */
  'view.map_plane': 'pca' | 'units';
  /** A whole number from 0 to 65535, at first 0. */
  'view.map_unit_x': number;
  /** A whole number from 0 to 65535, at first 1. */
  'view.map_unit_y': number;
  /** A whole number from 0 to 2147483647, at first 0. */
  'view.sample': number;
  /** At first none. */
  'view.tiles': 'none' | 'inputs' | 'outputs';
  /** A whole number from 0 to 1000 steps, at first 0. */
  'view.steps_per_second': number;
  /** From 2 to 1000, at first 30. */
  'tsne.perplexity': number;
  /** A whole number from 50 to 20000 iterations, at first 1000. */
  'tsne.iterations': number;
  /** From 0 to 1e+05, at first 0. */
  'tsne.learning_rate': number;
  /** From 1 to 100, at first 12. */
  'tsne.exaggeration': number;
}

/** Names that the command load_preset takes. */
export type PresetName = 'quick' | 'vanilla' | 'sparse' | 'deep' | 'deep-norm' | 'sigmoid-sgd' | 'sigmoid-sgd-fixed' | 'denoising' | 'convolutional' | 'mlp-adam' | 'mlp-adam-unit' | 'stacked-fashion' | 'tied-fashion' | 'tied-denoising' | 'tied-dropout' | 'rmsprop-relu' | 'vae' | 'beta-vae' | 'contractive' | 'k-sparse' | 'linear-pca' | 'pretrained-quick' | 'pretrained' | 'text-quick';

/** Every command with its arguments. */
export interface Commands {
  set_setting: { key: string; value: SettingValue };
  set_settings: { values: Partial<Settings> };
  load_preset: { name: string };
  run: {};
  pause: {};
  step: { count?: number };
  finish_epoch: {};
  reset: {};
  new_seed: {};
  provide_data: { name: string; train_images?: Uint8Array | ArrayBuffer | readonly number[]; train_labels?: Uint8Array | ArrayBuffer | readonly number[]; test_images?: Uint8Array | ArrayBuffer | readonly number[]; test_labels?: Uint8Array | ArrayBuffer | readonly number[]; documents?: Uint8Array | ArrayBuffer | readonly number[]; samples?: Uint8Array | ArrayBuffer | readonly number[] };
  data_failed: { name: string; message: string };
  decode: { codes?: Float32Array | ArrayBuffer | readonly number[] };
  decode_map: { points?: Float32Array | ArrayBuffer | readonly number[] };
  get_images: { indices?: Uint32Array | ArrayBuffer | readonly number[] };
  save_checkpoint: {};
  load_checkpoint: { checkpoint?: Uint8Array | ArrayBuffer | readonly number[] };
  snapshot_taken: {};
  start_job: { kind: string; arguments?: string; job: number };
  pause_job: { job: number };
  resume_job: { job: number };
  cancel_job: { job: number };
  ask_job: { job: number; question: number; arguments?: string };
  keep_run: {};
  get_kept_run: { run: number };
  load_kept_run: { run: number };
  drop_kept_run: { run: number };
  add_kept_run: { checkpoint?: Uint8Array | ArrayBuffer | readonly number[] };
  show_step: { step?: number };
  go_on_from_step: { step: number };
}

export interface LayerInfo {
  name: string;
  kind: string;
  activation: string;
  output_shape: number[];
  parameters: number;
  multiply_adds: number;
}

export interface NetworkInfo {
  layers: LayerInfo[];
  input_features: number;
  code_layer: number;
  code_size: number;
  parameters: number;
  multiply_adds: number;
  engine: string;
  threads: number;
}

export interface FactorInfo {
  name: string;
  unit: string;
  low: number;
  high: number;
}

export interface LossPoint {
  step: number;
  epoch: number;
  loss: number;
  penalty: number;
}

export interface EpochMetrics {
  epoch: number;
  train_loss: number;
  train_penalty: number;
  test_loss: number;
  test_penalty: number;
  test_mse: number;
  rounded_accuracy: number;
  code_mean: number;
  code_zero: number;
  seconds: number;
  images_per_second: number;
}

export interface DiagnosisInfo {
  kind: string;
  evidence: number[];
  sentence: string;
}

/** Every event with what it tells. */
export interface EngineEvents {
  settings_changed: {
    values: Settings;
  };
  network_info: {
    layers: LayerInfo[];
    input_features: number;
    code_layer: number;
    code_size: number;
    parameters: number;
    multiply_adds: number;
    engine: string;
    threads: number;
  };
  status: {
    phase: 'waiting_for_data' | 'paused' | 'running' | 'finished';
    step: number;
    epoch: number;
    images_per_second: number;
    pending_reset: string[];
  };
  data_wanted: {
    name: string;
  };
  data_ready: {
    name: string;
    channels: number;
    rows: number;
    columns: number;
    train_count: number;
    test_count: number;
    class_names: string[];
    map_points: number;
    map_labels: Int32Array;
    factors: FactorInfo[];
    map_factors: Float32Array;
    words: string[];
    map_texts: string[];
    feature_names: string[];
  };
  history: {
    restart: boolean;
    losses: LossPoint[];
    epochs: EpochMetrics[];
    run: number;
    goes_on_from: number;
  };
  snapshot: {
    step: number;
    epoch: number;
    complete: boolean;
    image_count: number;
    image_indices?: Uint32Array;
    image_labels?: Int32Array;
    originals?: Uint8Array;
    corrupted?: Uint8Array;
    reconstructed?: Uint8Array;
    image_errors?: Float32Array;
    map_points?: Float32Array;
    code_ranges?: Float32Array;
    sample: number;
    activations?: Float32Array;
    tile_channels: number;
    tile_rows: number;
    tile_columns: number;
    tiles?: Uint8Array;
    layer_stats?: Float32Array;
  };
  reply: {
    id: number;
    images: Float32Array;
    checkpoint: Uint8Array;
  };
  failure: {
    id: number;
    message: string;
  };
  diagnoses: {
    found: DiagnosisInfo[];
  };
  job_progress: {
    job: number;
    kind: string;
    share: number;
    stage: string;
    words: string;
    paused: boolean;
  };
  job_result: {
    job: number;
    kind: string;
    question: number;
    done: boolean;
    fields: string;
    shapes: Record<string, number[]>;
    [array: string]: unknown;
  };
  job_ended: {
    job: number;
    kind: string;
    reason: 'done' | 'cancelled' | 'failed' | 'outdated';
    message: string;
  };
  run_kept: {
    run: number;
    present: number;
    settings: Settings;
    network: NetworkInfo;
    data: string;
    data_hash: string;
    step: number;
    epoch: number;
    bytes: number;
    losses: LossPoint[];
    epochs: EpochMetrics[];
  };
  run_dropped: {
    run: number;
    deleted: boolean;
  };
  timeline: {
    steps: number[];
    epochs: number[];
    shown: number;
  };
}
