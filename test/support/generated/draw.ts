import fc, { type GeneratorValue } from 'fast-check';
import type { TenantState } from '../../../local/simulator/state';

/** What a generated tenant takes its choices from. */
export class Draw {
  constructor(private readonly generate: GeneratorValue) {}

  /** One of these. */
  one<T>(...values: readonly T[]): T {
    return values[this.generate(fc.nat, values.length - 1)] as T;
  }

  /** Some of these, in their order. */
  some<T>(values: readonly T[], minLength = 0): T[] {
    return this.generate(fc.subarray<T>, [...values], { minLength });
  }

  /** At the most so many of these, each once. */
  few<T>(values: readonly T[], most: number): T[] {
    if (values.length <= most) return [...values];
    return [...new Set(Array.from({ length: most }, () => this.one(...values)))];
  }

  /** True once in so many times. */
  rarely(times = 4): boolean {
    return this.generate(fc.nat, times - 1) === 0;
  }
}

/** One way in which a tenant differs from a healthy one. */
export type Twist = (state: TenantState, draw: Draw) => void;
