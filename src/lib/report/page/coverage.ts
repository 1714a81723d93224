import { sum } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { stack } from 'd3-shape';
import { counted, grouped } from '../../counted';
import { type Verdict, verdicts } from '../../model/verdict';
import type { ResourceReport } from '../model';
import { verdictMark } from './marks';
import { html, type Markup } from './markup';
import { words } from './words';

/** No part is narrower than this share: one room among ten thousand has to be seen. */
const leastShare = 0.01;

/** How many rooms have which verdict: a bar, and the same in words. */
export function coverage({ rooms, strays }: ResourceReport): Markup {
  const total = sum(verdicts, (verdict) => rooms[verdict]);
  const present = verdicts.filter((verdict) => rooms[verdict] > 0);
  return html`<figure class="coverage">
    ${total > 0 && bar(rooms, present, total)}
    <figcaption>
      <b>${grouped(rooms.compliant)} of ${counted(total, 'room')}</b> compliant
      <ul class="counts">
        ${present
          .filter((verdict) => verdict !== 'compliant')
          .map(
            (verdict) =>
              html`<li>
                ${verdictMark(verdict, `${grouped(rooms[verdict])} ${words[verdict].toLowerCase()}`)}
              </li>`,
          )}
        ${strays > 0 && html`<li>${verdictMark('nonCompliant', `${counted(strays, 'mailbox', 'mailboxes')} within a scope that ${strays === 1 ? 'is no room' : 'are no rooms'}`)}</li>`}
      </ul>
    </figcaption>
  </figure>`;
}

function bar(rooms: ResourceReport['rooms'], present: readonly Verdict[], total: number): Markup {
  const widths = Object.fromEntries(
    present.map((verdict) => [verdict, Math.max(rooms[verdict], total * leastShare)]),
  );
  const series = stack().keys(present)([widths]);
  const x = scaleLinear()
    .domain([0, sum(Object.values(widths))])
    .range([0, 100]);
  const parts = series.map(({ key, 0: part }) => ({ key, from: x(part?.[0] ?? 0), to: x(part?.[1] ?? 0) }));
  // The words below say the same.
  return html`<svg width="100%" height="12" aria-hidden="true">
    ${parts.map(
      ({ key, from, to }) =>
        html`<rect
          data-look="${key}"
          x="${from.toFixed(2)}%"
          width="${(to - from).toFixed(2)}%"
          height="12"
        />`,
    )}
  </svg>`;
}
