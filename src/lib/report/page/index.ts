export type { Frame } from './frame';
export type { Rendered } from './layout';
export { type GridQuery } from './grid-query';
export { historyPage } from './history-page';
export { overviewPage } from './overview-page';
export { problemPage } from './problem-page';
export { type RowsQuery } from './rooms';
export { targetFormPage } from './target-form';
export { targetPage } from './target-page';
