import * as z from 'zod';
import type { ClientApp } from '../../microsoft365/directory/client-app';
import type { User } from '../../microsoft365/directory/service-account';
import type { Read } from '../../microsoft365/wire/read';
import type { ResourceName } from '../../profiles/profile';

const GuidLower = z.string().transform((id) => id.toLowerCase());
const Time = z.iso.datetime({ offset: true });
const Texts = z.array(z.string()).nullish();

/** What a policy demands. https://learn.microsoft.com/graph/api/resources/conditionalaccessgrantcontrols */
const GrantControls = z.object({
  /** `AND` or `OR`. */
  operator: z.string().nullish(),
  builtInControls: Texts,
  customAuthenticationFactors: Texts,
  termsOfUse: Texts,
  authenticationStrength: z.object({ displayName: z.string().nullish() }).nullish(),
});

/** The conditions of a policy that depend on what is not known here, as far as messages name them. */
const Conditions = z.object({
  locations: z.object({ includeLocations: Texts, excludeLocations: Texts }).nullish(),
  platforms: z.object({}).nullish(),
  devices: z.object({}).nullish(),
  signInRiskLevels: Texts,
  userRiskLevels: Texts,
  servicePrincipalRiskLevels: Texts,
});

/** What Microsoft says of one policy and one sign-in. https://learn.microsoft.com/graph/api/resources/whatifanalysisresult */
export const Policy = z.object({
  id: GuidLower,
  displayName: z.string(),
  /** `enabled`, `disabled`, or `enabledForReportingButNotEnforced`. */
  state: z.string(),
  createdDateTime: Time.nullish(),
  modifiedDateTime: Time.nullish(),
  grantControls: GrantControls.nullish(),
  conditions: Conditions,
  policyApplies: z.boolean(),
  /** Flags with commas: why it does not apply; `notSet` where it does. */
  analysisReasons: z.string(),
});
export type Policy = z.infer<typeof Policy>;

/** One row of the sign-in log. https://learn.microsoft.com/graph/api/resources/signin */
export const LogRow = z.object({
  id: z.string(),
  createdDateTime: Time,
  appId: GuidLower.nullish(),
  resourceId: GuidLower.nullish(),
  /** 0 is a success. */
  status: z.object({ errorCode: z.number().int() }),
});
export type LogRow = z.infer<typeof LogRow>;

/** https://learn.microsoft.com/graph/api/resources/signinactivity */
export const Activity = z.object({
  lastSuccessfulSignInDateTime: Time.nullish(),
  lastNonInteractiveSignInDateTime: Time.nullish(),
});
export type Activity = z.infer<typeof Activity>;

/** What Microsoft says of all policies for a sign-in to one resource. */
export interface WhatIf {
  resource: ResourceName;
  policies: Read<Policy[]>;
}

/** What the control reads of a tenant. */
export interface SignInFacts {
  /** Null for a product that signs in as an application alone. */
  account: Read<User> | null;
  client: Read<ClientApp>;
  securityDefaults: Read<{ isEnabled: boolean }>;
  /** What follows is asked for only when the account is there. */
  perUserMfa?: Read<{ perUserMfaState?: string | null | undefined }>;
  accountWhatIf?: readonly WhatIf[];
  /** The newest rows of the account with the vendor's application. */
  accountLog?: Read<LogRow[]>;
  /** Null for an account that never signed in. */
  activity?: Read<Activity | null>;
  /** The newest rows of the application itself; asked for only when it is there. */
  applicationLog?: Read<LogRow[]>;
  /** Asked for only when the application is registered in this tenant: policies reach no other. */
  applicationWhatIf?: readonly WhatIf[];
}
