import type { User } from '../../microsoft365/directory/service-account';
import type { ManualStep } from '../../model/plan';
import type { Evaluation, Requirement } from '../control';
import type { Code } from './codes';
import { errorWords } from './error-words';
import type { SignInFacts } from './facts';
import type { PolicyOutcome } from './policies';
import { nameOf } from './policy-reasons';

const learn = 'https://learn.microsoft.com/entra';
const policies = 'Microsoft Entra admin centre, Entra ID, Conditional Access, Policies';

/** How to let the sign-in past a policy. What is excluded there is written anew as a whole, so that what is there is kept. */
export function policy(
  { subject, policy: { id, displayName, conditions }, effect }: PolicyOutcome,
  facts: SignInFacts,
  requirement: Requirement,
): ManualStep {
  const who = nameOf(subject, requirement);
  const [place, part, property, excluded] =
    subject === 'account'
      ? ([
          'Users',
          'users',
          'excludeUsers',
          facts.account?.ok === true ? facts.account.value.id : '',
        ] as const)
      : ([
          'Users or workload identities',
          'clientApplications',
          'excludeServicePrincipals',
          facts.client.ok ? facts.client.value.id : '',
        ] as const);
  const capital = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const line = `$policy = Get-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId ${id}; Update-MgIdentityConditionalAccessPolicy -ConditionalAccessPolicyId ${id} -BodyParameter @{ conditions = @{ ${part} = @{ ${property} = @($policy.Conditions.${capital(part)}.${capital(property)}) + '${excluded}' } } }`;
  const first =
    effect === 'conditional'
      ? `Find out from the vendor of ${requirement.profile.name} from where it signs in, and whether the policy "${displayName}" stops it. If so, exclude`
      : 'Exclude';
  const narrower = conditions.locations
    ? 'The named locations that the policy leaves out are the narrower way: add the fixed addresses of the vendor to one of them (Conditional Access, Named locations); whoever signs in from there is then let in.'
    : 'Narrow it with a second policy that blocks this sign-in from everywhere but a named location with the fixed addresses of the vendor (Conditional Access, Named locations).';
  return {
    description: `${first} ${who} from the policy "${displayName}": ${policies}, "${displayName}", ${place}, Exclude; or in PowerShell: ${line}. What it costs: the policy then protects this sign-in no more, so that ${costs[subject]} is all that it takes. ${narrower}`,
    link: `${learn}/identity/conditional-access/concept-conditional-access-users-groups`,
  };
}

const costs = { account: 'the password', application: 'a secret or certificate of the application' } as const;

/** How to do without security defaults. */
export function securityDefaults({ profile, target }: Requirement): ManualStep {
  return {
    description: `Switch security defaults off, once policies of Conditional Access (Microsoft Entra ID P1) stand in their place that demand multifactor authentication of everybody, block legacy authentication, and exclude ${target.serviceAccount ?? profile.name} alone: Microsoft Entra admin centre, Entra ID, Overview, Properties, Manage security defaults; or in PowerShell: Update-MgPolicyIdentitySecurityDefaultEnforcementPolicy -IsEnabled:$false. What it costs: without such policies nobody in the tenant has to confirm a sign-in any more, administrators included.`,
    link: `${learn}/fundamentals/security-defaults`,
  };
}

/** How to switch off what is set for the account itself. */
export function perUserMfa({ id, userPrincipalName }: User, { profile }: Requirement): ManualStep {
  return {
    description: `Switch off the multifactor authentication of ${userPrincipalName} itself, and exclude it from the policies that demand it: Microsoft Entra admin centre, Entra ID, Users, Per-user MFA, ${userPrincipalName}, Disable; or in PowerShell: Invoke-MgGraphRequest -Method PATCH -Uri 'https://graph.microsoft.com/beta/users/${id}/authentication/requirements' -Body @{ perUserMfaState = 'disabled' }. What it costs: whoever has the password gets in as ${profile.name} does, so give it a long one of its own, and let a policy block it from everywhere but a named location of the vendor.`,
    link: `${learn}/identity/authentication/howto-mfa-userstates`,
  };
}

/** One for each who fails. */
export function failing({ reasons }: Evaluation<Code>, requirement: Requirement): ManualStep[] {
  return reasons
    .filter(({ code }) => code === 'signin.failing')
    .map(({ resource = '', actual }) => {
      const code = Number(actual);
      return {
        description: `Look at the failed sign-ins of ${resource} (${code}, ${errorWords(code)}): Microsoft Entra admin centre, Entra ID, Monitoring & health, Sign-in logs; or in PowerShell: ${logLine(requirement)}. ${remedy(code, requirement)}`,
        link: `${learn}/identity-platform/reference-error-codes`,
      };
    });
}

/** What helps, and what it costs. */
function remedy(code: number, { profile }: Requirement): string {
  if ([50126, 50055, 50056, 50173].includes(code))
    return `Set the password anew and enter it in ${profile.name}. What it costs: whoever else uses the old one is locked out.`;
  if (code === 50053)
    return 'Find out who tries wrong passwords before you unblock it. What it costs: a guesser may go on guessing.';
  if ([53000, 53001, 53003, 50131, 50072, 50074, 50076, 50079].includes(code))
    return 'The row names the policy under Conditional Access: exclude the account from it. What it costs: the password alone is then enough.';
  if ([7000215, 7000222, 700027].includes(code))
    return `Have the vendor of ${profile.name} renew its secret or certificate; where the application is registered here, add a new one under App registrations, Certificates & secrets. What it costs: the old one stays good until it is removed.`;
  return `Ask the vendor of ${profile.name}, and give it the request id of a failed row. It costs no safety.`;
}

/** Where to look when nothing signs in. */
export function silent(requirement: Requirement): ManualStep {
  return {
    description: `See in ${requirement.profile.name} whether the sync is switched on and connected, connect it again, and look for its sign-ins: Microsoft Entra admin centre, Entra ID, Monitoring & health, Sign-in logs; or in PowerShell: ${logLine(requirement)}. It costs no safety. If it is no longer in use, pause the target, and take its permissions back.`,
    link: requirement.profile.source,
  };
}

function logLine({ target }: Requirement): string {
  return `Get-MgBetaAuditLogSignIn -Top 20 -Filter "appId eq '${target.clientAppId}' and signInEventTypes/any(t: t eq 'interactiveUser' or t eq 'nonInteractiveUser' or t eq 'servicePrincipal')"`;
}
