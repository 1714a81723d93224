import {
  applicationReadAll,
  auditLogReadAll,
  policyReadAll,
  userReadAll,
} from '../../microsoft365/permissions';
import type { Control } from '../control';
import { type Code, codes } from './codes';
import { collect } from './collect';
import { evaluate } from './evaluate';
import type { SignInFacts } from './facts';
import { plan } from './plan';

/** The control `sign-in`. */
export const signIn: Control<SignInFacts, Code> = {
  id: 'sign-in',
  version: 1,
  title: 'The account and the application can still sign in unattended',
  severity: 'critical',
  codes,
  appliesTo: () => true,
  permissions: {
    read: [userReadAll, applicationReadAll, policyReadAll, auditLogReadAll],
    // No policy is ever written: what a plan holds is for people.
    write: [],
  },
  collect,
  evaluate,
  plan,
};
