import * as z from 'zod';

/** A time as it is kept and shown: ISO 8601 in UTC. What it says is for the description of the API. */
export function time(description: string) {
  return z.string().meta({ format: 'date-time', description });
}
