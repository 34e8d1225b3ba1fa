// The lint rules: the strict type-checked set of typescript-eslint, less a few of its rules.
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'coverage/', 'node_modules/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ['*.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // An index that was just checked reads better with `!` than with a second check.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // No function of ours uses `this` but a class's own methods.
      '@typescript-eslint/unbound-method': 'off',
      // A family and an op are typed by their own literal and forgotten in the table.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    // What fails in the page is said: a promise has a handler there, and `void` is none.
    files: ['reports/page/**/*.ts', 'reports/studio/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }] },
  },
  { files: ['**/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);
