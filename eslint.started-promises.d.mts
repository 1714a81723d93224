import type { Rule } from 'eslint';

export const startedPromises: Rule.RuleModule;
