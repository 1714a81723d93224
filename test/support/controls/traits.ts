import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TenantState } from '../../../local/simulator/state';
import { type ControlId, controlIds } from '../../../src/lib/model/verdict';
import type { Draw, Twist } from '../generated/draw';
import type { StoredTarget, Target } from '../../../src/lib/model/target';

/**
 * What the tests that hold for every control have to know of one. Stands in a file of the control's name beside this one, as
 * `traits`.
 */
export interface ControlTraits {
  /** A list that it reads in a tenant in which {@link makeListMatter} was done. */
  list: RegExp;
  /** Makes it depend on its list, where it otherwise does not. */
  makeListMatter?: (state: TenantState) => void;
  /** Levels and codes of what it says of the healthy tenant: notices change no verdict. */
  healthy?: readonly string[];
  /** What it still says of that when the list cannot be read. */
  withoutList?: readonly string[];
  /** What it says of a tenant in which there is nothing. */
  empty: readonly string[];
  /** Requests at the most in a healthy tenant, by the reader of the target. */
  mostRequests: Readonly<Record<Target['exchangeReader'], number>>;
  /** The ways in which generated tenants differ that matter to it; those that come twice come more often. */
  twists: readonly Twist[];
  /** Options of the targets of generated tenants, beside those that all controls share. */
  options?: (draw: Draw) => Partial<StoredTarget>;
}

/** @throws when nobody has said anything of the control. */
export function traitsOf(id: ControlId): ControlTraits {
  if (!hasTraits(id))
    throw new Error(`test/support/controls/${id}.ts is missing: what has to be known of ${id} to test it.`);
  return jest.requireActual<{ traits: ControlTraits }>(`./${id}`).traits;
}

/** Those of every control of which something is known, in the order of the registry. */
export const everyTwist: readonly Twist[] = controlIds.filter(hasTraits).flatMap((id) => traitsOf(id).twists);

function hasTraits(id: ControlId): boolean {
  return existsSync(path.join(__dirname, `${id}.ts`));
}
