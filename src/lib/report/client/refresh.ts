import { find } from './dom';

/**
 * Gets the page anew and shows its content in place of what is there; what was open or being filled in stays as it was.
 * False when that did not come to anything: the page then stays as it is.
 */
export async function refresh(): Promise<boolean> {
  const response = await fetch(location.href, { redirect: 'manual', cache: 'no-store' }).catch(
    () => undefined,
  );
  if (response?.ok !== true) return false;
  // Scripts in a document that is parsed like this do not run.
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const [now, next] = [find('main'), find('main', fresh)];
  const [header, nextHeader] = [find('body > header'), find('body > header', fresh)];
  if (now === undefined || next === undefined) return false;
  document.title = fresh.title;
  if (nextHeader !== undefined) header?.replaceChildren(...nextHeader.childNodes);
  now.replaceChildren(...next.childNodes);
  return true;
}
