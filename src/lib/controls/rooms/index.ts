import { exchangeManageAsApp, exchangeManageAsAppWith } from '../../microsoft365/permissions';
import type { Control } from '../control';
import { type Code, codes } from './codes';
import { collect, type RoomsFacts } from './collect';
import { evaluate } from './evaluate';
import { plan, observe } from './plan';

/** How rooms are set up. Only Exchange itself knows: applies to targets with the reader `admin-api`. */
export const rooms: Control<RoomsFacts, Code> = {
  id: 'rooms',
  version: 3,
  title: 'Every room is set up as the vendor needs it',
  severity: 'medium',
  codes,
  appliesTo: ({ exchangeReader }) =>
    exchangeReader === 'admin-api' ||
    'Only Exchange itself knows the settings of rooms: set exchangeReader to admin-api.',
  permissions: {
    read: [exchangeManageAsApp],
    readWith: { graph: [] },
    write: [exchangeManageAsAppWith('Mail Recipients')],
  },
  collect,
  evaluate,
  plan,
  observe,
};
