import type { Problem } from './api';
import { element, fill, find, type Part } from './dom';

/** The line that says how an action goes: the nearest one around its button. */
export function statusElement(button: HTMLElement): HTMLElement | undefined {
  const around = button.closest<HTMLElement>('.actions, section');
  return around === null ? undefined : find('[data-status]', around);
}

/** Says that something is under way. */
export function sayBusy(status: HTMLElement | undefined, text: string): void {
  say(status, element('progress', { 'aria-hidden': 'true' }), ' ', text);
}

/** Says why something was not done, and what to do where that is known. */
export function sayProblem(status: HTMLElement | undefined, { code, detail }: Problem): void {
  const signIn = element('a', { href: location.href }, 'Sign in again');
  say(status, detail, code === 'auth.required' && ' ', code === 'auth.required' && signIn);
}

/** Shows this in place of what the line says; nothing where the page has no such line. */
export function say(status: HTMLElement | undefined, ...parts: readonly Part[]): void {
  if (status !== undefined) fill(status, ...parts);
}
