import type { Cmdlet } from './cmdlet';
import { authorizationCmdlets } from './authorization';
import { readingCmdlets } from './reading';
import { roleCmdlets } from './role-cmdlets';
import { settingCmdlets } from './setting-cmdlets';

/** Every cmdlet that is simulated, by its name in lower case. */
export const cmdlets: ReadonlyMap<string, Cmdlet> = new Map(
  Object.entries({ ...readingCmdlets, ...authorizationCmdlets, ...roleCmdlets, ...settingCmdlets }).map(
    ([name, each]) => [name.toLowerCase(), each],
  ),
);
