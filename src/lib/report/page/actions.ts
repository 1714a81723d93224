import type { AppRole } from '../../http/roles';
import { type Frame, may } from './frame';
import { html, type Markup } from './markup';

/** Which button, for what. */
export interface Action {
  name:
    'audit' | 'plan' | 'apply' | 'undo' | 'accept' | 'accept-all' | 'revoke' | 'pause' | 'resume' | 'delete';
  target?: string;
  control?: string;
  /** The one that is put back. */
  remediation?: string;
  /** Whose targets it is about, where the page is about those of one. */
  customer?: string | undefined;
  /** Of the violations that may be accepted. */
  codes?: readonly string[];
  text: string;
}

/** Each uses the HTTP API with the person's own sign-in, which decides again. */
const roles: Readonly<Record<Action['name'], AppRole>> = {
  audit: 'Syncwarden.Audit',
  plan: 'Syncwarden.Read',
  apply: 'Syncwarden.Remediate',
  undo: 'Syncwarden.Remediate',
  accept: 'Syncwarden.Admin',
  'accept-all': 'Syncwarden.Admin',
  pause: 'Syncwarden.Admin',
  resume: 'Syncwarden.Admin',
  delete: 'Syncwarden.Admin',
  revoke: 'Syncwarden.Admin',
};

/** A button that the script shows; nothing for whoever may not do it, and in a file. */
export function actionButton(
  frame: Frame,
  { name, target, control, remediation, customer, codes, text }: Action,
): Markup | false {
  if (!may(frame, roles[name])) return false;
  return html`<button
    type="button"
    hidden
    data-action="${name}"
    ${target !== undefined && html`data-target="${target}"`}
    ${control !== undefined && html`data-control="${control}"`}
    ${remediation !== undefined && html`data-remediation="${remediation}"`}
    ${customer !== undefined && html`data-customer="${customer}"`}
    ${codes !== undefined && html`data-codes="${codes.join(' ')}"`}
    ${name === 'apply' && html`disabled`}
  >
    ${text}
  </button>`;
}

/** Where the script says how an action goes. Nothing in a file. */
export function statusLine({ viewer }: Frame): Markup | false {
  return viewer !== null && html`<p class="status" role="status" aria-live="polite" data-status></p>`;
}
