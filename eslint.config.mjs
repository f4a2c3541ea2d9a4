// What ESLint holds the JavaScript to: mistakes, not looks, which are Prettier's (.prettierrc.json).
import js from '@eslint/js';
import globals from 'globals';

export default [
  { ignores: ['build/', 'data/', 'runs/', '**/node_modules/'] },
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2023, sourceType: 'module', globals: { ...globals.browser, ...globals.node } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-unused-vars': ['error', { ignoreRestSiblings: true, caughtErrors: 'none' }],
      'no-var': 'error',
      'prefer-const': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-control-regex': 'off', // what programs print has colours, and files from outside worse
      'no-useless-rename': 'error',
      'object-shorthand': ['error', 'properties'],
    },
  },
  // What runs in the page knows no Node.js, but for the engine, which runs in both.
  {
    files: ['web/**/*.js'],
    ignores: ['web/**/engine_client.js', 'web/**/engine_driver.js'],
    languageOptions: {
      globals: {
        ...Object.fromEntries(Object.keys(globals.node).map((name) => [name, 'off'])),
        ...globals.browser,
        ...globals.serviceworker,
      },
    },
  },
  // Written for browsers that cannot run the rest, so that these are told so.
  {
    files: ['web/**/preload_worker.js', 'web/**/guard.js'],
    rules: { 'no-var': 'off', 'prefer-const': 'off', 'object-shorthand': 'off' },
  },
];
