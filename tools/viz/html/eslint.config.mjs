/*
 * How `eslint` reads the page's scripts (tools/viz/test/slow/page.t). The files are one script in the page, so they
 * are linted as one. Every rule that ESLint recommends, and some that keep the code plain.
 */
import js from '@eslint/js';

const browser = ['document', 'window', 'location', 'history', 'setTimeout', 'clearTimeout'];

export default [
        js.configs.recommended,
        {
                languageOptions: {
                        ecmaVersion: 2022, sourceType: 'script',
                        globals: Object.fromEntries(browser.map(name => [name, 'readonly'])),
                },
                linterOptions: { reportUnusedDisableDirectives: 'error' },
                rules: {
                        eqeqeq: 'error', 'no-var': 'error', 'prefer-const': 'error', 'no-shadow': 'error', 'no-implicit-globals': 'off',
                        'no-implied-eval': 'error', 'no-eval': 'error', strict: ['error', 'global'],
                        'no-unused-vars': ['error', { args: 'after-used' }], 'no-use-before-define': ['error', { functions: false, variables: false }],
                        'max-len': ['error', { code: 120 }], 'dot-notation': 'error', 'no-throw-literal': 'error', 'array-callback-return': 'error',
                },
        },
];
