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
                        'array-callback-return': 'error',
                        'dot-notation': 'error',
                        eqeqeq: 'error',
                        'max-len': ['error', { code: 120 }],
                        'no-eval': 'error',
                        'no-implicit-globals': 'off',
                        'no-implied-eval': 'error',
                        'no-shadow': 'error',
                        'no-throw-literal': 'error',
                        'no-unused-vars': ['error', { args: 'after-used' }],
                        'no-use-before-define': ['error', { functions: false, variables: false }],
                        'no-var': 'error',
                        'prefer-const': 'error',
                        strict: ['error', 'global'],
                },
        },
];
