import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { controls } from '../lib/controls';
import { azureCliCommands, furtherSteps, powerShellCommands } from './grant-commands';
import { type Identity, permissionsPage } from './permissions-page';

const usage = `npm run permissions -- [--page]
  --page  writes docs/permissions.md instead of printing the commands`;

const headings: Record<Identity, string> = {
  read: 'The identity that reads (AZURE_CLIENT_ID)',
  write:
    'The identity that writes (REMEDIATION_CLIENT_ID); leave it out if nothing is to be repaired from here',
};

function main(): void {
  const { values } = parseArgs({ options: { page: { type: 'boolean', default: false } } });
  if (values.page) {
    writeFileSync('docs/permissions.md', permissionsPage(controls));
    return;
  }
  for (const identity of ['read', 'write'] as const) {
    say(`# ${headings[identity]}`);
    say(
      '\n## Microsoft Graph PowerShell (Connect-MgGraph -Scopes AppRoleAssignment.ReadWrite.All,Application.Read.All)',
    );
    powerShellCommands(controls, identity).forEach(say);
    say('\n## Azure CLI (az login)');
    azureCliCommands(controls, identity).forEach(say);
    const steps = furtherSteps(controls, identity);
    if (steps.length > 0) say(`\n## And by hand\n${steps.join('\n')}`);
    say('');
  }
}

function say(text: string): void {
  console.log(text);
}

try {
  main();
} catch (error) {
  console.error(`${(error as Error).message}\n${usage}`);
  process.exitCode = 1;
}
