import { severities } from '../../controls/control';
import type { BriefTransition } from '../../finding';
import type { Frame } from './frame';
import { toTarget } from './links';
import { html, type Markup } from './markup';
import { severityMark, verdictMark } from './marks';
import { age } from './time';
import { counted } from '../../counted';
import { type Look, lookOf, needsAttention, words } from './words';

/** Good news that stands open; more of it, as after a first night, is behind a click. */
const mostOpen = 5;

/** What happened to one finding within a day: the newest change, and how many there were. */
interface Happening {
  change: BriefTransition;
  times: number;
}

/** What the last 24 hours have brought: first what somebody has to look after, the most severe first. */
export function recentChanges(
  changes: readonly BriefTransition[],
  count: number,
  frame: Frame,
  now: string,
): Markup {
  const happenings = newestOfEach(changes);
  const isBad = ({ change }: Happening) => needsAttention(lookOfChange(change));
  const bad = happenings.filter(isBad).toSorted((a, b) => rank(a) - rank(b));
  const good = happenings.filter((happening) => !isBad(happening));
  return html`<section class="recent" aria-labelledby="recent">
    <h2 id="recent">Last 24 hours</h2>
    ${happenings.length === 0 && html`<p>Nothing has changed.</p>`}
    ${
      bad.length > 0 &&
      html`<h3>To look after <span class="count">${bad.length}</span></h3>
        ${items(bad, frame, now)}`
    }
    ${
      good.length > 0 &&
      html`<details ${good.length <= mostOpen && html`open`}>
        <summary>Repaired, accepted or new (${good.length})</summary>
        ${items(good, frame, now)}
      </details>`
    }
    ${
      count > changes.length &&
      html`<p class="note">
        These are the newest ${changes.length} of ${counted(count, 'change')}. The rest is in the history of
        each target.
      </p>`
    }
  </section>`;
}

/** Changes come newest first: of those of one finding the first counts. */
function newestOfEach(changes: readonly BriefTransition[]): Happening[] {
  const happenings = new Map<string, Happening>();
  for (const change of changes) {
    const key = `${change.targetId} ${change.control}`;
    const known = happenings.get(key);
    if (known === undefined) happenings.set(key, { change, times: 1 });
    else known.times += 1;
  }
  return [...happenings.values()];
}

/** An unknown does not say how bad it is, so that it comes after what is known to be wrong. */
function rank({ change }: Happening): number {
  const unknown = change.verdict === 'unknown' ? severities.length : 0;
  return unknown + severities.indexOf(change.severity);
}

function lookOfChange({ verdict, waived }: BriefTransition): Look {
  return lookOf({ verdict, waived, stale: false });
}

function items(happenings: readonly Happening[], frame: Frame, now: string): Markup {
  return html`<ul class="changes">
    ${happenings.map((happening) => item(happening, frame, now))}
  </ul>`;
}

function item({ change, times }: Happening, frame: Frame, now: string): Markup {
  const { targetId, control, severity, summary, codes, at } = change;
  return html`<li>
    ${verdictMark(lookOfChange(change))}
    <p class="what">
      ${toTarget(frame, targetId, html`<b>${targetId}</b> ${control}`, control)} ${severityMark(severity)}
    </p>
    <p class="when">${age(at, now)} ago</p>
    <p class="how">${cameFrom(change)}${times > 1 && `, after ${counted(times, 'change')}`}</p>
    <p class="summary">${summary}</p>
    ${codes.length > 0 && html`<p class="codes">${codeList(codes)}</p>`}
  </li>`;
}

/** Codes, side by side. */
export function codeList(codes: readonly string[]): Markup {
  return html`${codes.map((code) => html`<code>${code}</code> `)}`;
}

/** What was before. */
export function cameFrom({ previousVerdict, verdict, waived, resumed }: BriefTransition): string {
  if (previousVerdict === null) return 'first audit';
  if (resumed) return 'as before it could not be read';
  if (previousVerdict !== verdict) return `was ${words[previousVerdict].toLowerCase()}`;
  if (waived) return 'the risk is accepted';
  return verdict === 'nonCompliant' ? 'other violations than before, or no longer accepted' : 'changed';
}
