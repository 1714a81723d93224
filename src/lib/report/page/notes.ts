import type { Cell, ControlReport } from '../model';
import { html, type Markup, name } from './markup';
import { age, moment, span } from './time';

/** What has to be known before the verdict is believed: that nobody could look, that it is old, that it is accepted. */
export function notes(report: ControlReport, now: string): Markup {
  return html`${unread(report, now)} ${stale(report, now)} ${waiver(report, now)}`;
}

function unread({ cell, finding }: ControlReport, now: string): Markup | false {
  if (cell.unreadable) return note(html`What was found of this control cannot be read. Nothing is known.`);
  if (finding === undefined) {
    return note(html`This control has never run on this target. Nothing is known.`);
  }
  const causes = finding.reasons.filter(({ level }) => level === 'unknown');
  if (causes.length === 0) return false;
  const permissions = causes.flatMap(({ code, expected }) =>
    code === 'unreadable.permission' && expected !== undefined ? [expected] : [],
  );
  const missing = [...new Set(permissions)];
  const why =
    missing.length > 0 &&
    html` Probably missing: the permission
    ${missing.map((one, index) => html`${index > 0 && ', '}<code>${one}</code>`)}.`;
  if (cell.verdict !== 'unknown') {
    return note(
      html`Not all of it could be read. What is said below holds whatever the rest would say.${why}`,
    );
  }
  const isUnreadable = causes.some(({ code }) => code.startsWith('unreadable.'));
  const what = isUnreadable ? 'It could not be read' : 'It cannot be decided';
  return note(html`${what} since ${moment(finding.since)} (${age(finding.since, now)}).${why}`);
}

function stale({ cell }: ControlReport, now: string): Markup | false {
  if (!cell.stale) return false;
  const since =
    cell.verifiedAt === null
      ? html`It was never verified.`
      : html`It was last verified on ${moment(cell.verifiedAt)}, ${age(cell.verifiedAt, now)} ago.`;
  return note(html`Stale. ${since} What is shown may no longer be true.`);
}

function waiver({ cell, waiver: accepted }: ControlReport, now: string): Markup | false {
  if (accepted === null) return false;
  const { by, reason, expiresAt, inForce } = accepted;
  const hasEnded = Date.parse(expiresAt) <= Date.parse(now);
  const until = hasEnded
    ? html`That ended on ${moment(expiresAt)}, ${age(expiresAt, now)} ago.`
    : html`That ends on ${moment(expiresAt)}, in ${span(expiresAt, now)}.`;
  const covers = inForce || hasEnded ? false : html` ${coverOf(cell)}`;
  return note(
    html`${inForce ? 'The risk is accepted' : 'A risk was accepted'} by ${name(by)}:
      <q>${name(reason)}</q> ${until}${covers}`,
    inForce ? 'accepted' : 'unknown',
  );
}

/** Why an accepted risk that has not ended is not in force. */
function coverOf({ verdict }: Cell): string {
  return verdict === 'unknown'
    ? 'Whether it still covers what is there is not known.'
    : 'It does not cover all that is found now.';
}

function note(content: Markup, look = 'unknown'): Markup {
  return html`<p class="notice" data-look="${look}">${content}</p>`;
}
