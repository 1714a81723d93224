import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { InputError } from '../lib/errors';
import { parseInput } from '../lib/input';
import { type StoredTarget, Target } from '../lib/model/target';
import { profileIds } from '../lib/profiles';
import { usageError } from './exit';

/** What of a target can be said without a file, by the name of its option. */
export interface TargetFlags {
  target?: string;
  tenantId?: string;
  profile?: string;
  serviceAccount?: string;
  clientAppId?: string;
  exchangeReader?: string;
}

/** Adds the options that describe a target, or change what a file says of it. */
export function addTargetOptions(command: Command): Command {
  return command
    .argument(
      '[file]',
      'target as JSON, as the API takes it; the options below say it without a file, or over it',
    )
    .option('--target <id>', 'id of the target: any name, where it is not one of a deployed app')
    .option('--tenant-id <id>', 'id of the tenant')
    .addOption(new Option('--profile <id>', 'what the vendor requires').choices(profileIds))
    .option(
      '--service-account <address>',
      'the account that the vendor signs in with: its user principal name, an SMTP address, or its object id',
    )
    .option('--client-app-id <id>', "application id of the vendor's application")
    .addOption(
      new Option('--exchange-reader <reader>', 'who is asked about Exchange').choices(['graph', 'admin-api']),
    );
}

/** The name of a target that was given none. */
const namelessId = 'my-target';

/** Puts a target together. @throws {CliError} that names every property that is wrong, and what would be right. */
export function targetFrom(file: string | undefined, flags: TargetFlags): Target {
  const said = saidBy(flags);
  const description = { targetId: namelessId, ...(file === undefined ? {} : objectIn(file)), ...said };
  return parsedTarget(description, file ?? 'What the options say');
}

/** Whether the options describe a target of their own. */
export function describesTarget(flags: TargetFlags): boolean {
  return Object.keys(saidBy(flags)).some((name) => name !== 'targetId');
}

function saidBy({ target, tenantId, profile, serviceAccount, clientAppId, exchangeReader }: TargetFlags) {
  const said = { targetId: target, tenantId, profile, serviceAccount, clientAppId, exchangeReader };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

/** @throws {CliError} that names every property that is wrong, and what would be right. */
export function parsedTarget(description: unknown, source: string): Target {
  try {
    return parseInput(Target, description);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const lines = error.errors.map(({ path, message }) => `  ${path || 'the target'} ${message}`);
    throw usageError(`${source} cannot be used as a target:\n${lines.join('\n')}`);
  }
}

/** The text in a file. Editors on Windows put a byte order mark in front. @throws {CliError} when there is none. */
export function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  } catch (error) {
    throw usageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** The object in a file. @throws {CliError} when there is none. */
export function objectIn(file: string): Record<string, unknown> {
  const text = textIn(file);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch (error) {
    throw usageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  throw usageError(`${file} cannot be used as a target: it is not a JSON object.`);
}

/** A target as the library wants it. It is kept nowhere, so it is as old as this command. */
export function asStored(target: Target, now: Date): StoredTarget {
  return { ...target, createdAt: now.toISOString(), updatedAt: now.toISOString() };
}
