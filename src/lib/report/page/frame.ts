import { type AppRole, includesRole } from '../../http/roles';

/** Who looks at a page, and from where. */
export interface Frame {
  /** Who is signed in; null for a file, which has no server: nothing can be asked, filtered there, or done. */
  viewer: { name: string; roles: readonly string[] } | null;
  /** Where this project's pages are, with a slash at its end; absent where that is not known. */
  docsUrl?: string;
  /** In a file: where the page of a target is; undefined where there is none. */
  targetHref?: (targetId: string) => string | undefined;
}

/** Whether there is somebody who may do this. */
export function may({ viewer }: Frame, role: AppRole): boolean {
  return viewer !== null && includesRole(viewer.roles, role);
}

/** Where the page of a target is, and where on it; undefined where there is none. */
export function targetHref(frame: Frame, targetId: string, place = ''): string | undefined {
  const fragment = place === '' ? '' : `#${place}`;
  if (frame.viewer !== null) return `?targetId=${encodeURIComponent(targetId)}${fragment}`;
  const page = frame.targetHref?.(targetId);
  return page === undefined ? undefined : `${page}${fragment}`;
}

/** An address of this page with other parameters; those that are undefined, empty or 1 are left out. */
export function queryHref(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '' && value !== 1) given.set(key, String(value));
  }
  return `?${given.toString()}`;
}
