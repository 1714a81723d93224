import {
  applicationReadAll,
  appRoleAssignmentReadWriteAll,
  delegatedPermissionGrantReadWriteAll,
  directoryReadAll,
  userReadAll,
} from '../../microsoft365/permissions';
import type { Control } from '../control';
import { type Code, codes } from './codes';
import { collect, type ConsentFacts } from './collect';
import { evaluate } from './evaluate';
import { plan, observe } from './plan';

/**
 * The permissions of the vendor's application in Microsoft Entra. Roles of Exchange are the business of
 * impersonation.
 */
export const consent: Control<ConsentFacts, Code> = {
  id: 'consent',
  version: 3,
  title: "The vendor's application holds exactly the permissions it needs",
  severity: 'high',
  codes,
  appliesTo: () => true,
  permissions: {
    read: [applicationReadAll, directoryReadAll, userReadAll],
    // Microsoft asks for Application.Read.All beside AppRoleAssignment.ReadWrite.All.
    write: [appRoleAssignmentReadWriteAll, delegatedPermissionGrantReadWriteAll, applicationReadAll],
  },
  collect,
  evaluate,
  plan,
  observe,
};
