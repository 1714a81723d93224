import type { ControlId } from '../model/verdict';
import { linkTo } from '../watch/conditions';
import type { Item } from './model';

/**
 * Where the page shows something, as the property of what is about it.
 * @param address of the app; undefined where it does not know its own: then there is no link.
 * @param targetId empty for all targets.
 */
export function linked(address: string | undefined, targetId = '', control?: ControlId): Pick<Item, 'link'> {
  return address === undefined ? {} : { link: linkTo(address, targetId, control) };
}
