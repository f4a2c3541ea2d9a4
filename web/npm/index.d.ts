// The bare engine of Hourglass: what createEngine() takes and gives. web/client/engine_client.js is the implementation.

import type {
  Commands,
  DiagnosisInfo,
  EngineEvents,
  EpochMetrics,
  LossPoint,
  NetworkInfo,
  Settings,
} from './messages.js';

export * from './messages.js';

export interface EngineOptions {
  /** How many threads; by default availableThreads(). More than one need SharedArrayBuffer. */
  threads?: number;
  /** "fma" (relaxed SIMD) or "simd"; by default the faster one that runs here. */
  simd?: 'fma' | 'simd';
  /** Whether the engine runs in a worker: true in pages by default; in Node it runs in the caller's thread. */
  worker?: boolean;
  /** URL of the folder with the engine's files (this package's dist/), for whoever bundles the module. */
  files?: string | URL;
  /** URL of a folder with data sets and their index.json. */
  dataFolder?: string | URL | null;
  /** The files of a data set, in place of dataFolder; without a worker only. */
  loadData?: (name: string, more: LoadDataOptions) => Promise<Partial<Record<DataPart, Uint8Array>>>;
  /** For sentences about data that cannot be had: "en" by default. */
  language?: 'en' | 'zh';
}

/** Raw bytes of IDX files, or of a file of documents. */
export type DataPart = 'train_images' | 'train_labels' | 'test_images' | 'test_labels' | 'documents' | 'samples';

export interface LoadDataOptions {
  onProgress(fraction: number): void;
  signal: AbortSignal;
}

/** What the last events have said. */
export type EngineState = EngineEvents['status'] & {
  /** Newest point of the training curve; null before the first. */
  loss: number | null;
  /** Those of the last whole epoch, or null. */
  metrics: EpochMetrics | null;
  network: NetworkInfo | null;
  data: EngineEvents['data_ready'] | null;
  diagnoses: DiagnosisInfo[];
};

/** What a command is answered with; an array that the command does not ask for is empty. */
export type Answer = Partial<Omit<EngineEvents['reply'], 'id'>>;

/** Events by name, with those that come from the client itself. */
export interface ClientEvents extends EngineEvents {
  data_progress: { name: string; fraction: number };
  /** The engine in its worker has not answered for so long; null: it has again. */
  silent: { seconds: number | null };
  /** The engine is gone. */
  fatal: Error;
}

type Heard<Name extends keyof ClientEvents> = Name extends keyof EngineEvents
  ? EngineEvents[Name] & { event: Name }
  : ClientEvents[Name];

export interface Engine {
  /** How many threads it runs on. */
  readonly threads: number;
  /** Sends a command. Rejected with an Error whose message is one sentence. */
  command<Name extends keyof Commands>(
    name: Name,
    ...args: {} extends Commands[Name] ? [Commands[Name]?] : [Commands[Name]]
  ): Promise<Answer>;
  /** Sets one setting; text is read as the settings table says for that key. */
  set<Key extends keyof Settings>(key: Key, value: Settings[Key] | string): Promise<Answer>;
  get<Key extends keyof Settings>(key: Key): Settings[Key];
  settings(): Settings;
  state(): EngineState;
  /** The curves since the start of the run. */
  history(): { losses: LossPoint[]; epochs: EpochMetrics[] };
  /** The images and the latent map as last shown, every part the newest there is; null before the first. */
  snapshot(): EngineEvents['snapshot'] | null;
  /** Calls back with every event of that name, "*": with all. Returns a function that ends it. */
  on<Name extends keyof ClientEvents>(name: Name, callback: (event: Heard<Name>) => void): () => void;
  on(name: '*', callback: (event: unknown) => void): () => void;
  /** Ends the engine, its worker and threads. Commands that wait are rejected. */
  close(error?: Error): void;
}

/** Resolves when there is a network to train, on the built-in data set. */
export function createEngine(options?: EngineOptions): Promise<Engine>;

/** How many threads the engine may use here, 8 at most. */
export function availableThreads(): number;
