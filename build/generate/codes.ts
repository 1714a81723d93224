import { type CodeDeclaration, levelsOf } from '../../src/lib/controls/codes';
import type { Control } from '../../src/lib/controls/control';
import { levels } from '../../src/lib/model/verdict';
import { table } from './markdown';
import { folderOf, linkTo, linkToCode } from './pages';

/** How severe a control is and which codes it gives, for its own page. */
export function severityAndCodes(control: Control<unknown>): string {
  return `Severity: ${control.severity}.\n\n${codeTable(control, '')}`;
}

/** The codes of every control, each under a heading of its own. */
export function allCodes(controls: readonly Control<unknown>[]): string {
  return controls
    .map((control) => `### ${control.id}\n\n${codeTable(control, `../${folderOf(control)}/README.md`)}`)
    .join('\n\n');
}

/** What can be accepted although it is unknown. */
export function acceptableUnknowns(controls: readonly Control<unknown>[]): string {
  return controls
    .flatMap((control) =>
      declaredBy(control)
        .filter(([, { acceptable }]) => acceptable === true)
        .map(
          ([name, { title }]) =>
            `- ${linkToCode(name, `../${folderOf(control)}/README.md`)}: ${lower(title)}`,
        ),
    )
    .join('\n');
}

/** What there is to check, with its severity. */
export function controlTable(controls: readonly Control<unknown>[]): string {
  return table(
    ['control', 'requirement', 'severity'],
    controls.map((control) => [linkTo(control, ''), control.title, control.severity]),
  );
}

function codeTable(control: Control<unknown>, page: string): string {
  return table(
    ['code', 'level', 'in short'],
    declaredBy(control).map(([name, declared]) => [
      linkToCode(name, page),
      levels.filter((level) => levelsOf(declared).includes(level)).join(' or '),
      declared.title,
    ]),
  );
}

export function declaredBy({ codes }: Control<unknown>): [name: string, declared: CodeDeclaration][] {
  return Object.entries(codes);
}

/** As a part of a sentence. */
function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
