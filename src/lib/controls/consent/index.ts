import { applicationReadAll, directoryReadAll, userReadAll } from '../../microsoft365/permissions';
import type { Control } from '../control';
import { collect, type ConsentFacts } from './collect';
import { evaluate } from './evaluate';

export const consent: Control<ConsentFacts> = {
  id: 'consent',
  version: 1,
  title: "The vendor's application holds exactly the permissions it needs",
  severity: 'high',
  permissions: { read: [applicationReadAll, directoryReadAll, userReadAll], write: [] },
  collect,
  evaluate,
};
