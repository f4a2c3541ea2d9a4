// What a page keeps of a session's events, in Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SessionClient } from '../../web/client/session_client.js';
import { encodeMessage } from '../../web/engine/wire.js';

test('what is wrong with a run is in the state until it is right again', () => {
  const client = new SessionClient(() => {});
  assert.deepEqual(client.state().diagnoses, []);
  const heard = [];
  client.on('diagnoses', ({ found }) => heard.push(found.length));
  const dead = { kind: 'dead_code', evidence: [32], sentence: 'The code is dead.' };
  client.receive(encodeMessage('diagnoses', { found: [dead] }));
  assert.deepEqual(client.state().diagnoses, [dead]);
  client.receive(encodeMessage('diagnoses', { found: [] }));
  assert.deepEqual(client.state().diagnoses, []);
  assert.deepEqual(heard, [1, 0]);
});
