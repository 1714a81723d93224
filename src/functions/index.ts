import { createServices, type Services } from '../lib/services';
import { readSettings } from '../lib/settings';
import { registerAudits } from './audits';
import { registerFindings } from './findings';
import { registerHealth } from './health';
import { registerPoison } from './poison';
import { registerRemediations } from './remediations';
import { registerTargets } from './targets';
import { registerWaivers } from './waivers';
import { registerWatch } from './watch';

// A bad setting stops the app here, with one line that names it.
const settings = readSettings(process.env);

let created: Services | undefined;
/** Made at the first invocation, so that the app loads fast. */
const services = () => (created ??= createServices(settings));

registerAudits(services, settings);
registerFindings(services);
registerHealth(services);
registerPoison(services);
registerRemediations(services);
registerTargets(services);
registerWaivers(services);
registerWatch(services);
