import { buildSite } from './site';

const folder = 'dist/site';
const { pages } = buildSite(process.cwd(), folder);
process.stdout.write(`${pages.length} pages in ${folder}: open ${folder}/index.html.\n`);
