import type { Policy } from './facts';

/** What a policy demands of whoever it applies to. */
export interface Demand {
  /** `open`: one of the controls is not known, and it may be possible to meet that one. */
  kind: 'nothing' | 'block' | 'unattainable' | 'open';
  /** In words. */
  what: string[];
}

/** The built-in controls, none of which an unattended sign-in can meet. */
const builtIn: Readonly<Record<string, string>> = {
  mfa: 'multifactor authentication',
  compliantDevice: 'a compliant device',
  domainJoinedDevice: 'a device joined to the domain',
  approvedApplication: 'an approved client application',
  compliantApplication: 'an application with a protection policy',
  passwordChange: 'a change of the password',
  riskRemediation: 'remediation of a risk',
};

/** Session controls alone demand nothing at the sign-in. */
export function demandOf(controls: Policy['grantControls']): Demand {
  const asked = controls?.builtInControls ?? [];
  if (asked.includes('block')) return { kind: 'block', what: [] };
  const strange = asked.filter((control) => builtIn[control] === undefined);
  const known = [
    ...asked.flatMap((control) => builtIn[control] ?? []),
    ...strengthIn(controls),
    ...((controls?.termsOfUse ?? []).length > 0 ? ['consent to terms of use'] : []),
    ...((controls?.customAuthenticationFactors ?? []).length > 0 ? ['a custom control'] : []),
  ].sort();
  const isEach = controls?.operator === 'AND';
  if (strange.length === 0 || (isEach && known.length > 0))
    return { kind: known.length === 0 ? 'nothing' : 'unattainable', what: known };
  return { kind: 'open', what: strange.map((control) => `the control ${control}, which is not known here`) };
}

function strengthIn(controls: Policy['grantControls']): string[] {
  const strength = controls?.authenticationStrength ?? undefined;
  return strength === undefined ? [] : [`the authentication strength ${strength.displayName ?? ''}`.trim()];
}
