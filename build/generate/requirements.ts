import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Control } from '../../src/lib/controls/control';
import { code, table } from './markdown';
import { folderOf, linkTo } from './pages';

/**
 * What the vendor asks for that a control checks: stands in `requirements.json` of its folder. Without pages it is on that about
 * the service account.
 */
const Requirements = z.array(
  z.strictObject({
    requirement: z.string().min(1),
    pages: z.array(z.strictObject({ title: z.string().min(1), url: z.url() })).optional(),
    codes: z.array(z.string()).min(1),
  }),
);
type Requirement = z.infer<typeof Requirements>[number];

/** The requirements that a control checks; none where its folder names none. @throws when one names a code that it cannot give. */
function requirementsOf(control: Control<unknown>): Requirement[] {
  const file = `${folderOf(control)}/requirements.json`;
  if (!existsSync(file)) return [];
  const requirements = Requirements.parse(JSON.parse(readFileSync(file, 'utf8')));
  const unknown = requirements.flatMap(({ codes }) => codes).find((name) => !(name in control.codes));
  if (unknown !== undefined)
    throw new Error(`${file} names ${unknown}, and ${control.id} declares no such code.`);
  return requirements;
}

/** What the page about the service account asks for, and what checks it. */
export function onServiceAccountPage(controls: readonly Control<unknown>[]): string {
  return table(
    ['requirement', 'control', 'codes'],
    requirementRows(controls, ({ pages }) => pages === undefined).map(({ control, requirement, codes }) => [
      requirement,
      linkTo(control),
      codes.map(code).join(', '),
    ]),
  );
}

/** What other pages of the vendor ask for. */
export function onOtherPages(controls: readonly Control<unknown>[]): string {
  return table(
    ['requirement', 'page', 'control', 'codes'],
    requirementRows(controls, ({ pages }) => pages !== undefined).map(
      ({ control, requirement, pages = [], codes }) => [
        requirement,
        pages.map(({ title, url }) => `[${title}](${url})`).join(', '),
        linkTo(control),
        codes.map(code).join(', '),
      ],
    ),
  );
}

function requirementRows(
  controls: readonly Control<unknown>[],
  isWanted: (requirement: Requirement) => boolean,
): (Requirement & { control: Control<unknown> })[] {
  return controls.flatMap((control) =>
    requirementsOf(control)
      .filter(isWanted)
      .map((requirement) => ({ ...requirement, control })),
  );
}
