import { type Command, Option } from 'commander';
import * as z from 'zod';
import { controls } from '../../lib/controls';
import { distinct, neededToRead } from '../../lib/controls/permissions';
import type { Target } from '../../lib/model/target';
import { holderOf, type TokenHolder } from '../access/claims';
import { accessOf, accessTable, type ControlAccess } from '../access/control-access';
import { type PermissionCheck, PermissionChecker } from '../access/permission-check';
import type { Done } from '../command';
import { type Check, checkClock, checkCloud, noClock } from '../doctor/checks';
import { checkStorage, checkTelemetry } from '../doctor/services';
import { checksTable, permissionsTable } from '../doctor/tables';
import { CliError, type ExitCode, exitCodeOf, usageError } from '../exit';
import { type Io, withProgress } from '../io';
import { azLoginOption, jsonOption } from '../options';
import { toJson } from '../show/printable';
import { tableLook } from '../show/table';
import { homeCredential, type SignIn, signInFrom, tokenFor } from '../sign-in';
import { targetFrom } from '../target-source';

interface DoctorOptions {
  tenantId?: string;
  exchangeReader?: Target['exchangeReader'];
  azLogin?: boolean;
  json?: boolean;
}

/** What was looked at, and what it came to. */
interface Examination {
  checks: Check[];
  permissions: PermissionCheck[];
  controls: ControlAccess[];
}

/** `syncwarden doctor` */
export function addDoctor(program: Command, io: Io, done: Done): void {
  program
    .command('doctor')
    .summary('say what the present sign-in may read, and whether all around it is in order')
    .description(
      'Says which permissions the present sign-in has and lacks for each control, from its token and by one small request each; whether storage and telemetry answer, where they are set; and whether clock and cloud are right. Changes nothing.',
    )
    .argument('[file]', 'target as JSON: its tenant and its exchangeReader count')
    .option('--tenant-id <id>', 'the tenant; AZURE_TENANT_ID, or that of the file, unless told')
    .addOption(
      new Option(
        '--exchange-reader <reader>',
        'who is to be asked about Exchange; graph unless told',
      ).choices(['graph', 'admin-api']),
    )
    .addOption(azLoginOption())
    .addOption(jsonOption())
    .action(async (file: string | undefined, options: DoctorOptions) => {
      done(await doctor(io, file, options));
    });
}

async function doctor(io: Io, file: string | undefined, options: DoctorOptions): Promise<ExitCode> {
  const subject = subjectFrom(io, file, options);
  const signIn = signInFrom(io.env, options.azLogin === true);
  const {
    checks,
    permissions,
    controls: accesses,
  } = await withProgress(io, async (tell) => {
    tell(`Examining the sign-in to tenant ${subject.tenantId}, and what is around it`);
    return examine(io, signIn, subject);
  });
  const look = tableLook(io);
  if (options.json === true) {
    io.out(toJson({ checks, permissions, controls: accesses }));
  } else {
    io.out(checksTable(checks, look));
    io.out(permissionsTable(permissions, look));
    io.out(accessTable(accesses, look));
  }
  return exitCodeOf([...checks, ...accesses].map(({ verdict }) => verdict));
}

type Subject = Pick<Target, 'tenantId' | 'exchangeReader'>;

function subjectFrom(io: Io, file: string | undefined, { tenantId, exchangeReader }: DoctorOptions): Subject {
  const flags = {
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(exchangeReader === undefined ? {} : { exchangeReader }),
  };
  if (file !== undefined) return targetFrom(file, flags);
  const tenant = z.guid().safeParse(tenantId ?? io.env.AZURE_TENANT_ID);
  if (!tenant.success) {
    throw usageError(
      '--tenant-id, AZURE_TENANT_ID or a target file must say which tenant it is about: a GUID.',
    );
  }
  return { tenantId: tenant.data.toLowerCase(), exchangeReader: exchangeReader ?? 'graph' };
}

async function examine(io: Io, signIn: SignIn, { tenantId, exchangeReader }: Subject): Promise<Examination> {
  const { check: signInCheck, token } = await checkSignIn(signIn, tenantId);
  let clock = noClock;
  const checker = new PermissionChecker(signIn, tenantId, token, (attempt) => {
    // At the moment of the first answer: the rest may take its time.
    if (clock === noClock) clock = checkClock(attempt, io.now());
  });
  const needs = controls.map((control) => ({ control, needed: neededToRead(control, exchangeReader) }));
  const [permissions, storage, telemetry] = await Promise.all([
    Promise.all(distinct(needs.map(({ needed }) => needed)).map((permission) => checker.check(permission))),
    checkStorage(signIn.settings, homeCredential(signIn)),
    checkTelemetry(signIn.settings),
  ]);
  const standings = new Map(permissions.map((check) => [check.permission, check]));
  return {
    checks: [signInCheck, checkCloud(signIn.settings), clock, ...storage, telemetry],
    permissions,
    controls: needs.map(({ control, needed }) =>
      accessOf(control, needed, (permission) => standings.get(permission) ?? { state: 'unknown' }),
    ),
  };
}

/** A sign-in that does not work must not keep the rest from being looked at. */
async function checkSignIn(
  signIn: SignIn,
  tenantId: string,
): Promise<{ check: Check; token: string | undefined }> {
  const name = 'sign-in';
  try {
    const token = await tokenFor(signIn, tenantId, signIn.settings.graphEndpoint);
    return { check: { name, verdict: 'compliant', detail: whoIs(signIn, holderOf(token)) }, token };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { check: { name, verdict: 'unknown', detail: error.message }, token: undefined };
  }
}

function whoIs({ kind }: SignIn, holder: TokenHolder | undefined): string {
  const through = {
    application: 'as an application',
    managedIdentity: 'as a managed identity',
    azLogin: 'through Azure CLI',
  };
  const who = holder?.person ?? holder?.applicationId ?? 'somebody whose token cannot be read';
  return `${through[kind]}: ${who}, in tenant ${holder?.tenantId ?? 'that is not told'}`;
}
