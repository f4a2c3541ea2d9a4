// The arguments that each command takes, fields by their kind and arrays by their dtype
// (arguments.js knows both). Made from core/session/protocol/message_fields.h by
// tests/session/javascript_commands_test.cpp: HOURGLASS_UPDATE=1 writes it anew.
// prettier-ignore
export const COMMANDS = {
  set_setting: { fields: { key: 'text', value: 'value' } },
  set_settings: { fields: { values: 'values' } },
  load_preset: { fields: { name: 'text' } },
  run: {},
  pause: {},
  step: { fields: { count: 'count' }, defaults: { count: 1 } },
  finish_epoch: {},
  reset: {},
  new_seed: {},
  provide_data: { fields: { name: 'text' }, arrays: { train_images: 'U8', train_labels: 'U8', test_images: 'U8', test_labels: 'U8', documents: 'U8', samples: 'U8' } },
  data_failed: { fields: { name: 'text', message: 'text' } },
  decode: { arrays: { codes: 'F32' } },
  decode_map: { arrays: { points: 'F32' } },
  get_images: { arrays: { indices: 'U32' } },
  save_checkpoint: {},
  load_checkpoint: { arrays: { checkpoint: 'U8' } },
  snapshot_taken: {},
  start_job: { fields: { kind: 'text', arguments: 'text', job: 'count' }, defaults: { arguments: '{}' } },
  pause_job: { fields: { job: 'count' } },
  resume_job: { fields: { job: 'count' } },
  cancel_job: { fields: { job: 'count' } },
  ask_job: { fields: { job: 'count', question: 'count', arguments: 'text' }, defaults: { arguments: '{}' } },
  keep_run: {},
  get_kept_run: { fields: { run: 'count' } },
  load_kept_run: { fields: { run: 'count' } },
  drop_kept_run: { fields: { run: 'count' } },
  add_kept_run: { arrays: { checkpoint: 'U8' } },
};
