import { grouped } from '../../counted';
import type { LastChange } from '../model';
import type { Frame } from './frame';
import { toTarget } from './links';
import { severityMark, verdictMark } from './marks';
import { html, type Markup, name } from './markup';
import { age } from './time';
import { lookOfCell, titleOf, words } from './words';

/** Good news that stands open; more of it, as after a first night, is behind a click. */
const mostOpen = 5;

/** What the last 24 hours have brought that nobody has to look after. */
export function betterSection(
  better: readonly LastChange[],
  count: number,
  frame: Frame,
  now: string,
): Markup | false {
  const more = count - better.length;
  return (
    count > 0 &&
    html`<section class="recent" aria-labelledby="recent">
      <details ${count <= mostOpen && html`open`}>
        <summary>
          <h2 id="recent">Repaired, accepted or new in the last 24 hours (${grouped(count)})</h2>
        </summary>
        <ul class="changes">
          ${better.map((change) => item(change, frame, now))}
        </ul>
        ${more > 0 && html`<p class="note">${grouped(more)} more ${more === 1 ? 'is' : 'are'} not listed here.</p>`}
      </details>
    </section>`
  );
}

function item(change: LastChange, frame: Frame, now: string): Markup {
  const { targetId, control, severity, verdict, waived, summary, at } = change;
  const title = html`<b>${name(titleOf(change))}</b> ${control}`;
  return html`<li>
    ${verdictMark(lookOfCell({ verdict, waived, stale: false }))}
    <p class="what">${toTarget(frame, targetId, title, control)} ${severityMark(severity)}</p>
    <p class="when">${age(at, now)} ago</p>
    <p class="how">${cameFrom(change)}</p>
    <p class="summary">${summary}</p>
  </li>`;
}

/** Codes, side by side. */
export function codeList(codes: readonly string[]): Markup {
  return html`${codes.map((code) => html`<code>${code}</code> `)}`;
}

/** What was before. */
export function cameFrom(change: LastChange): string {
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
