import type { ControlReport, TargetReport } from '../model';
import { type Frame, may } from './frame';
import { html, type Markup } from './markup';

/** What has no button here, as the call of the API that does it: for whoever may do it, and where it would come to something. */
export function calls(
  { control, cell, waiver, finding }: ControlReport,
  { targetId }: Pick<TargetReport, 'targetId'>,
  frame: Frame,
): Markup | false {
  const target = `/api/targets/${targetId}`;
  const isAdmin = may(frame, 'Syncwarden.Admin');
  const lines = [
    isAdmin &&
      cell.verdict === 'nonCompliant' &&
      html`<li>
        Accept the risk until a day: <code>PUT ${target}/waivers/${control}</code>, with
        <code>reason</code> and <code>expiresAt</code>.
      </li>`,
    isAdmin &&
      waiver !== null &&
      html`<li>Accept it no longer: <code>DELETE ${target}/waivers/${control}</code>.</li>`,
    may(frame, 'Syncwarden.Remediate') &&
      finding !== undefined &&
      html`<li>
        Undo a repair: <code>GET ${target}/remediations</code> lists them,
        <code>POST ${target}/remediations/{remediationId}/undo</code> puts back what one has changed.
      </li>`,
  ].filter((line) => line !== false);
  if (lines.length === 0) return false;
  return html`<details class="history">
    <summary>Without a button here</summary>
    <ul>
      ${lines}
    </ul>
  </details>`;
}
