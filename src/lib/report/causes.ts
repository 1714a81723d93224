import * as z from 'zod';
import { compareText } from '../controls/evaluation';
import { time } from '../model/time';
import { controlIds, severities } from '../model/verdict';
import { namedOfMany, titleOfCode, troublesOf, worstOf } from './concerns';
import type { Row } from './model';

/** The same violation on however many targets. */
export const Cause = z
  .object({
    control: z.enum(controlIds),
    code: z.string(),
    severity: z.enum(severities),
    title: z.string().describe('What the code means, in a few words.'),
    count: z.number().int().describe('How many targets have it, and nobody has accepted it.'),
    of: z.number().int().describe('How many targets are not paused.'),
    targetIds: z.array(z.string()).describe(`The first ${namedOfMany} of them.`),
    since: time('Since when the first of them has it.').nullable(),
  })
  .meta({ id: 'Cause', description: 'The same violation on however many targets.' });
export type Cause = z.infer<typeof Cause>;

/** What is violated, by its cause: what most targets have first. Paused targets, and what is accepted, do not count. */
export function causesOf(rows: readonly Row[]): Cause[] {
  const watched = rows.filter(({ paused }) => !paused);
  const violations = watched.flatMap(troublesOf).filter(({ cause }) => cause.kind === 'violation');
  const groups = Map.groupBy(violations, ({ cause: { control, code } }) => `${control ?? ''} ${code ?? ''}`);
  return [...groups.values()]
    .flatMap((group): Cause[] => {
      const [first] = group;
      const { control, code } = first?.cause ?? {};
      if (control === undefined || code === undefined) return [];
      const cells = group.map(({ cell }) => cell);
      return [
        {
          control,
          code,
          severity: worstOf(cells.map(({ severity }) => severity)),
          title: titleOfCode(control, code) ?? '',
          count: group.length,
          of: watched.length,
          targetIds: group.slice(0, namedOfMany).map(({ row }) => row.targetId),
          since: cells.flatMap(({ since }) => since ?? []).sort()[0] ?? null,
        },
      ];
    })
    .sort((a, b) => b.count - a.count || compareText(a.code, b.code));
}
