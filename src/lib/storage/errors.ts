/** Whether a storage error has this HTTP status: 404 absent, 409 exists, 412 someone else wrote first. */
export function hasStatus(error: unknown, status: number): boolean {
  return typeof error === 'object' && error !== null && 'statusCode' in error && error.statusCode === status;
}

/** Whether someone else was faster: made, wrote or removed the row. */
export function isOvertaken(error: unknown): boolean {
  return hasStatus(error, 409) || hasStatus(error, 412) || hasStatus(error, 404);
}

/** Gives undefined instead of an error when the entity is not there. */
export async function orAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}
