import { type ControlId, severities, type Severity } from '../../model/verdict';
import { grouped } from '../../counted';
import { controls } from '../../controls';
import type { Row } from '../model';
import { type Frame, queryHref } from './frame';
import { html, type Markup } from './markup';
import { severityMark } from './marks';
import { type Look, lookOfCell, needsAttention, words } from './words';

/** From what is wrong to what is fine: the order of the parts of a bar. */
const parts: readonly Look[] = ['nonCompliant', 'unknown', 'stale', 'accepted', 'compliant'];

const width = 200;
const height = 10;

/** One finding, as far as it counts. */
interface Share {
  control: ControlId;
  severity: Severity;
  look: Look;
}

/** How the findings of all targets stand, by severity and by control. What applies nowhere has no line. */
export function sharesSection(
  rows: readonly Row[],
  frame: Frame,
  customer: string | undefined,
): Markup | false {
  const shares = rows
    .filter(({ paused }) => !paused)
    .flatMap((row) => row.cells)
    .map((cell): Share => ({ control: cell.control, severity: cell.severity, look: lookOfCell(cell) }))
    .filter(({ look }) => look !== 'notApplicable');
  if (shares.length === 0) return false;
  const link = (parameters: Record<string, string>, text: string) =>
    frame.viewer === null
      ? html`${text}`
      : html`<a href="${queryHref({ customer, ...parameters })}#targets">${text}</a>`;
  const ofSeverity = Map.groupBy(shares, ({ severity }) => severity);
  const ofControl = Map.groupBy(shares, ({ control }) => control);
  const bySeverity = severities.map((severity) =>
    line(link({ severity }, severity), ofSeverity.get(severity) ?? []),
  );
  const byControl = controls.map(({ id, severity }) =>
    line(html`${link({ control: id }, id)} ${severityMark(severity)}`, ofControl.get(id) ?? []),
  );
  return html`${table('By severity', bySeverity)} ${table('By control', byControl)}`;
}

function table(caption: string, lines: readonly (Markup | false)[]): Markup {
  return html`<table class="shares">
    <caption>
      ${caption}: how many need attention
    </caption>
    <tbody>
      ${lines}
    </tbody>
  </table>`;
}

function line(title: Markup, shares: readonly Share[]): Markup | false {
  if (shares.length === 0) return false;
  const looks = shares.map(({ look }) => look);
  const open = looks.filter(needsAttention).length;
  return html`<tr>
    <th scope="row">${title}</th>
    <td>${bar(looks)}</td>
    <td>${open === 0 ? 'none' : `${grouped(open)} of ${grouped(looks.length)}`}</td>
  </tr>`;
}

/** The same as a picture: each part as wide as its share. */
function bar(looks: readonly Look[]): Markup {
  const counts = parts.map((look) => ({ look, count: looks.filter((one) => one === look).length }));
  const present = counts.filter(({ count }) => count > 0);
  let x = 0;
  const rects = present.map(({ look, count }) => {
    const part = (width * count) / looks.length;
    const rect = html`<rect
      data-look="${look}"
      x="${round(x)}"
      y="0"
      width="${round(part)}"
      height="${height}"
    />`;
    x += part;
    return rect;
  });
  const label = present.map(({ look, count }) => `${grouped(count)} ${words[look].toLowerCase()}`).join(', ');
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${label}"
    preserveAspectRatio="none"
  >
    ${rects}
  </svg>`;
}

function round(length: number): number {
  return Math.round(length * 100) / 100;
}
