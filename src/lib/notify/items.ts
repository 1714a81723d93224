import { counted, grouped } from '../counted';
import type { BriefTransition } from '../model/finding';
import { concernsOf } from '../report/concerns';
import type { LastChange, Concern, Row } from '../report/model';
import { cameFrom } from '../report/page/changes';
import { titleOf } from '../report/page/words';
import { visible } from '../report/page/visible';
import type { End } from './ends';
import { linked } from './link';
import type { Item } from './model';
import type { Better, Passed, Unwatched } from './news';
import type { OpenTrouble } from './told';

/** What items are made with. */
export interface ItemContext {
  /** Of the app; undefined where it does not know its own. */
  address: string | undefined;
  /** How many targets of the customer are watched. */
  watched: number;
}

/** Of many that are alike so many targets are named. */
const named = 10;

/** In characters: a list of mailboxes may be long, and the page has all of it. */
const longestSentence = 400;

/** What is open, in the words of the page: what is the same with many targets is one item. */
export function openItems(open: readonly OpenTrouble[], context: ItemContext): Item[] {
  const byTarget = Map.groupBy(open, ({ row }) => row);
  const rows = [...byTarget].map(([row, troubles]): Row => {
    if (row.unreadable !== undefined) return row;
    const cells = troubles.flatMap(({ cell }) => cell ?? []);
    return { ...row, cells };
  });
  return concernsOf(rows).map((concern) => concernItem(concern, context));
}

function concernItem(concern: Concern, context: ItemContext): Item {
  const { control, severity, isShared, sentence, codes, since, targets, count } = concern;
  const [row] = targets;
  const isOne = !isShared && row !== undefined;
  const brackets = inBrackets(control, severity);
  return {
    about: isOne ? nameOf(row) : `${grouped(count)} of ${counted(context.watched, 'target')}`,
    says: isOne ? `${stopped(sentence)} ${brackets}` : `${sentence}: ${namesOf(targets, count)} ${brackets}`,
    targetIds: targets.slice(0, named).map(({ targetId }) => targetId),
    count,
    ...(control === undefined ? {} : { control }),
    severity,
    codes: [...codes],
    ...(since === undefined ? {} : { since }),
    // Of a target that cannot be understood there is no page.
    ...linked(
      context.address,
      isOne && row.unreadable === undefined ? row.targetId : '',
      isOne ? control : undefined,
    ),
  };
}

/** What got better. What was not verified is told of a target in one. */
export function betterItems(better: readonly Better[], context: ItemContext): Item[] {
  const silent = better.filter(({ before }) => before === 'stale' || before === 'never');
  const silentTargets = Map.groupBy(silent, ({ row, before }) => `${before} ${row.targetId}`);
  return [
    ...better.filter((one) => !silent.includes(one)).map((one) => betterItem(one, context)),
    ...[...silentTargets.values()].flatMap((group) => verifiedItem(group, context)),
  ];
}

function betterItem({ row, change }: Better, context: ItemContext): Item {
  if (change === undefined) return targetItem(row, 'It can be read again, and is audited.', context);
  return changeItem(
    row,
    change,
    `${stopped(change.summary)} ${inBrackets(change.control, change.severity, cameFrom(change))}`,
    context,
  );
}

function verifiedItem([first, ...others]: readonly Better[], context: ItemContext): Item[] {
  if (first === undefined) return [];
  const controls = counted(others.length + 1, 'control');
  const says =
    first.before === 'stale'
      ? `Verified again: ${controls}.`
      : `Audited for the first time, and fine: ${controls}.`;
  return [targetItem(first.row, says, context)];
}

/** What broke and got better in between. */
export function passedItems(passed: readonly Passed[], context: ItemContext): Item[] {
  return passed.map(({ row, broke, change }) =>
    changeItem(
      row,
      broke,
      `${stopped(broke.summary)} ${inBrackets(broke.control, broke.severity, change.waived ? 'the risk is accepted' : 'and is no longer so')}`,
      context,
    ),
  );
}

/** Of what nobody looks any more, though it was not fine. */
export function unwatchedItems(unwatched: readonly Unwatched[], context: ItemContext): Item[] {
  return unwatched.map(({ targetId, name, isPaused }) => ({
    about: visible(name),
    says: isPaused ? 'It is paused, and not watched.' : 'It was deleted.',
    ...{ targetIds: [targetId], count: 1, codes: [] },
    ...(isPaused ? linked(context.address, targetId) : {}),
  }));
}

/** What ends soon. What is the same for many targets is one item. */
export function endItems(ends: readonly End[], context: ItemContext): Item[] {
  const ews = ends.filter(({ kind }) => kind === 'ews');
  return [
    ...ends
      .filter(({ kind }) => kind !== 'ews')
      .sort((a, b) => a.days - b.days)
      .map(({ row, control, words, code }) => ({
        ...targetItem(row, `${stopped(words)} (${control})`, context),
        ...{ control, codes: code === undefined ? [] : [code] },
        ...linked(context.address, row.targetId, control),
      })),
    ...(ews[0] === undefined
      ? []
      : [
          ewsItem(
            ews[0].words,
            ews.map(({ row }) => row),
            context,
          ),
        ]),
  ];
}

function ewsItem(words: string, rows: readonly Row[], context: ItemContext): Item {
  const [row] = rows;
  const isOne = rows.length === 1 && row !== undefined;
  return {
    about: isOne ? nameOf(row) : `${grouped(rows.length)} of ${counted(context.watched, 'target')}`,
    says: isOne
      ? `${words}, and its product uses them.`
      : `${words}, and their products use them: ${namesOf(rows.slice(0, named), rows.length)}.`,
    targetIds: rows.slice(0, named).map(({ targetId }) => targetId),
    ...{ count: rows.length, control: 'ews-access', codes: [] },
    ...linked(context.address, isOne ? row.targetId : '', isOne ? 'ews-access' : undefined),
  };
}

function targetItem(row: Row, says: string, { address }: ItemContext): Item {
  const { targetId } = row;
  return {
    about: nameOf(row),
    says,
    targetIds: [targetId],
    count: 1,
    codes: [],
    ...linked(address, targetId),
  };
}

function changeItem(
  row: Row,
  { control, severity, codes, at }: LastChange | BriefTransition,
  says: string,
  { address }: ItemContext,
): Item {
  return {
    ...{
      about: nameOf(row),
      says,
      targetIds: [row.targetId],
      count: 1,
      control,
      severity,
      codes: [...codes],
      since: at,
    },
    ...linked(address, row.targetId, control),
  };
}

function nameOf(row: Row): string {
  return visible(titleOf(row));
}

function namesOf(rows: readonly Row[], count: number): string {
  const more = count - rows.length;
  return `${rows.map(nameOf).join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
}

/** A sentence as it is shown: to its end, and no longer than people read. */
function stopped(sentence: string): string {
  const text = visible(sentence);
  if (text.length > longestSentence) return `${text.slice(0, longestSentence - 1).toWellFormed()}…`;
  return /[.!?…)]$/.test(text) ? text : `${text}.`;
}

function inBrackets(...words: (string | undefined)[]): string {
  return `(${words.filter((word) => word !== undefined).join(', ')})`;
}
