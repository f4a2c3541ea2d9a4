// Holds an object against the shape of a statement: Experience API 1.0.3, part two, "Statements" (4.1 properties, 2.4
// actors, verbs, activities, results and contexts), read for what is required, what may be there, and of which form.

import assert from 'node:assert/strict';

const IRI = /^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z]{4})?(-([A-Z]{2}|[0-9]{3}))?$/; // RFC 5646, as far as it is used
const DURATION = /^P(?!$)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/; // ISO 8601
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const INTERACTIONS = ['true-false', 'choice', 'fill-in', 'long-fill-in', 'matching', 'performance'].concat(
  ['sequencing', 'likert', 'numeric', 'other'], //
);

function hasKeys(object, required, allowed, where) {
  assert.ok(object !== null && typeof object === 'object' && !Array.isArray(object), `${where} is an object`);
  for (const key of required) assert.ok(key in object, `${where} needs ${key}`);
  for (const [key, value] of Object.entries(object)) {
    assert.ok([...required, ...allowed].includes(key), `${where} may not have ${key}`);
    assert.ok(value !== null && value !== undefined, `${where}.${key} is null`);
  }
}

const isIri = (value, where) => assert.match(value, IRI, `${where} is an IRI`);

function isLanguageMap(map, where) {
  assert.ok(Object.keys(map).length > 0, `${where} has a text`);
  for (const [language, text] of Object.entries(map)) {
    assert.match(language, LANGUAGE, where);
    assert.equal(typeof text, 'string', where);
  }
}

const isExtensions = (map, where) => Object.keys(map).forEach((key) => isIri(key, `a key of ${where}`));

function isAgent(actor, where) {
  const ids = ['mbox', 'mbox_sha1sum', 'openid', 'account'];
  hasKeys(actor, [], ['objectType', 'name', ...ids], where);
  assert.equal(ids.filter((key) => key in actor).length, 1, `${where} has one identifier`);
  if ('objectType' in actor) assert.equal(actor.objectType, 'Agent');
  if ('mbox' in actor) assert.match(actor.mbox, /^mailto:[^\s@]+@[^\s@]+$/);
  if (!('account' in actor)) return;
  hasKeys(actor.account, ['homePage', 'name'], [], `${where}.account`);
  isIri(actor.account.homePage, `${where}.account.homePage`);
  assert.equal(typeof actor.account.name, 'string');
}

function isDefinition(definition, where) {
  const components = ['choices', 'scale', 'source', 'target', 'steps'];
  const others = [
    'type',
    'name',
    'description',
    'moreInfo',
    'interactionType',
    'correctResponsesPattern',
    'extensions',
  ];
  hasKeys(definition, [], [...others, ...components], where);
  if ('type' in definition) isIri(definition.type, `${where}.type`);
  for (const key of ['name', 'description']) if (key in definition) isLanguageMap(definition[key], `${where}.${key}`);
  const { interactionType, correctResponsesPattern, choices } = definition;
  if ('interactionType' in definition) assert.ok(INTERACTIONS.includes(interactionType), interactionType);
  if (correctResponsesPattern) {
    assert.ok(interactionType, `${where} says which interaction it is`);
    assert.ok(correctResponsesPattern.every((each) => typeof each === 'string'));
  }
  if (!choices) return;
  assert.ok(['choice', 'sequencing'].includes(interactionType), `${where}.choices`);
  assert.equal(new Set(choices.map(({ id }) => id)).size, choices.length, 'ids of choices differ');
  for (const choice of choices) {
    hasKeys(choice, ['id'], ['description'], `${where}.choices`);
    assert.match(choice.id, /^\S+$/);
    if (choice.description) isLanguageMap(choice.description, `${where}.choices`);
  }
}

function isActivity(object, where) {
  hasKeys(object, ['id'], ['objectType', 'definition'], where);
  if ('objectType' in object) assert.equal(object.objectType, 'Activity');
  isIri(object.id, `${where}.id`);
  if (object.definition) isDefinition(object.definition, `${where}.definition`);
}

function isResult(result) {
  hasKeys(result, [], ['score', 'success', 'completion', 'response', 'duration', 'extensions'], 'result');
  const { score, success, completion, response, duration, extensions } = result;
  if (score) {
    hasKeys(score, [], ['scaled', 'raw', 'min', 'max'], 'result.score');
    assert.ok(score.scaled >= -1 && score.scaled <= 1, 'result.score.scaled');
    assert.ok(score.min < score.max && score.raw >= score.min && score.raw <= score.max, 'result.score.raw');
  }
  for (const flag of [success, completion]) if (flag !== undefined) assert.equal(typeof flag, 'boolean');
  if (response !== undefined) assert.equal(typeof response, 'string');
  if (duration !== undefined) assert.match(duration, DURATION);
  if (extensions) isExtensions(extensions, 'result.extensions');
}

function isContext(context) {
  const keys = ['registration', 'instructor', 'team', 'contextActivities', 'revision', 'platform', 'language'];
  hasKeys(context, [], [...keys, 'statement', 'extensions'], 'context');
  if ('platform' in context) assert.equal(typeof context.platform, 'string');
  if (!context.contextActivities) return;
  hasKeys(context.contextActivities, [], ['parent', 'grouping', 'category', 'other'], 'context.contextActivities');
  for (const activities of Object.values(context.contextActivities)) {
    assert.ok(Array.isArray(activities), 'contextActivities are lists'); // an object alone is for old statements
    for (const activity of activities) isActivity(activity, 'context.contextActivities');
  }
}

// Throws an AssertionError that says what is wrong with `statement`.
export function assertStatement(statement) {
  const more = ['id', 'result', 'context', 'timestamp', 'stored', 'authority', 'version', 'attachments'];
  hasKeys(statement, ['actor', 'verb', 'object'], more, 'the statement');
  for (const key of ['stored', 'authority', 'version']) assert.ok(!(key in statement), `${key} is the LRS's`);
  if ('id' in statement) assert.match(statement.id, UUID);
  isAgent(statement.actor, 'actor');
  hasKeys(statement.verb, ['id'], ['display'], 'verb');
  isIri(statement.verb.id, 'verb.id');
  if (statement.verb.display) isLanguageMap(statement.verb.display, 'verb.display');
  isActivity(statement.object, 'object');
  if (statement.result) isResult(statement.result);
  if (statement.context) isContext(statement.context);
  if ('timestamp' in statement) assert.match(statement.timestamp, TIMESTAMP);
}
