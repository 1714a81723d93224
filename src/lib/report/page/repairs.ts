import { counted } from '../../counted';
import { statusWords } from '../../remediation/outcome';
import type { RepairReport, TargetReport } from '../model';
import { actionButton, statusLine } from './actions';
import type { Frame } from './frame';
import { html, type Markup, name } from './markup';
import { age } from './time';

/** What was done to the tenant, newest first, and the way back. Nothing where nothing ever was. */
export function repairsSection(
  { repairs, targetId, generatedAt }: TargetReport,
  frame: Frame,
): Markup | false {
  if (repairs.length === 0) return false;
  return html`<section class="repairs" id="repairs" aria-labelledby="repairs-title">
    <h2 id="repairs-title">Repairs</h2>
    <ul>
      ${repairs.map((repair) => item(repair, targetId, frame, generatedAt))}
    </ul>
  </section>`;
}

function item(repair: RepairReport, targetId: string, frame: Frame, now: string): Markup {
  const { remediationId, control, undoes, status, by, startedAt, changes, outcome, isUndone } = repair;
  const what = undoes === undefined ? 'Repair' : 'Undoing of a repair';
  const button =
    repair.canUndo &&
    actionButton(frame, {
      ...{ name: 'undo', target: targetId, control, remediation: remediationId },
      text: 'Put it back as it was',
    });
  return html`<li>
    <p>
      <b>${what}</b> of <a href="#${control}">${control}</a>: ${statusWords[status].toLowerCase()},
      ${changes.length === 0 ? 'nothing was changed' : counted(changes.length, 'change')}.
      ${isUndone && html`<strong>Undone since.</strong>`}
    </p>
    <p class="when">${age(startedAt, now)} ago, by ${name(by)}</p>
    <p>${outcome}</p>
    ${
      changes.length > 0 &&
      html`<details>
        <summary>What was changed</summary>
        <ul>
          ${changes.map((change) => html`<li>${change}</li>`)}
        </ul>
      </details>`
    }
    ${button !== false && html`<div class="actions">${button} ${statusLine(frame)}</div>`}
  </li>`;
}
