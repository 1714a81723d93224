/**
 * For promises that begin now and are awaited later. Should one fail before anybody awaits it, Node would end the whole process,
 * and with it the audits of everybody else. Whoever awaits it gets its failure all the same.
 */
export function started<P extends Promise<unknown> | readonly Promise<unknown>[]>(promises: P): P {
  const all: readonly Promise<unknown>[] = promises instanceof Promise ? [promises] : promises;
  for (const promise of all) promise.catch(() => undefined);
  return promises;
}
