import { control as controlOf } from '../../controls';
import type { ControlReport, TargetReport } from '../model';
import { actionButton, statusLine } from './actions';
import { cameFrom } from './changes';
import { explainedControl } from './explanations';
import { type Frame, queryHref } from './frame';
import { outward, toDocs } from './links';
import { html, type Markup } from './markup';
import { severityMark, verdictMark } from './marks';
import { notes } from './notes';
import { planText } from './plan';
import { reasonGroups } from './reasons';
import { age } from './time';
import { counted } from '../../counted';
import { lookOfCell } from './words';

/** One control of a target: what was found, why, since when, and what to do. */
export function findingSection(report: ControlReport, model: TargetReport, frame: Frame): Markup {
  const { control, cell, finding, title } = report;
  const now = model.generatedAt;
  const word = finding === undefined ? 'Never audited' : undefined;
  return html`<section
    class="finding"
    id="${control}"
    aria-labelledby="${control}-title"
    data-finding
    data-control="${control}"
    data-verdict="${cell.verdict}"
    data-look="${lookOfCell(cell)}"
  >
    <header>
      <h2 id="${control}-title">${control}</h2>
      ${verdictMark(lookOfCell(cell), word)} ${severityMark(cell.severity)}
      ${cell.since !== null && html`<span class="for">for ${age(cell.since, now)}</span>`}
    </header>
    <p class="title">Required: ${title}</p>
    ${notes(report, now)} ${finding !== undefined && html`<p class="summary">${finding.summary}</p>`}
    ${finding !== undefined && reasonGroups(finding, frame)} ${repair(report, model, frame)}
    ${transitions(report, model, frame)} ${footnote(report, now, frame)}
  </section>`;
}

/** What would repair it: the plan where it was read with the finding, and else where it can be asked for. */
function repair(
  { control, cell, plan, waiver }: ControlReport,
  { targetId }: TargetReport,
  frame: Frame,
): Markup {
  const target = { target: targetId, control };
  const isOpen = cell.verdict === 'nonCompliant' || cell.verdict === 'unknown';
  const offersPlan = isOpen && cell.checkedAt !== null && controlOf(control).plan !== undefined;
  const buttons = [
    offersPlan && actionButton(frame, { ...target, name: 'plan', text: 'Show the plan' }),
    offersPlan && actionButton(frame, { ...target, name: 'apply', text: 'Apply this plan' }),
    actionButton(frame, { ...target, name: 'audit', text: 'Audit this control now' }),
    cell.verdict === 'nonCompliant' &&
      !cell.waived &&
      actionButton(frame, { ...target, name: 'accept', codes: cell.codes, text: 'Accept the risk …' }),
    waiver !== null && actionButton(frame, { ...target, name: 'revoke', text: 'Take the acceptance back' }),
  ];
  return html`${
    plan !== undefined &&
    html`<h3>What would repair it</h3>
      ${planText(plan)}`
  }
  ${offersPlan && frame.viewer !== null && html`<div data-plan></div>`}
  ${
    frame.viewer !== null &&
    html`<div class="actions">
      ${offersPlan && control === 'consent' && revocations()} ${buttons} ${statusLine(frame)}
    </div>`
  }`;
}

function revocations(): Markup {
  return html`<label hidden data-needs-script
    ><input type="checkbox" data-include="revocations" /> Also take back what is not needed</label
  >`;
}

function transitions(
  { control, transitions: list }: ControlReport,
  { targetId, generatedAt: now }: TargetReport,
  frame: Frame,
): Markup | false {
  if (list.length === 0) return false;
  const line = (change: (typeof list)[number]) =>
    html`<li>
      <span class="when">${age(change.at, now)} ago</span>
      ${verdictMark(lookOfCell({ ...change, stale: false }))}
      <span class="how">${cameFrom(change)}.</span> ${change.summary}
    </li>`;
  return html`<details class="history">
    <summary>Last changes (${list.length})</summary>
    <ul>
      ${list.map(line)}
    </ul>
    ${frame.viewer !== null && html`<p><a href="${queryHref({ targetId, history: 'all', control })}">Whole history</a></p>`}
  </details>`;
}

/** When it was looked at, what that cost, and where to read on. */
function footnote({ control, cell }: ControlReport, now: string, frame: Frame): Markup {
  const { page, links } = explainedControl(control);
  return html`<footer class="note">
    ${
      cell.checkedAt !== null &&
      html`<p>
        Last attempt ${age(cell.checkedAt, now)} ago, with ${counted(cell.requests, 'request')};
        ${cell.verifiedAt === null ? 'never verified' : html`verified ${age(cell.verifiedAt, now)} ago`}.
      </p>`
    }
    <p>
      ${frame.docsUrl !== undefined && html`${toDocs(frame, page, `About ${control}`)}. `} Read more:
      ${links.map(({ text, href }, index) => html`${index > 0 && ', '}${outward(href, text)}`)}.
    </p>
  </footer>`;
}
