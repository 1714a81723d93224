import { dayMs } from '../../durations';
import { counted, grouped } from '../../counted';
import type { Concern, Row } from '../model';
import { titleOfCode } from '../concerns';
import { actionButton, statusLine } from './actions';
import { explainedCode } from './explanations';
import { type Frame, queryHref } from './frame';
import { toTarget } from './links';
import { severityMark, verdictMark } from './marks';
import { html, type Markup, name, trusted } from './markup';
import { age } from './time';
import { type Look, titleOf } from './words';
import { codeList } from './changes';

/** All that somebody has to look after: what is wrong, where, since when, and the first thing to do about it. */
export function concernsSection(
  concerns: readonly Concern[],
  rows: readonly Row[],
  frame: Frame,
  now: string,
  customer?: string,
): Markup {
  const watched = rows.filter(({ paused }) => !paused).length;
  return html`<section class="attention" aria-labelledby="attention">
    <h2 id="attention">To look after</h2>
    ${concerns.length === 0 && html`<p>Nothing.</p>`}
    ${
      concerns.length > 0 &&
      html`<ul class="concerns">
        ${concerns.map((concern) => item(concern, { watched, customer, frame, now }))}
      </ul>`
    }
  </section>`;
}

const looks: Readonly<Record<Concern['kind'], Look>> = {
  violation: 'nonCompliant',
  unknown: 'unknown',
  stale: 'stale',
  never: 'unknown',
  target: 'unknown',
};

/** What a concern is told among. */
interface Among {
  /** How many targets are not paused. */
  watched: number;
  customer: string | undefined;
  frame: Frame;
  now: string;
}

function item(concern: Concern, { watched, customer, frame, now }: Among): Markup {
  const { kind, control, severity, isShared, sentence, codes, since, changedAt } = concern;
  return html`<li>
    ${verdictMark(looks[kind])}
    <p class="what">
      ${isShared ? sharedBy(concern, watched) : one(concern, frame)}
      ${control !== undefined && html`<span class="control">${control}</span>`}
      ${severityMark(severity)}${isNew(changedAt, now) && html` <strong class="new">new</strong>`}
    </p>
    ${since !== undefined && html`<p class="when">${!isShared ? 'since ' : 'the first since '}${age(since, now)}</p>`}
    <p class="summary">${sentence}${isShared && '.'}</p>
    ${firstStep(concern)} ${isShared && named(concern, frame, customer)}
    ${codes.length > 0 && html`<p class="codes">${codeList(codes)}</p>`}
    ${isShared && acceptAll(concern, customer, frame)}
  </li>`;
}

/** What many have in common is accepted for all of them at once. */
function acceptAll(
  { kind, control, codes, count }: Concern,
  customer: string | undefined,
  frame: Frame,
): Markup | false {
  if (kind !== 'violation' || control === undefined || codes.length === 0) return false;
  const text = `Accept the risk for all ${grouped(count)} …`;
  const button = actionButton(frame, { name: 'accept-all', control, codes, customer, text });
  return button !== false && html`<div class="actions">${button} ${statusLine(frame)}</div>`;
}

function isNew(changedAt: string | undefined, now: string): boolean {
  return changedAt !== undefined && Date.parse(now) - Date.parse(changedAt) <= dayMs;
}

function sharedBy({ count }: Concern, watched: number): Markup {
  return html`<b>${grouped(count)} of ${counted(watched, 'target')}</b>`;
}

function one({ targets: [row], control }: Concern, frame: Frame): Markup | false {
  if (row === undefined) return false;
  const title = html`<b>${name(titleOf(row))}</b>`;
  const customer = row.customer !== undefined && html` <span class="customer">${row.customer}</span>`;
  return html`${row.unreadable === undefined ? toTarget(frame, row.targetId, title, control) : title}${customer}`;
}

/** Some of those that have it in common, and where all of them are. */
function named(
  { targets, count, control, kind }: Concern,
  frame: Frame,
  customer: string | undefined,
): Markup {
  const more = count - targets.length;
  const verdict = looks[kind] === 'nonCompliant' ? 'nonCompliant' : 'unknown';
  const all = html`<a href="${queryHref({ customer, control, verdict })}#targets">all ${grouped(count)}</a>`;
  return html`<p class="named">
    ${targets.map((row, index) => html`${index > 0 && ', '}${toTarget(frame, row.targetId, name(titleOf(row)), control)}`)}${
      more > 0 &&
      html` and ${grouped(more)} more${frame.viewer !== null && kind !== 'stale' && html`: ${all}`}`
    }
  </p>`;
}

/** Of more steps nobody begins with the last one. */
const mostSteps = 3;

/** What to do first; what an administrator reads in full on the page of the target. Of several things each says what it is about. */
function firstStep({ kind, codes, control }: Concern): Markup | false {
  const explained = codes.flatMap((code) => {
    const explanation = explainedCode(code);
    const title = control === undefined ? undefined : titleOfCode(control, code);
    return explanation === undefined ? [] : [{ title, step: trusted(explanation.firstStep) }];
  });
  const [only, ...others] = explained;
  const step = only === undefined ? steps[kind] : only.step;
  if (others.length === 0) return step !== undefined && html`<p class="step"><b>Do:</b> ${step}</p>`;
  return html`<ul class="step">
    ${explained.slice(0, mostSteps).map((one) => html`<li><b>${one.title ?? 'Do'}:</b> ${one.step}</li>`)}
    ${explained.length > mostSteps && html`<li>${counted(explained.length - mostSteps, 'more thing')} on its page.</li>`}
  </ul>`;
}

/** Where there is no code that says more. */
const steps: Partial<Record<Concern['kind'], string>> = {
  stale: 'Look whether audits run: the log of the app, and its queue of messages that failed.',
  never: 'Audit it now, or wait for the night.',
  target: 'Put the target again, or delete it.',
};
