import * as z from 'zod';

const Texts = z.array(z.string()).default([]);

/** A row of the log as the tenant's file has it. */
const LogRow = z.looseObject({
  id: z.string(),
  /** ISO 8601; or else {@link LogRow.hoursAgo} says it. */
  createdDateTime: z.string().optional(),
  /** Before whenever it is looked at. */
  hoursAgo: z.number().optional(),
  signInEventTypes: z.array(z.string()).min(1),
});
export type LogRow = z.infer<typeof LogRow>;

/** A policy of Conditional Access: what evaluating it looks at. */
const ConditionalAccessPolicy = z.looseObject({
  id: z.string(),
  displayName: z.string(),
  state: z.string(),
  createdDateTime: z.string().nullable().default(null),
  modifiedDateTime: z.string().nullable().default(null),
  conditions: z.looseObject({
    users: z
      .looseObject({
        ...{ includeUsers: Texts, excludeUsers: Texts, includeGroups: Texts, excludeGroups: Texts },
        ...{ includeRoles: Texts, excludeRoles: Texts },
      })
      .optional(),
    clientApplications: z
      .looseObject({ includeServicePrincipals: Texts, excludeServicePrincipals: Texts })
      .optional(),
    applications: z.looseObject({
      ...{ includeApplications: Texts, excludeApplications: Texts, includeUserActions: Texts },
    }),
    clientAppTypes: z.array(z.string()).default(['all']),
    locations: z.looseObject({ includeLocations: Texts, excludeLocations: Texts }).optional(),
    platforms: z.looseObject({ includePlatforms: Texts, excludePlatforms: Texts }).optional(),
    signInRiskLevels: Texts,
    userRiskLevels: Texts,
    authenticationFlows: z.looseObject({ transferMethods: z.string() }).optional(),
  }),
  grantControls: z.unknown(),
});
export type ConditionalAccessPolicy = z.infer<typeof ConditionalAccessPolicy>;

/** What decides on sign-ins to a tenant, and what has become of them. */
export const SignInState = z.strictObject({
  /** Whether the tenant has Microsoft Entra ID P1: without it there is no log. */
  premium: z.boolean().default(true),
  securityDefaults: z.boolean().default(false),
  /** Id of a user → `enabled` or `enforced`. */
  perUserMfa: z.record(z.string(), z.string()).default({}),
  /** Id of a user → ids of the templates of the roles of Microsoft Entra that it has. */
  directoryRoles: z.record(z.string(), z.array(z.string())).default({}),
  policies: z.array(ConditionalAccessPolicy).default([]),
  log: z.array(LogRow).default([]),
  /** Id of a user → hours since its last success. */
  lastSuccessHoursAgo: z.record(z.string(), z.number()).default({}),
});
export type SignInState = z.infer<typeof SignInState>;

/** A policy as a tenant's state has it; what is left out gets what Microsoft puts in its place. */
export function toPolicy(policy: unknown): ConditionalAccessPolicy {
  return ConditionalAccessPolicy.parse(policy);
}
