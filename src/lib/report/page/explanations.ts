import explanations from 'asset:explanations';
import type { ControlId } from '../../model/verdict';

/** What the documentation says of a code; undefined for one that it does not know, as of a finding of a later version. */
export function explainedCode(code: string): CodeExplanation | undefined {
  return Object.hasOwn(explanations.codes, code) ? explanations.codes[code] : undefined;
}

/** What the documentation says of a control. @throws when it has no page, which a test rules out. */
export function explainedControl(control: ControlId): ControlExplanation {
  const explained = explanations.controls[control];
  if (explained === undefined) throw new Error(`The control ${control} has no page.`);
  return explained;
}

/** What the documentation says of one code. All parts are HTML that was made from this project's own Markdown. */
export interface CodeExplanation {
  /** What it means. */
  meaning: string;
  /** What to do about it. */
  remedy: string;
  /** The first thing to do, as part of a sentence's line. */
  firstStep: string;
  /** Where it stands, below the root of the documentation: `docs/findings.md#unreadablepermission`. */
  page: string;
}

/** What the documentation says of one control. */
export interface ControlExplanation {
  page: string;
  /** Pages of Microsoft's and of the vendor's that it names. */
  links: readonly { text: string; href: string }[];
}

/** What the documentation says of controls and their codes, taken from it when the app is built. */
export interface Explanations {
  /** By code. */
  codes: Readonly<Record<string, CodeExplanation>>;
  /** By the id of the control. */
  controls: Readonly<Record<string, ControlExplanation>>;
}
