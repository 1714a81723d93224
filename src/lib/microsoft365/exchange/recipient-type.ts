import type { PropertyValue } from '../opath/evaluate';
import type { Truth } from '../opath/ternary';

/**
 * What a filter may compare the type of a recipient with, in lower case. Exchange also takes numbers, and several values
 * at once; what it makes of these, or of a name that is none, is not documented.
 * https://learn.microsoft.com/powershell/exchange/recipientfilter-properties
 */
const detailedTypes = new Set(
  `ArbitrationMailbox AuditLogMailbox AuxAuditLogMailbox Computer Contact DisabledUser DiscoveryMailbox
  DynamicDistributionGroup EquipmentMailbox GroupMailbox GuestMailUser LegacyMailbox LinkedMailbox LinkedRoomMailbox
  LinkedUser MailContact MailForestContact MailNonUniversalGroup MailUniversalDistributionGroup
  MailUniversalSecurityGroup MailUser MonitoringMailbox NonUniversalGroup PublicFolder PublicFolderMailbox
  RemoteEquipmentMailbox RemoteGroupMailbox RemoteRoomMailbox RemoteSharedMailbox RemoteTeamMailbox RemoteUserMailbox
  RoleGroup RoomList RoomMailbox SchedulingMailbox SharedMailbox SharedWithMailUser SystemAttendantMailbox SystemMailbox
  TeamMailbox UniversalDistributionGroup UniversalSecurityGroup User UserMailbox`
    .toLowerCase()
    .split(/\s+/),
);
/** What a filter may know of RecipientTypeDetails. @param isRoom whether it is a RoomMailbox, desks included. */
export function detailedType(isRoom: Truth): PropertyValue {
  return isRoom === true ? roomType : isRoom === false ? typeOfAnother : undecidedType;
}

/** What a filter may know of RecipientType: it is the same of all who have a mailbox, and of nobody else does it matter. */
export const anyType: PropertyValue = ({ operator, value, matches }) => {
  if (operator === 'eq' && value === '') return false;
  const isFound = operator === 'eq' || operator === 'like' ? matches('usermailbox') : undefined;
  return isFound === true ? true : undefined;
};

const roomType: PropertyValue = ({ operator, value, matches }) => {
  if (operator === 'like') return matches('roommailbox');
  return operator === 'eq' && (value === '' || detailedTypes.has(value)) ? matches('roommailbox') : undefined;
};

/** Of somebody who is no RoomMailbox nothing else is known. */
const typeOfAnother: PropertyValue = ({ operator, value }) =>
  operator === 'eq' && (value === 'roommailbox' || value === '') ? false : undefined;

const undecidedType: PropertyValue = ({ operator, value }) =>
  operator === 'eq' && value === '' ? false : undefined;
