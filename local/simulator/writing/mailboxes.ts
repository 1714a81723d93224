import { randomUUID } from 'node:crypto';
import type { Recipient } from '../exchange/state';
import { addTo } from '../lists';
import type { GraphObject } from '../state';
import type { Change } from '../tenancy';

const organisation = 'OU=Microsoft Exchange Hosted Organizations,DC=EURPR00A001,DC=PROD,DC=OUTLOOK,DC=COM';

/** Makes a mailbox for a user who has none. Exchange takes hours for it. */
export function addMailbox(user: GraphObject): Change {
  const mailbox = mailboxOf(user);
  return ({ exchange: { recipients } }) => {
    const isOwn = ({ ExternalDirectoryObjectId }: Recipient) => ExternalDirectoryObjectId === user.id;
    if (!recipients.some(isOwn)) addTo(recipients, mailbox);
  };
}

function mailboxOf({ id, displayName, mail, userPrincipalName }: GraphObject): Recipient {
  const name = String(displayName);
  const address = String(mail ?? userPrincipalName);
  return {
    Identity: name,
    Guid: randomUUID(),
    DistinguishedName: `CN=${name},OU=${address.split('@').at(-1) ?? ''},${organisation}`,
    ExternalDirectoryObjectId: id,
    PrimarySmtpAddress: address,
    EmailAddresses: [`SMTP:${address}`],
    DisplayName: name,
    RecipientType: 'UserMailbox',
    RecipientTypeDetails: 'UserMailbox',
  };
}
