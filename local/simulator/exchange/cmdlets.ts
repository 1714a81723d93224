import type { Cmdlet } from './cmdlet';
import { authorizationCmdlets } from './authorization';
import { permissionCmdlets } from './permission-cmdlets';
import { readingCmdlets } from './reading';
import { roleCmdlets } from './role-cmdlets';
import { settingCmdlets } from './setting-cmdlets';

/** Every cmdlet that is simulated, by its name in lower case. */
export const cmdlets: ReadonlyMap<string, Cmdlet> = new Map(
  Object.entries({
    ...readingCmdlets,
    ...authorizationCmdlets,
    ...roleCmdlets,
    ...settingCmdlets,
    ...permissionCmdlets,
  }).map(([name, each]) => [name.toLowerCase(), each]),
);
