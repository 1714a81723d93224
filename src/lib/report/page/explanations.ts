import explanations from 'asset:explanations';
import type { ControlId } from '../../model/verdict';
import type { CodeExplanation, ControlExplanation } from './explanation';

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
