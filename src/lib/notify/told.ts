import { troublesOf } from '../report/concerns';
import type { Cell, Concern, Row } from '../report/model';
import { titleOf } from '../report/page/words';
import type { ToldSoFar, ToldTrouble } from '../storage/digests';
import { dayOf } from '../watch/day-score';
import type { Present } from './present';

/** What is wrong with one control of a target, or with the target as a whole. */
export interface OpenTrouble extends ToldTrouble {
  kind: Concern['kind'];
  row: Row;
  /** Undefined for what is about the target as a whole. */
  cell: Cell | undefined;
}

/** What of a target somebody has to look after, one for each control: the same as the page says. Paused targets need nobody. */
export function openOf(row: Row): OpenTrouble[] {
  if (row.paused) return [];
  const byCell = Map.groupBy(troublesOf(row), ({ cell }) => cell);
  return [...byCell].flatMap(([cell, [trouble]]): OpenTrouble[] => {
    if (trouble === undefined) return [];
    const { kind } = trouble.cause;
    const { targetId, customer } = row;
    const about = {
      targetId,
      name: titleOf(row),
      ...(customer === undefined ? {} : { customer }),
      row,
      kind,
    };
    const nothing = { codes: [], since: null, changedAt: null };
    if (kind === 'target') return [{ ...about, control: '', ...nothing, cell: undefined }];
    const { control, codes, since, changedAt } = cell;
    const violations = kind === 'violation' ? { codes: [...codes], since, changedAt } : nothing;
    return [{ ...about, control, ...violations, cell }];
  });
}

/** By what a trouble is the same as one that was told before. */
export function keyOf({ targetId, control }: Pick<ToldTrouble, 'targetId' | 'control'>): string {
  return `${targetId} ${control}`;
}

/** What a sink has been told once it has a digest of this moment. */
export function toldOf({ targets, ends, poison, blind, at }: Present): ToldSoFar {
  return {
    open: targets.flatMap(({ row }) => openOf(row)).map(({ row: _row, cell: _cell, ...trouble }) => trouble),
    ends: ends.map(({ key, days }) => ({ key, days })),
    poison: { count: poison.count, messageIds: [...poison.messageIds] },
    blind: blind.map(({ kind }) => ({ kind, day: dayOf(at) })),
  };
}
