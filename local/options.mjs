import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

// Plain JavaScript: what is asked for is looked at before anything is built.

/** How it is used. */
export const usage = `npm start -- [--once] [--target my-target.json] [--port 7071]
  --once      ends after the audit, with code 0
  --target    audits this target in a real tenant, with the credentials of the environment
  --port      where to serve; the next free one is taken when it is busy`;

/** Undefined where somebody only wants to know how it is used. @throws with a sentence, and how it is used. */
export function readOptions(args = process.argv.slice(2)) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        once: { type: 'boolean', default: false },
        target: { type: 'string' },
        port: { type: 'string', default: '7071' },
        func: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return undefined;
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      throw new Error(`--port must be a number from 1 to 65535, not ${values.port}.`);
    if (values.func && values.target !== undefined)
      throw new Error('--target and --func do not go together: Core Tools run the demo tenants.');
    return { ...values, port, target: values.target === undefined ? undefined : readTarget(values.target) };
  } catch (error) {
    throw new Error(`${error.message}\n${usage}`, { cause: error });
  }
}

function readTarget(file) {
  let target;
  try {
    // Editors on Windows put a byte order mark in front.
    target = JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    const why = error.code === 'ENOENT' ? 'there is no such file.' : error.message;
    throw new Error(`${file} cannot be read: ${why}`, { cause: error });
  }
  if (typeof target?.targetId === 'string') return target;
  throw new Error(`${file} cannot be used as a target: it has no targetId.`);
}
