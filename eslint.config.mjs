import js from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import tseslint from 'typescript-eslint';
import { startedPromises } from './eslint.started-promises.mjs';

/** Words that had a second name, and the one that is used: docs/architecture.md says what each means. */
const retiredWords = {
  patience: 'retryPolicy',
  tally: 'usage',
  heldUp: 'defer',
  putOff: 'defer',
  standing: 'status',
  situation: 'diagnosis',
  ground: 'baseline',
};
const retired = Object.entries(retiredWords).map(([word, instead]) => ({
  // As a word of a name, not as a part of one: `background` stays.
  selector: `Identifier[name=/(^${word}|${word[0]?.toUpperCase()}${word.slice(1)})(?![a-z])/]`,
  message: `Say ${instead}: "${word}" is a second word for the same.`,
}));

/** Alerts key on what is said at warn and above. Whatever varies is a field. */
const varyingMessage = {
  selector:
    'CallExpression[callee.property.name=/^(warn|error)$/]:matches([callee.object.name=/^(log|.*Log)$/], [callee.object.property.name="log"]):not([arguments.0.type="Literal"])',
  message: 'A message at warn or above is a constant string: put what varies into a field.',
};

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', '*.cjs', 'local/*.mjs', 'build/*.mjs'] },
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
  { files: ['**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...retired, varyingMessage] } },
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
    // Who reads one file knows what others give it. A type that is made from a value beside it says no more than that.
    files: ['src/**/*.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          enableFixer: false,
          require: { FunctionDeclaration: true, ClassDeclaration: true },
          contexts: [
            'ExportNamedDeclaration > VariableDeclaration',
            'TSInterfaceDeclaration',
            'TSTypeAliasDeclaration:not(:has(TSTypeQuery))',
            'TSEnumDeclaration',
          ],
        },
      ],
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
