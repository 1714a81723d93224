export * from './evaluate';
export * from './filter';
export * from './parse';
export type { Truth } from './ternary';
