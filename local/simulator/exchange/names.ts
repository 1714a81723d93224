import { Lookup } from '../lookup';

/** The properties by which Exchange finds an object that a cmdlet names with `Identity`. */
const identifying = [
  ...['Identity', 'Guid', 'DistinguishedName', 'ExternalDirectoryObjectId', 'PrimarySmtpAddress'],
  ...['DisplayName', 'Name', 'AppId', 'ObjectId'],
];

const lookup = new Lookup<Record<string, unknown>>((object) => {
  const addresses: unknown[] = Array.isArray(object.EmailAddresses) ? object.EmailAddresses : [];
  return [
    ...identifying.map((property) => lower(object[property])),
    ...addresses.map((address) => lower(address).replace(/^smtp:/, '')),
  ].filter((name) => name !== '');
});

/** The object that goes by this name, in whatever case; any of its addresses will do. */
export function findNamed<T extends Record<string, unknown>>(
  objects: readonly T[],
  name: string,
): T | undefined {
  return lookup.find(objects, name) as T | undefined;
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
