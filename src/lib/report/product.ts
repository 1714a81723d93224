import { profile, type ProfileId } from '../profiles';
import { needsOf, titleOf } from '../profiles/needs';

/** The product that a target is about, as far as the page tells of it. */
export interface ProductReport {
  /** With its way, where the vendor leaves the choice. */
  title: string;
  /** The vendor's page. */
  source: string;
  reachesRoomsBy: string;
  /** Why something that it needs is not known, as sentences. */
  notKnown: readonly string[];
}

/** What a profile says of its product. */
export function productReport(id: ProfileId): ProductReport {
  const product = profile(id);
  return {
    title: titleOf(product),
    source: product.source,
    reachesRoomsBy: needsOf(product).reachesRoomsBy,
    notKnown: product.notKnown.map(({ why }) => why),
  };
}
