import type { ExitCode } from './exit';

/** Takes what a command ended with. */
export type Done = (code: ExitCode) => void;
