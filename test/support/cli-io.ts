import { run } from '../../src/cli/run';
import type { ExitCode } from '../../src/cli/exit';
import type { Io } from '../../src/cli/io';
import { plainLines } from '../../src/cli/show/progress';

/** What a command line came to. */
export interface CliRun {
  code: ExitCode;
  out: string;
  err: string;
  /** What was asked. */
  questions: string[];
}

/** What the process around a command line is like. */
export interface CliSurroundings {
  env?: Readonly<Record<string, string>>;
  /** What every question is answered with; without it nobody can be asked. */
  answer?: boolean;
  /** What is chosen, question by question; with it somebody can be asked. */
  choices?: readonly string[];
  columns?: number;
}

/** Runs a command line in this process, as in a pipe. One at a time: Azure's library reads the environment of the process. */
export async function runCli(args: readonly string[], surroundings: CliSurroundings = {}): Promise<CliRun> {
  const { env = {}, answer, choices, columns = 140 } = surroundings;
  const chosen = [...(choices ?? [])];
  const ran = { out: '', err: '', questions: [] as string[] };
  const err = (text: string) => void (ran.err += `${text}\n`);
  const io: Io = {
    out: (text) => void (ran.out += `${text}\n`),
    err,
    env,
    columns,
    hasColors: false,
    isInteractive: answer !== undefined || choices !== undefined,
    confirm(question) {
      ran.questions.push(question);
      return Promise.resolve(answer ?? false);
    },
    choose(question, offered) {
      ran.questions.push(question);
      const place = offered.indexOf(chosen.shift() ?? '');
      return Promise.resolve(place < 0 ? undefined : place);
    },
    progress: () => plainLines(err),
    now: () => new Date(),
  };
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return { code: await run(args, io), ...ran };
  } finally {
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
}
