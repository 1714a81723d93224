import { controlIds } from '../../src/lib/model/verdict';

/** Where the controls are put together. */
export const registryFile = 'src/lib/controls/registry.ts';

/**
 * The module that puts the controls together: one import and one entry for each of {@link controlIds}. A folder is called
 * as its control, and what it exports as well, in the spelling of a variable: `password-expiry`, `passwordExpiry`.
 */
export function registryModule(): string {
  return [
    '// Made by `npm run generate` from `controlIds` in src/lib/model/verdict.ts.',
    "import type { ControlId } from '../model/verdict';",
    "import type { Control } from './control';",
    ...[...controlIds].map((id) => `import { ${variable(id)} } from './${id}';`),
    '',
    '/** Every control by its id. */',
    'export const registry: Record<ControlId, Control<unknown>> = {',
    ...controlIds.map((id) => (variable(id) === id ? `  ${id},` : `  '${id}': ${variable(id)},`)),
    '};',
    '',
  ].join('\n');
}

function variable(id: string): string {
  return id.replaceAll(/-(.)/g, (_hyphen, letter: string) => letter.toUpperCase());
}
