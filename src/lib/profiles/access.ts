/** How a product reaches its rooms. */
export const accessKinds = ['role', 'fullAccess', 'delegate', 'none'] as const;
export type AccessKind = (typeof accessKinds)[number];

/** The kinds in which every room is opened to an account, one by one. */
export const openings = ['fullAccess', 'delegate'] as const;
export type Opening = (typeof openings)[number];

/** Whether rooms are opened to an account, one by one. */
export function isOpenedToAccount(kind: AccessKind): kind is Opening {
  return openings.some((each) => each === kind);
}

/** What a vendor's pages may leave open; each is the business of one control. */
export const unknowns = ['permissions', 'access', 'licence', 'rooms', 'protocol'] as const;
export type Unknown = (typeof unknowns)[number];
