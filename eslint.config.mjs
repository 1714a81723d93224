import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { startedPromises } from './eslint.started-promises.mjs';

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', '*.cjs', 'local/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Numbers in a message are exactly what a template is for.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Arrow functions that only log or await are clearer without braces.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    // One process serves everybody: no promise may fail in it without anybody noticing. A browser shows one page to one person.
    files: ['src/**/*.ts'],
    ignores: ['src/lib/report/client/**'],
    plugins: { syncwarden: { rules: { 'started-promises': startedPromises } } },
    rules: {
      'syncwarden/started-promises': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
    },
  },
  {
    // The ground floor: what everything speaks of speaks of nothing but itself, and of what vendors require.
    files: ['src/lib/model/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [{ regex: '^\\.\\./(?!profiles(/|$))', message: 'The model imports nothing above it.' }],
        },
      ],
    },
  },
  {
    // Programs for a terminal speak to the terminal.
    files: ['local/**', 'bench/**', 'src/cli/**', '*.mjs'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
  },
);
