import { Command } from 'commander';
import { version } from '../../package.json';
import type { Done } from './command';
import { addAlerts } from './commands/alerts';
import { addApply } from './commands/apply';
import { addAudit } from './commands/audit';
import { addDoctor } from './commands/doctor';
import { addFindings } from './commands/findings';
import { addOnboard } from './commands/onboard';
import { addPermissions } from './commands/permissions';
import { addPlan } from './commands/plan';
import { addPoison } from './commands/poison';
import { addHistory } from './commands/history';
import { addReport } from './commands/report';
import { addProfiles } from './commands/profiles';
import { addTables } from './commands/tables';
import { addTargets } from './commands/targets';
import { addUndo } from './commands/undo';
import { addWaivers } from './commands/waivers';
import type { Io } from './io';

const exitCodesHelp = `
Exit codes:
  0  compliant: everything that was asked for is in order
  1  violations, or something that was asked for was refused and not done
  2  unknown: something could not be read or found out, or nothing applied
  3  usage: it was asked for in a way that cannot be carried out

Environment:
  AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH
      the application that reads; without them the person of \`az login\`
  AZURE_AUTHORITY_HOST, GRAPH_ENDPOINT, EXCHANGE_ENDPOINT
      other clouds than the global one
  SYNCWARDEN_APP, SYNCWARDEN_SCOPE
      what --app and --app-scope say otherwise
  NO_COLOR, FORCE_COLOR
      no colours, or colours in a pipe too`;

/** Every command. @param done takes what the command ended with. */
export function buildProgram(io: Io, done: Done): Command {
  const program = new Command('syncwarden')
    .description(
      'Checks that a room-booking product can reach Exchange room calendars, and repairs what you agree to.',
    )
    .version(version)
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    })
    // Errors are thrown, so that there is one place that decides what the process ends with.
    .exitOverride()
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', exitCodesHelp);
  for (const add of [
    addAudit,
    addPlan,
    addApply,
    addUndo,
    addTargets,
    addWaivers,
    addFindings,
    addHistory,
    addReport,
    addPoison,
    addAlerts,
    addTables,
    addDoctor,
    addOnboard,
    addProfiles,
    addPermissions,
  ]) {
    add(program, io, done);
  }
  return program;
}
