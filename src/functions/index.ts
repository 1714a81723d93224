import { outliveLostPromises } from '../lib/last-resort';
import { lineLog } from '../lib/log';
import { createServices, type Services } from '../lib/services';
import { readSettings } from '../lib/settings';
import { registerAlerts } from './alerts';
import { registerAudits } from './audits';
import { registerExports } from './exports';
import { registerFindings } from './findings';
import { registerHealth } from './health';
import { registerOpenApi } from './openapi';
import { registerPoison } from './poison';
import { registerRemediations } from './remediations';
import { registerReport } from './report';
import { registerTargets } from './targets';
import { registerWaivers } from './waivers';
import { registerWatch } from './watch';

// Outside of invocations: the host takes what a worker writes into its log.
const write = (line: string) => process.stderr.write(`${line}\n`);
outliveLostPromises(process, lineLog({ info: write, warn: write, error: write }));

// A bad setting stops the app here, with one line that names it.
const settings = readSettings(process.env);

let created: Services | undefined;
/** Made at the first invocation, so that the app loads fast. */
const services = () => (created ??= createServices(settings));

registerAlerts(services);
registerAudits(services, settings);
registerExports(services);
registerFindings(services);
registerHealth(services);
registerOpenApi(services);
registerPoison(services);
registerRemediations(services);
registerReport(services);
registerTargets(services);
registerWaivers(services);
registerWatch(services);
