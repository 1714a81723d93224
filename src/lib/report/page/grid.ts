import { controls } from '../../controls';
import { sayUnreadable } from '../../model/unreadable';
import type { Cell, Row } from '../model';
import type { Frame } from './frame';
import { namesText, type RankedRow, worstSince } from './grid-query';
import { toTarget } from './links';
import { severityMark, verdictMark } from './marks';
import { html, type Markup, name } from './markup';
import { shortAge } from './time';
import { lookOfCell, type Look, needsAttention, words } from './words';

/** Targets × controls. It may have 1,400 cells, so that every attribute counts. */
export function grid(rows: readonly RankedRow[], frame: Frame, now: string): Markup {
  return html`<div class="scroll" role="region" aria-label="Targets and controls" tabindex="0">
    <table class="grid" data-grid>
      <thead>
        <tr>
          <th scope="col">Target</th>
          ${controls.map(({ id, severity }) => html`<th scope="col">${id} ${severityMark(severity)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((ranked) => targetRow(ranked, frame, now))}
      </tbody>
    </table>
  </div>`;
}

function targetRow({ row, rank }: RankedRow, frame: Frame, now: string): Markup {
  const { targetId, tenantId, displayName, customer, worstVerdict, cells, unreadable } = row;
  const title = displayName === undefined ? targetId : name(displayName);
  const since = worstSince(row);
  const { tags = [] } = row;
  const names = namesText(row);
  return html`<tr
    data-row
    data-target="${targetId}"
    data-tenant="${tenantId}"
    data-verdict="${worstVerdict}"
    data-rank="${rank}"
    ${since !== undefined && html`data-since="${since}"`}
    ${names !== '' && html`data-names="${names}"`}
    ${tags.length > 0 && html`data-tags="${tags.join(' ')}"`}
  >
    <th scope="row">
      ${unreadable === undefined ? toTarget(frame, targetId, title) : title}
      ${displayName !== undefined && html`<p>${targetId}</p>`}${customer !== undefined && html`<p>${customer}</p>`}
      ${verdictMark(rowLook(row), rowWord(row))}${unreadable !== undefined && html`<p>${name(sayUnreadable(unreadable))}</p>`}
    </th>
    ${cells.map((cell) => gridCell(cell, now))}
  </tr>`;
}

/** How a target is to be taken: a stale finding under a good one is not to be missed. */
export function rowLook(row: Row): Look {
  const isFine = row.worstVerdict === 'compliant' || row.worstVerdict === 'notApplicable';
  return isFine && row.cells.some(({ stale }) => stale) ? 'stale' : row.worstVerdict;
}

function rowWord(row: Row): string {
  return row.paused ? `${words[rowLook(row)]}, paused` : words[rowLook(row)];
}

/** The style sheet tells a verdict that is to be taken as it is without being told how it looks. */
function gridCell(cell: Cell, now: string): Markup {
  const { control, verdict } = cell;
  const look = lookOfCell(cell);
  return html`<td
    data-control="${control}"
    data-verdict="${verdict}"
    ${look !== verdict && html` data-look="${look}"`}${needsAttention(look) && html` data-severity="${cell.severity}"`}
  >
    ${wordOf(cell, look)}${cellAge(cell, look, now)}
  </td>`;
}

function wordOf({ checkedAt, unreadable }: Cell, look: Look): string {
  if (unreadable) return 'Cannot be read';
  return checkedAt === null ? 'Never audited' : words[look];
}

/** How bad it is, and since when; of what is stale, how long ago somebody could look. */
function cellAge(cell: Cell, look: Look, now: string): Markup | false {
  const { severity, since, stale, verifiedAt, checkedAt } = cell;
  if (checkedAt === null || look === 'notApplicable' || since === null) return false;
  const old =
    stale && (verifiedAt === null ? ', never verified' : html`, verified ${shortAge(verifiedAt, now)} ago`);
  if (look === 'stale')
    return html`<p>
      ${verifiedAt === null ? 'Never verified' : html`Verified ${shortAge(verifiedAt, now)} ago`}
    </p>`;
  return html`<p>${look === 'nonCompliant' && `${severity}, `}${shortAge(since, now)}${old}</p>`;
}
