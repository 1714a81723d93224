export type { Frame } from './frame';
export type { Rendered } from './layout';
export { type GridQuery } from './grid-query';
export { overviewPage } from './overview-page';
export { problemPage } from './problem-page';
export { type RowsQuery } from './rooms';
export { targetPage } from './target-page';
