import { grouped } from '../../counted';
import { rankOfChange } from '../change-rank';
import type { Change, LeftOut } from '../model';
import type { Frame } from './frame';
import { toTarget } from './links';
import { severityMark, verdictMark } from './marks';
import { html, type Markup } from './markup';
import { age } from './time';
import { type Look, lookOfCell, needsAttention, words } from './words';

/** Good news that stands open; more of it, as after a first night, is behind a click. */
const mostOpen = 5;

/** What the last 24 hours have brought: first what somebody has to look after, the most severe first. */
export function changesSection(
  changes: readonly Change[],
  leftOut: LeftOut,
  frame: Frame,
  now: string,
): Markup {
  const isBad = (change: Change) => needsAttention(lookOfChange(change));
  const bad = changes.filter(isBad).toSorted((a, b) => rankOfChange(a) - rankOfChange(b));
  const good = changes.filter((change) => !isBad(change));
  const fine = good.length + leftOut.fine;
  return html`<section class="recent" aria-labelledby="recent">
    <h2 id="recent">Last 24 hours</h2>
    ${changes.length === 0 && html`<p>Nothing has changed.</p>`}
    ${
      bad.length > 0 &&
      html`<h3>To look after <span class="count">${grouped(bad.length + leftOut.toLookAfter)}</span></h3>
        ${items(bad, frame, now)} ${rest(leftOut.toLookAfter, bad)}`
    }
    ${
      fine > 0 &&
      html`<details ${fine <= mostOpen && html`open`}>
        <summary>Repaired, accepted or new (${grouped(fine)})</summary>
        ${items(good, frame, now)} ${rest(leftOut.fine, good)}
      </details>`
    }
  </section>`;
}

/** How many are not listed. */
function rest(count: number, listed: readonly Change[]): Markup | false {
  return (
    count > 0 &&
    html`<p class="note">
      ${grouped(count)} ${listed.length > 0 && 'more'} ${count === 1 ? 'is' : 'are'} not listed here: see the
      targets below.
    </p>`
  );
}

function lookOfChange({ verdict, waived }: Change): Look {
  return lookOfCell({ verdict, waived, stale: false });
}

function items(changes: readonly Change[], frame: Frame, now: string): Markup {
  return html`<ul class="changes">
    ${changes.map((change) => item(change, frame, now))}
  </ul>`;
}

function item(change: Change, frame: Frame, now: string): Markup {
  const { targetId, control, severity, summary, codes, at } = change;
  return html`<li>
    ${verdictMark(lookOfChange(change))}
    <p class="what">
      ${toTarget(frame, targetId, html`<b>${targetId}</b> ${control}`, control)} ${severityMark(severity)}
    </p>
    <p class="when">${age(at, now)} ago</p>
    <p class="how">${cameFrom(change)}</p>
    <p class="summary">${summary}</p>
    ${codes.length > 0 && html`<p class="codes">${codeList(codes)}</p>`}
  </li>`;
}

/** Codes, side by side. */
export function codeList(codes: readonly string[]): Markup {
  return html`${codes.map((code) => html`<code>${code}</code> `)}`;
}

/** What was before. */
export function cameFrom(change: Change): string {
  const { previousVerdict, previousWaived, verdict, waived, resumed } = change;
  if (previousVerdict === null) return 'first audit';
  if (previousVerdict === undefined) return 'changed';
  if (resumed) return 'as before it could not be read';
  if (previousVerdict !== verdict) return `was ${words[previousVerdict].toLowerCase()}`;
  if (waived) return 'the risk is accepted';
  if (verdict !== 'nonCompliant') return 'changed';
  // It was not always noted which of the two.
  if (previousWaived === undefined) return 'other violations than before, or no longer accepted';
  return previousWaived ? 'the risk is no longer accepted' : 'other violations than before';
}
