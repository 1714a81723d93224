import type { Control } from '../../src/lib/controls/control';
import { code } from './markdown';

/** The folder of a control, from the root of the project. */
export function folderOf({ id }: Control<unknown>): string {
  return `src/lib/controls/${id}`;
}

/** A link to the page of a control. */
export function linkTo(control: Control<unknown>, root: '' | '../' = '../'): string {
  return `[${code(control.id)}](${root}${folderOf(control)}/README.md)`;
}

/** A link to the section about a code, from the page that has it unless told. */
export function linkToCode(name: string, page = ''): string {
  return `[${code(name)}](${page}#${name.toLowerCase().replace('.', '')})`;
}
