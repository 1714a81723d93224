import type { Command } from 'commander';
import { controls } from '../../lib/controls';
import type { Identity } from '../../lib/controls/permissions';
import type { Done } from '../command';
import { type ExitCode, exitCodes } from '../exit';
import { azureCliCommands, furtherSteps, powerShellCommands } from '../grant-commands';
import type { Io } from '../io';

const headings: Record<Identity, string> = {
  read: 'The identity that reads (AZURE_CLIENT_ID)',
  write:
    'The identity that writes (REMEDIATION_CLIENT_ID); leave it out if nothing is to be repaired from here',
};

/** `syncwarden permissions` */
export function addPermissions(program: Command, io: Io, done: Done): void {
  program
    .command('permissions')
    .description('Prints the commands that grant both identities the permissions that they need.')
    .action(() => {
      done(print(io));
    });
}

function print(io: Io): ExitCode {
  for (const identity of ['read', 'write'] as const) {
    io.out(`# ${headings[identity]}`);
    io.out(
      '\n## Microsoft Graph PowerShell (Connect-MgGraph -Scopes AppRoleAssignment.ReadWrite.All,Application.Read.All)',
    );
    for (const command of powerShellCommands(controls, identity)) io.out(command);
    io.out('\n## Azure CLI (az login)');
    for (const command of azureCliCommands(controls, identity)) io.out(command);
    const steps = furtherSteps(controls, identity);
    if (steps.length > 0) io.out(`\n## And by hand\n${steps.join('\n')}`);
    io.out('');
  }
  return exitCodes.compliant;
}
