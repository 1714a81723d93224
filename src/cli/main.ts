import { exitCodes } from './exit';
import { complaintAboutNode } from './node-version';

// Whatever goes wrong on the way, or is never finished, must not look like an answer: Node would end with 1 or 0.
process.exitCode = exitCodes.unknown;
const giveUp = (error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(exitCodes.unknown);
};
process.on('uncaughtException', giveUp);

async function main(): Promise<void> {
  // Only now: an older Node may fail at what is loaded here, before it could be told.
  const [{ run }, { processIo }] = await Promise.all([import('./run'), import('./process-io')]);
  process.exitCode = await run(process.argv.slice(2), processIo());
}

const complaint = complaintAboutNode(process.versions.node);
if (complaint === undefined) {
  main().catch(giveUp);
} else {
  console.error(complaint);
  process.exitCode = exitCodes.usage;
}
