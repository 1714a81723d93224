import type { PropertyValue, Recipient as FilterRecipient } from '../../opath/evaluate';
import type { Recipient } from '../recipient';
import { anyType, detailedType } from '../recipient-type';
import type { Place, PlaceIndex, PlaceKind } from './places';
import type { GraphRecipient } from './recipient';

/** A room or a desk among the places without a user that goes by its address: nothing more is known of it. */
export class PlaceRecipient implements Recipient, FilterRecipient {
  readonly id = undefined;
  readonly address: string;
  readonly displayName: string;
  readonly keys: readonly string[];
  readonly hasMailbox = true;
  readonly desk: 'yes' | undefined;

  constructor({ address, displayName }: Place, kind: PlaceKind) {
    this.address = address;
    this.displayName = displayName;
    this.keys = [address];
    this.desk = kind === 'desk' ? 'yes' : undefined;
  }

  property(name: string): PropertyValue | undefined {
    if (name === 'recipienttype') return anyType;
    return name === 'recipienttypedetails' ? detailedType(true) : undefined;
  }
}

/**
 * Marks the rooms and desks among recipients by their addresses: nothing about a user itself says that it is one.
 * Gives the addresses that belong to somebody.
 */
export function markPlaces(recipients: readonly GraphRecipient[], places: PlaceIndex): Set<string> {
  const found = new Set<string>();
  for (const recipient of recipients) {
    const address = recipient.addressAmong(places);
    recipient.place = places.kindOf(address);
    if (address !== undefined) found.add(address);
  }
  return found;
}
