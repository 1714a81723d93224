import { group } from 'd3-array';
import { counted, grouped } from '../../counted';
import type { Finding } from '../../model/finding';
import type { Reason } from '../../model/verdict';
import type { ReasonGroup } from '../model';
import { explainedCode } from './explanations';
import type { Frame } from './frame';
import { toDocs } from './links';
import { html, type Markup, name, trusted } from './markup';

/** The most reasons of one code that stand open; the others are behind a click. */
const mostOpen = 10;

const levels: Readonly<Record<Reason['level'], string>> = {
  violation: 'violation',
  unknown: 'unknown',
  notice: 'worth knowing',
};

/** The reasons of a finding, code by code in their order, each with what it means and what to do. */
export function reasonGroups(finding: Finding, frame: Frame): Markup {
  const { reasons, counts, control } = finding;
  const kept = reasons.filter(({ level }) => level === 'violation').length;
  const groups = groupsOf(reasons);
  return html`${groups.map((one) => reasonGroup(one, control, frame))}
  ${
    counts.violations > kept &&
    html`<p class="note">
      ${grouped(kept)} of ${counted(counts.violations, 'violation')} are listed; a finding keeps 50 of each
      code.
    </p>`
  }`;
}

function groupsOf(reasons: readonly Reason[]): ReasonGroup[] {
  const byKind = group(reasons, ({ code, level }) => `${level} ${code}`);
  return [...byKind.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ code: first.code, level: first.level, reasons: same }];
  });
}

function reasonGroup({ code, level, reasons }: ReasonGroup, control: string, frame: Frame): Markup {
  const explained = explainedCode(code);
  const id = `${control}/${code}`;
  return html`<section class="reasons" data-level="${level}">
    <h3 id="${level === 'notice' ? `${id}/notice` : id}">
      <code>${explained === undefined ? code : toDocs(frame, explained.page, code)}</code>
      <span class="level">${levels[level]}${reasons.length > 1 && html` × ${reasons.length}`}</span>
    </h3>
    ${reasonTable(code, reasons.slice(0, mostOpen))}
    ${
      reasons.length > mostOpen &&
      html`<details>
        <summary>${reasons.length - mostOpen} more</summary>
        ${reasonTable(code, reasons.slice(mostOpen))}
      </details>`
    }
    ${explained !== undefined && explanation(explained.meaning, explained.remedy)}
  </section>`;
}

/** The texts are made from this project's own pages while building. */
function explanation(meaning: string, remedy: string): Markup {
  return html`<div class="remedy"><b>What to do</b> ${trusted(remedy)}</div>
    <details class="meaning">
      <summary>What it means</summary>
      ${trusted(meaning)}
    </details>`;
}

const columns = [
  { title: 'About', of: ({ resource }: Reason) => resource },
  { title: 'Found', of: ({ message }: Reason) => message },
  { title: 'Expected', of: ({ expected }: Reason) => expected },
  { title: 'Actual', of: ({ actual }: Reason) => actual },
];

/** Columns in which nothing stands are left out. */
function reasonTable(code: string, reasons: readonly Reason[]): Markup {
  const shown = columns.filter(({ of }) => reasons.some((reason) => of(reason) !== undefined));
  const cell = ({ title, of }: (typeof columns)[number], reason: Reason) => {
    const text = of(reason);
    return html`<td data-title="${title}">${text === undefined ? '–' : name(text)}</td>`;
  };
  return html`<table class="stacking" aria-label="${code}">
    <thead>
      <tr>
        ${shown.map(({ title }) => html`<th scope="col" class="col-${title.toLowerCase()}">${title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${reasons.map(
        (reason) =>
          html`<tr>
            ${shown.map((column) => cell(column, reason))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
