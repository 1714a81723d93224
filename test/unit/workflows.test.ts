import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { parse } from 'yaml';
import { root } from '../support/simulated-tenant';

const folder = path.join(root, '.github/workflows');
const Workflow = z.object({
  permissions: z.record(z.string(), z.enum(['read', 'write'])),
  jobs: z.record(
    z.string(),
    z.object({
      'timeout-minutes': z.number(),
      steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() })),
    }),
  ),
});
const { scripts, engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  engines: { node: string };
};

describe.each(readdirSync(folder))('the workflow %s', (file) => {
  const text = readFileSync(path.join(folder, file), 'utf8');
  const { permissions, jobs } = Workflow.parse(parse(text));
  const lines = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = '' }) => run.split('\n')));

  it('runs only what is there', () => {
    for (const line of lines) {
      const script = /^npm (?:run )?(?:--silent )?(start|test|\w+)/.exec(line)?.[1] ?? '';
      const own = !['', 'ci', 'pkg', 'run'].includes(script);
      expect({ line, known: !own || script in scripts }).toEqual({ line, known: true });
      if (line.startsWith('.ci/')) expect(existsSync(path.join(root, line))).toBe(true);
    }
  });

  it('may do no more than it needs, keeps no secret, and ends', () => {
    expect(permissions.contents).toBe('read');
    expect(text).not.toContain('secrets.');
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
  });

  it('uses a Node.js that the project runs on', () => {
    const oldest = Number(/\d+/.exec(engines.node)?.[0]);
    const versions = [...text.matchAll(/node(?:-version)?: \[?([\d, ]+)/g)].flatMap(([, list = '']) =>
      list.split(','),
    );
    expect(versions.length).toBeGreaterThan(0);
    for (const version of versions) expect(Number(version)).toBeGreaterThanOrEqual(oldest);
  });
});
