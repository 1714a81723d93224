import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

/** `hh:mm:ss`, as .NET writes a span of time; in milliseconds. */
const Span = z
  .string()
  .regex(/^\d{1,2}:\d{2}:\d{2}$/)
  .transform((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number);
    return ((hours * 60 + minutes) * 60 + seconds) * 1000;
  });

/** What of host.json this host heeds, with Azure's defaults. https://learn.microsoft.com/azure/azure-functions/functions-host-json */
const HostJson = z.object({
  version: z.literal('2.0'),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: z
        .object({
          maxPollingInterval: Span.default(60_000),
          visibilityTimeout: Span.default(0),
          batchSize: z.number().int().min(1).max(32).default(16),
          newBatchThreshold: z.number().int().min(0).optional(),
          maxDequeueCount: z.number().int().min(1).default(5),
          messageEncoding: z.enum(['base64', 'none']).default('base64'),
        })
        .prefault({}),
    })
    .prefault({}),
});
export type HostConfig = z.infer<typeof HostJson>['extensions'];
export type QueueConfig = HostConfig['queues'];

const PackageJson = z.object({ main: z.string() });

/** Reads the app's host.json. @throws when it is not one. */
export function readHostJson(root: string): HostConfig {
  return HostJson.parse(JSON.parse(readFileSync(path.join(root, 'host.json'), 'utf8'))).extensions;
}

/** The file that package.json names as the app. */
export function mainFile(root: string): string {
  const { main } = PackageJson.parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));
  return path.join(root, main);
}
